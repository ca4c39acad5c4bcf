#define _GNU_SOURCE
#include "thread_kernels.h"

#include <pthread.h>
#include <signal.h>

void pb_block_signals(void) {
  sigset_t signals;
  sigfillset(&signals);
  const int faults[] = {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV};
  for (unsigned long k = 0; k < sizeof faults / sizeof *faults; k++) sigdelset(&signals, faults[k]);
  pthread_sigmask(SIG_BLOCK, &signals, NULL);
}
