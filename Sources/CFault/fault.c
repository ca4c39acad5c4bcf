#define _GNU_SOURCE
#include "fault.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

// A text that a handler may read at any moment: the new one is written beside the old one before it takes its place.
typedef struct {
  char texts[2][1024];
  atomic_int current;
} note;

// The exit status of a program that got no memory, EX_OSERR of sysexits.h.
static const int no_memory = 71;

static note version, doing, inputs, meant;
static atomic_int meant_status;
static struct termios usual;
static bool has_terminal, marks_pastes;
static atomic_flag is_told = ATOMIC_FLAG_INIT;
static char stack[1 << 16];

static void set(note *note, const char *text) {
  int next = 1 - atomic_load(&note->current);
  snprintf(note->texts[next], sizeof note->texts[next], "%s", text);
  atomic_store(&note->current, next);
}

// Everything from here to `tell` is called in a handler: only what POSIX lists as safe there.
static void put(const char *text) {
  size_t left = strlen(text);
  while (left > 0) {
    ssize_t count = write(STDERR_FILENO, text, left);
    if (count <= 0) return;
    text += count;
    left -= (size_t)count;
  }
}

static void put_note(note *note) { put(note->texts[atomic_load(&note->current)]); }

static const char *meaning(int signal) {
  switch (signal) {
  case SIGILL:
  case SIGTRAP: return "a condition that must hold did not";
  case SIGABRT: return "a library gave up";
  case SIGFPE: return "impossible arithmetic";
  default: return "an access to memory that is not there";
  }
}

static const char *name(int signal) {
  switch (signal) {
  case SIGILL: return "SIGILL";
  case SIGTRAP: return "SIGTRAP";
  case SIGABRT: return "SIGABRT";
  case SIGBUS: return "SIGBUS";
  case SIGFPE: return "SIGFPE";
  default: return "SIGSEGV";
  }
}

// The editor of lines turns off echo and line ends, and asks the terminal to mark what is pasted.
static void give_terminal_back(void) {
  struct termios now;
  if (!has_terminal || tcgetattr(STDIN_FILENO, &now) != 0) return;
  if (now.c_lflag == usual.c_lflag && now.c_iflag == usual.c_iflag) return;
  tcsetattr(STDIN_FILENO, TCSANOW, &usual);
  if (marks_pastes) (void)!write(STDIN_FILENO, "\033[?2004l", 8);
}

// The runtime ends a program whose memory could not be taken in the same way as one that failed; what the system answered is left.
static void tell_no_memory(void) {
  put("error: the system gave the program no more memory");
  put_note(&doing);
  put(".\nhelp: allow more, in a shell with `ulimit -v`, or let scripts hold less, with --max-memory.\n");
  put_note(&inputs);
  _exit(no_memory);
}

static void tell(int signal) {
  bool lacks_memory = errno == ENOMEM;
  // Another thread that fails meanwhile waits for the end.
  if (atomic_flag_test_and_set(&is_told)) for (;;) pause();
  give_terminal_back();
  if (meant.texts[atomic_load(&meant.current)][0] != '\0') {
    put_note(&meant);
    _exit(atomic_load(&meant_status));
  }
  if (isatty(STDERR_FILENO)) put("\r\n");
  if (lacks_memory) tell_no_memory();
  put("fault: the program itself has failed and had to stop");
  put_note(&doing);
  put(": ");
  put(meaning(signal));
  put(" (");
  put(name(signal));
  put(").\nThis is a mistake of pixelbytes ");
  put_note(&version);
  put(", not of the script; please report it with what was running.\n");
  put_note(&inputs);
  _exit(128 + signal);
}

void fault_watch(const char *text) {
  set(&version, text);
  has_terminal = tcgetattr(STDIN_FILENO, &usual) == 0;
  const char *kind = getenv("TERM");
  marks_pastes = kind != NULL && *kind != '\0' && strcmp(kind, "dumb") != 0;
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternate, NULL);
  struct sigaction action = {.sa_handler = tell, .sa_flags = SA_ONSTACK};
  // Giving the terminal back from the background would stop the program otherwise.
  sigfillset(&action.sa_mask);
  sigset_t faults;
  sigemptyset(&faults);
  const int signals[] = {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
    sigaction(signals[i], &action, NULL);
    sigaddset(&faults, signals[i]);
  }
  // They may be blocked in whoever started the program, which it inherits.
  pthread_sigmask(SIG_UNBLOCK, &faults, NULL);
}

void fault_doing(const char *text) { set(&doing, text); }

void fault_means(const char *text, int status) {
  atomic_store(&meant_status, status);
  set(&meant, text);
}

void fault_inputs(const char *text) { set(&inputs, text); }
