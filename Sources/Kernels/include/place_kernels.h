#ifndef PIXELBYTES_PLACE_KERNELS_H
#define PIXELBYTES_PLACE_KERNELS_H

#include <stdint.h>

/// y[k] = row[places[k]] for whole numbers from 0, which the caller has checked.
void pb_gather_row(long n, const float *row, const float *places, float *y);

/// The same for each of rows of n places, of elements `width` apart.
void pb_gather_rows(long rows, long width, long n, const float *x, const float *places, float *y);

/// y[k] = start + (from + k) * step, the float nearest to what double precision gives.
void pb_evenly(long from, long n, double start, double step, float *y);

/// Sets `count` to how many of n numbers are of at most a size.
void pb_count_within(long n, float size, const float *x, long *count);

/// y[r, k] = x[r, places[k]] for n places in each of rows of x that are `width` long; and back, x[r, places[k]] += dy[r, k] over zeros.
void pb_take_columns(long rows, long width, long n, const float *x, const int32_t *places, float *y);
void pb_put_columns(long rows, long width, long n, const float *dy, const int32_t *places, float *x);

/// y[k] = x[places[k] * stride + k], and x[places[k] * stride + k] += dy[k], for whole numbers from 0, which the caller has checked.
void pb_gather_columns(long n, long stride, const float *x, const float *places, float *y);
void pb_scatter_columns(long n, long stride, const float *places, const float *dy, float *x);

/// totals[places[t, k], k] += dy[t, k] of columns whose rows are `stride` apart in places and dy and side by side in the totals; and
/// totals[places[r]] += x[r] for whole rows of so many columns.
void pb_scatter_column_totals(long taken, long columns, long stride, const float *places, const float *dy, double *totals);
void pb_add_row_totals(long rows, long columns, long stride, const long *places, const float *x, double *totals);

/// y[places[t, k], k] = values[t, k] for t from 0 on, of columns whose rows are `stride` apart in all three; of several for one place the
/// last stays. With a `step` of 0 the same value goes to all places, else it is 1. The caller has checked the places.
void pb_put(long taken, long columns, long stride, const float *places, const float *values, long step, float *y);

/// dx[t, k] = dy[places[t, k], k] where pb_put left values[t, k] there, else 0; `last` has room for all places of the columns.
void pb_put_backward(long taken, long columns, long stride, const float *places, const float *dy, int32_t *last, float *dx);

/// Puts x[k] and one of those before it, or itself, drawn evenly, in each other's place, for k from `end` down to `end - n + 1`.
void pb_permute(uint64_t *state, long end, long n, float *x);

/// places[k] = x[k] for whole numbers.
void pb_whole_places(long n, const float *x, long *places);

/// sums[places[k]] += weights[k], or 1 without them, for places below `size`, which the caller has checked.
void pb_add_places(long n, long size, const float *places, const float *weights, double *sums);

/// row[places[k]] += dy[k] over a row of `width` zeros; through `totals`, as many zeros, unless that is NULL.
void pb_scatter_row(long n, long width, const float *places, const float *dy, double *totals, float *row);

/// dx[r, k] = dy[r] shared among the elements of row r of x [rows, n] that are chosen[r], which NaN is where that is NaN; 0 elsewhere.
void pb_share_rows(long rows, long n, const float *x, const float *chosen, const float *dy, float *dx);

/// The two steps of it for pieces of a long row: how many elements are the chosen one, with dx set to zeros, and where there are
/// `count` of them their share put there.
void pb_count_chosen(long n, const float *x, float chosen, float *dx, long *count);
void pb_share_row(long n, const float *x, float chosen, float share, long count, float *dx);

/// The same for each column of rows `stride` apart.
void pb_share_columns(long rows, long columns, long stride, const float *x, const float *chosen, const float *dy, float *dx);

/// The places of n keys in ascending order, equal ones in theirs; `pairs` and `spare` have room for n. All are 0 where the work is stopped.
void pb_sort_places(long n, const uint32_t *keys, uint64_t *pairs, uint64_t *spare, int32_t *places);

/// y[r, k] = the sum of the elements of row r of x [rows, n] up to k, from the end when backwards, for rows of few.
void pb_running_rows(long rows, long n, int backwards, const float *x, float *y);

#endif
