#ifndef PIXELBYTES_THREAD_KERNELS_H
#define PIXELBYTES_THREAD_KERNELS_H

/// Lets another thread of the same core go on for some nanoseconds.
static inline void pb_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// Leaves what the system tells the program to other threads than this one, but for faults of its own.
void pb_block_signals(void);

#endif
