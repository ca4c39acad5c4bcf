#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/// Calls of the C library that its Swift module leaves out because they are GNU extensions or take pointers.

/// rename with flags; RENAME_EXCHANGE makes two names trade places in one step.
int renameat2(int old_folder, const char *old_path, int new_folder, const char *new_path, unsigned int flags);

/// The first place of some bytes in others, or null.
void *memmem(const void *bytes, size_t count, const void *part, size_t part_count);

static const unsigned int pb_rename_exchange = 2;

/// The pages of the process: all that have an address, or those that are in memory now; 0 where the system does not tell.
static inline long pb_pages(int resident) {
  int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  char text[96];
  ssize_t count = read(file, text, sizeof text - 1);
  close(file);
  if (count <= 0) return 0;
  text[count] = 0;
  long pages[2];
  if (sscanf(text, "%ld %ld", &pages[0], &pages[1]) != 2) return 0;
  return pages[resident];
}

/// The bytes of the process that are in memory now; 0 where the system does not tell.
static inline long pb_resident_bytes(void) { return pb_pages(1) * sysconf(_SC_PAGESIZE); }

/// The bytes of addresses that the process may still take; LONG_MAX where nobody set a limit.
static inline long pb_address_room(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > LONG_MAX) return LONG_MAX;
  long pages = pb_pages(0);
  return pages == 0 ? LONG_MAX : (long)limit.rlim_cur - pages * sysconf(_SC_PAGESIZE);
}

/// Gives freed memory back to the system.
static inline void pb_give_back_memory(void) { malloc_trim(0); }

/// The time since some fixed moment in nanoseconds, exact to a few milliseconds; reading it takes some nanoseconds.
static inline uint64_t pb_coarse_nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/// The work of this thread since it was last asked for, in about nanoseconds.
static inline long *pb_work(void) {
  static _Thread_local long done;
  return &done;
}

/// Counts work; 1 each time that a millisecond or so has come together.
static inline int pb_has_worked(long work) {
  long *done = pb_work();
  *done += work;
  if (*done < 1 << 20) return 0;
  *done = 0;
  return 1;
}

/// Has pb_has_worked give 1 at the next call.
static inline void pb_ask_again(void) { *pb_work() = 1 << 20; }
