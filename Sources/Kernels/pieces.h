#ifndef PIXELBYTES_PIECES_H
#define PIXELBYTES_PIECES_H

#include "table.h"

/// The kernels that this thread calls.
const struct kernel_table *pb_active(void);

/// Runs `call` for the pieces of 0 ... n - 1 one after the other, each of `count` numbers from `first` on, until the work
/// must stop; a number costs about `cost` nanoseconds.
#define PIECES(n, cost, call)                                                                     \
  do {                                                                                            \
    long size = (cost) < 1 << 14 ? (1 << 18) / (cost) / PB_PAD * PB_PAD : PB_PAD;                  \
    for (long first = 0; first < (n); first += size) {                                            \
      long count = (n) - first < size ? (n) - first : size;                                       \
      if (pb_must_stop_after(count * (cost))) break;                                              \
      pb_active()->call;                                                                             \
    }                                                                                             \
  } while (0)

/// About the nanoseconds that simple work on `n` floats takes.
static inline long cost(long n) { return n / 4 + 1; }

#endif
