#include <stddef.h>

#include "pieces.h"

void pb_gather_rows(long rows, long width, long n, const float *x, const float *places, float *y) {
  // A long row is stopped within.
  if (n > 1 << 16) {
    for (long r = 0; r < rows; r++) pb_gather_row(n, x + r * width, places + r * n, y + r * n);
    return;
  }
  PIECES(rows, n + 1, gather_rows(count, width, n, x + first * width, places + first * n, y + first * n));
}

void pb_evenly(long from, long n, double start, double step, float *y) {
  PIECES(n, 1, evenly(from + first, count, start, step, y + first));
}

void pb_count_within(long n, float size, const float *x, long *count) { pb_active()->count_within(n, size, x, count); }

void pb_take_columns(long rows, long width, long n, const float *x, const int32_t *places, float *y) {
  PIECES(rows, n + 1, take_columns(count, width, n, x + first * width, places, y + first * n));
}

void pb_put_columns(long rows, long width, long n, const float *dy, const int32_t *places, float *x) {
  PIECES(rows, n + width / 8 + 1, put_columns(count, width, n, dy + first * n, places, x + first * width));
}

void pb_gather_columns(long n, long stride, const float *x, const float *places, float *y) {
  PIECES(n, 1, gather_columns(count, stride, x + first, places + first, y + first));
}

void pb_scatter_columns(long n, long stride, const float *places, const float *dy, float *x) {
  PIECES(n, 1, scatter_columns(count, stride, places + first, dy + first, x + first));
}

void pb_scatter_column_totals(long taken, long columns, long stride, const float *places, const float *dy, double *totals) {
  pb_active()->scatter_column_totals(taken, columns, stride, places, dy, totals);
}

void pb_add_row_totals(long rows, long columns, long stride, const long *places, const float *x, double *totals) {
  pb_active()->add_row_totals(rows, columns, stride, places, x, totals);
}

void pb_small_products(const struct pb_small_product *sizes, long count, int turned, const float *a, const float *b, float *y) {
  pb_active()->small_products(sizes, count, turned, a, b, y);
}

void pb_put(long taken, long columns, long stride, const float *places, const float *values, long step, float *y) {
  pb_active()->put(taken, columns, stride, places, values, step, y);
}

void pb_put_backward(long taken, long columns, long stride, const float *places, const float *dy, int32_t *last, float *dx) {
  pb_active()->put_backward(taken, columns, stride, places, dy, last, dx);
}

void pb_permute(uint64_t *state, long end, long n, float *x) { pb_active()->permute(state, end, n, x); }

void pb_whole_places(long n, const float *x, long *places) { PIECES(n, 1, whole_places(count, x + first, places + first)); }

void pb_add_places(long n, long size, const float *places, const float *weights, double *sums) {
  if (!pb_must_stop_after(n + size)) pb_active()->add_places(n, size, places, weights, sums);
}

void pb_scatter_row(long n, long width, const float *places, const float *dy, double *totals, float *row) {
  if (!pb_must_stop_after(n + width)) pb_active()->scatter_row(n, width, places, dy, totals, row);
}

void pb_row_largest(long rows, long n, float sign, const float *x, float *y) {
  PIECES(rows, cost(n), row_largest(count, n, sign, x + first * n, y + first));
}

void pb_running_rows(long rows, long n, int backwards, const float *x, float *y) {
  PIECES(rows, cost(2 * n), running_rows(count, n, backwards, x + first * n, y + first * n));
}

void pb_share_rows(long rows, long n, const float *x, const float *chosen, const float *dy, float *dx) {
  PIECES(rows, cost(2 * n), share_rows(count, n, x + first * n, chosen + first, dy + first, dx + first * n));
}

void pb_count_chosen(long n, const float *x, float chosen, float *dx, long *found) {
  PIECES(n, 1, count_chosen(count, x + first, chosen, dx + first, found));
}

void pb_share_row(long n, const float *x, float chosen, float share, long count, float *dx) {
  if (!pb_must_stop_after(n / 4)) pb_active()->share_row(n, x, chosen, share, count, dx);
}

void pb_share_columns(long rows, long columns, long stride, const float *x, const float *chosen, const float *dy, float *dx) {
  PIECES(columns, cost(2 * rows), share_columns(rows, count, stride, x + first, chosen + first, dy + first, dx + first));
}

void pb_column_largest(long rows, long columns, long stride, float sign, const float *x, float *y) {
  PIECES(rows, cost(columns), column_largest(count, columns, stride, sign, first, x + first * stride, y));
}

void pb_order_rows(long begin, long rows, long n, long inner, int descending, long taken, const float *x, int32_t *places) {
  PIECES(rows, n * cost(n / 2),
         order_rows(begin + first, count, n, inner, descending, taken, x, places + first * taken));
}

void pb_row_products(long rows, long n, const float *x, double *products, long *powers) {
  PIECES(rows, cost(n), row_products(count, n, x + first * n, products + first, powers == NULL ? NULL : powers + first));
}

void pb_column_products(long rows, long columns, long stride, const float *x, float *y, double *products) {
  PIECES(rows, cost(columns), column_products(count, columns, stride, x + first * stride,
                                              y == NULL ? NULL : y + first * stride, products));
}

void pb_running_products(long rows, long n, const float *x, float *y) {
  PIECES(rows, cost(4 * n), running_products(count, n, x + first * n, y + first * n));
}

void pb_log_sum_exp(long rows, long n, const float *x, float *y) {
  PIECES(rows, cost(2 * n), log_sum_exp(count, n, x + first * n, y + first));
}

void pb_log_sum_exp_backward(long rows, long n, const float *x, const float *y, const float *dy, float *dx) {
  PIECES(rows, cost(2 * n),
         log_sum_exp_backward(count, n, x + first * n, y + first, dy + first, dx + first * n));
}

void pb_row_dots(long rows, long n, const float *a, const float *b, double *totals) {
  PIECES(rows, cost(n), row_dots(count, n, a + first * n, b + first * n, totals + first));
}

void pb_order_keys(long n, long step, int descending, const float *x, uint32_t *keys) {
  PIECES(n, 1, order_keys(count, step, descending, x + first * step, keys + first));
}

long pb_spare_keys(long n) { return n / 2 + 2 * PB_PAD; }

void pb_least_places(long n, long k, const uint32_t *keys, uint32_t *spare, int32_t *places) {
  pb_active()->least_places(n, k, keys, spare, places);
}

void pb_sort_places(long n, const uint32_t *keys, uint64_t *pairs, uint64_t *spare, int32_t *places) {
  if (n > 0) pb_active()->sort_places(n, keys, pairs, spare, places);
}

void pb_ranked_places(long n, long count, const long *ranks, const uint32_t *keys, uint32_t *spare, int32_t *places) {
  pb_active()->ranked_places(n, count, ranks, keys, spare, places);
}

void pb_weighted_rows(long rows, long columns, long stride, const float *x, const float *weights, long step, float *y) {
  for (long first = 0, size = 1 << 12; first < columns; first += size) {
    long count = columns - first < size ? columns - first : size;
    if (pb_must_stop_after(rows * cost(count))) break;
    pb_active()->weighted_rows(rows, count, stride, x + first, weights, step, y + first);
  }
}

void pb_column_vector(long rows, long columns, long stride, const float *x, const float *v, float *y) {
  if (!pb_must_stop_after(rows * cost(columns))) pb_active()->column_vector(rows, columns, stride, x, v, y);
}

int pb_multiplies_fast(void) { return pb_active()->lanes == 16; }

long pb_packed(long depth, long columns) { return pb_panels(depth, columns) + PB_PAD; }

long pb_pack(long depth, long columns, const float *b, long row, long step, float *packed) {
  pb_active()->pack_panels(depth, columns, b, row, step, pb_aligned(packed));
  return pb_aligned(packed) - packed;
}

void pb_multiply_packed(const struct pb_packed_product *sizes, const float *a, const float *packed, float *c) {
  pb_active()->multiply_packed(sizes, a, packed, c);
}

void pb_small_product(const struct pb_small_product *sizes, const float *a, const float *b, float *y) {
  pb_active()->small_product(sizes, a, b, y);
}

/// Calls a kernel for so many columns at once that their sums stay near, until the work must stop.
#define COLUMN_BLOCKS(cost, call)                                                  \
  for (long first = 0, size = PB_COLUMNS; first < columns; first += size) {         \
    long count = columns - first < size ? columns - first : size;            \
    if (pb_must_stop_after(cost)) break;                                     \
    pb_active()->call;                                                       \
  }

void pb_column_softmax(long rows, long columns, long stride, int is_logarithm, const float *x, float *y) {
  COLUMN_BLOCKS(rows * cost(4 * count), column_softmax(rows, count, stride, is_logarithm, x + first, y + first))
}

void pb_column_softmax_backward(long rows, long columns, long stride, int is_logarithm, const float *y, const float *dy,
                                float *dx) {
  COLUMN_BLOCKS(rows * cost(2 * count),
          column_softmax_backward(rows, count, stride, is_logarithm, y + first, dy + first, dx + first))
}
