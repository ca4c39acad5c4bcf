#include <string.h>

#include "pieces.h"

long pb_lstm_gate_stride(long hidden) { return pb_padded(4 * hidden); }

long pb_lstm_packed(long hidden) { return pb_panels(hidden, 4 * hidden) + pb_padded(4 * hidden) + PB_PAD; }

long pb_lstm_pack(long hidden, const float *whh, const float *bias, float *packed) {
  pb_active()->lstm_pack(hidden, whh, bias, pb_aligned(packed));
  return pb_aligned(packed) - packed;
}

long pb_lstm_scratch(long batch, long hidden) {
  return pb_panels(4 * hidden, hidden) + 2 * batch * pb_padded(hidden) + PB_PAD;
}

void pb_lstm_forward(long batch, long time, long hidden, int reverse, float *gates, const float *products,
                     const long *places, const float *packed, float *h, float *c, float *y, long y_stride, float *cells) {
  pb_active()->lstm_forward(batch, time, hidden, reverse, gates, products, places, packed, h, c, y, y_stride, cells);
}

void pb_lstm_backward(long batch, long time, long hidden, int reverse, const float *gates, float *gradients,
                      const float *cells, const float *c0, const float *whh, const float *dy, long dy_stride,
                      float *scratch) {
  pb_active()->lstm_backward(batch, time, hidden, reverse, gates, gradients, cells, c0, whh, dy, dy_stride,
                          pb_aligned(scratch));
}

void pb_add_rows(long rows, long columns, long stride, const long *places, const float *x, float *y) {
  PIECES(rows, cost(columns), add_rows(count, columns, stride, places + first, x + first * stride, y));
}

/// A number that spreads the bytes of a row over all its bits.
static uint64_t hash(long size, const uint8_t *row) {
  uint64_t sum = 0;
  for (long k = 0; k < size; k += 8) {
    uint64_t part = 0;
    memcpy(&part, row + k, (unsigned long)(size - k < 8 ? size - k : 8));
    sum = (sum ^ part) * 0x9E3779B97F4A7C15u;
    sum ^= sum >> 32;
  }
  return sum;
}

long pb_distinct_rows(long rows, long size, const uint8_t *x, long *places, long *firsts, long slot_count, long *slots) {
  long count = 0;
  for (long r = 0; r < rows; r++) {
    const uint8_t *row = x + r * size;
    long slot = (long)(hash(size, row) & (uint64_t)(slot_count - 1));
    while (slots[slot] >= 0 && memcmp(x + firsts[slots[slot]] * size, row, (unsigned long)size) != 0)
      slot = (slot + 1) & (slot_count - 1);
    if (slots[slot] < 0) slots[slot] = count, firsts[count++] = r;
    places[r] = slots[slot];
  }
  return count;
}
