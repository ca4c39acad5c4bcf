#include "kernels.h"

#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "pieces.h"

static const struct kernel_table *best(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw"))
    return &pb_table_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &pb_table_avx2;
#endif
  return &pb_table_portable;
}

static _Atomic(const struct kernel_table *) chosen;
static _Thread_local const struct kernel_table *forced;

const struct kernel_table *pb_active(void) {
  if (forced != NULL) return forced;
  const struct kernel_table *table = atomic_load_explicit(&chosen, memory_order_relaxed);
  if (table == NULL) {
    table = best();
    atomic_store_explicit(&chosen, table, memory_order_relaxed);
  }
  return table;
}

const char *pb_instruction_set(void) { return pb_active()->name; }

int pb_use_instruction_set(const char *name) {
  const struct kernel_table *const tables[] = {
#if defined(__x86_64__)
      &pb_table_avx512, &pb_table_avx2,
#endif
      &pb_table_portable};
  int usable = 0;  // The tables stand from the widest to the narrowest: what follows the best one is usable.
  for (size_t k = 0; k < sizeof tables / sizeof *tables; k++) {
    usable |= tables[k] == best();
    if (usable && strcmp(tables[k]->name, name) == 0) {
      forced = tables[k];
      return 1;
    }
  }
  return 0;
}

typedef int (*question)(void);
static _Atomic(question) must_stop;

void pb_ask_with(question ask) { atomic_store_explicit(&must_stop, ask, memory_order_relaxed); }

int pb_must_stop_after(long work) {
  static _Thread_local long done;
  done += work;
  if (done < 1 << 20) return 0;
  question ask = atomic_load_explicit(&must_stop, memory_order_relaxed);
  int stops = ask != NULL && ask();
  // Whoever was told to stop is told so again at once.
  done = stops ? 1 << 20 : 0;
  return stops;
}

int pb_keep_freed_memory(void) {
#if defined(__GLIBC__)
  const int always = 1 << 30;
  return mallopt(M_MMAP_THRESHOLD, always) && mallopt(M_TRIM_THRESHOLD, always);
#else
  return 0;
#endif
}

void pb_gather_sum(long rows, long cells, long entries, long dim, const uint8_t *ids, const float *table,
                   const float *bias, float *y) {
  PIECES(rows, cost(cells * dim),
         gather_sum(count, cells, entries, dim, ids + first * cells, table, bias, y + first * dim));
}

void pb_scatter_sum(long rows, long cells, long entries, long dim, const uint8_t *ids, const float *dy, float *dtable) {
  PIECES(rows, cost(cells * dim),
         scatter_sum(count, cells, entries, dim, ids + first * cells, dy + first * dim, dtable));
}

void pb_layer_norm(long rows, long dim, float epsilon, const float *x, const float *weight, const float *bias,
                   float *y, float *mean, float *inverse_deviation) {
  PIECES(rows, cost(dim),
         layer_norm(count, dim, epsilon, x + first * dim, weight, bias, y + first * dim, mean + first,
                    inverse_deviation + first));
}

void pb_layer_norm_backward(long rows, long dim, const float *x, const float *weight, const float *mean,
                            const float *inverse_deviation, const float *dy, float *dx, float *dweight, float *dbias) {
  PIECES(rows, cost(dim),
         layer_norm_backward(count, dim, x + first * dim, weight, mean + first, inverse_deviation + first,
                             dy + first * dim, dx + first * dim, dweight, dbias));
}

void pb_rms_norm(long rows, long dim, float epsilon, const float *x, const float *weight, float *y, float *inverse) {
  PIECES(rows, cost(dim), rms_norm(count, dim, epsilon, x + first * dim, weight, y + first * dim, inverse + first));
}

void pb_rms_norm_backward(long rows, long dim, const float *x, const float *weight, const float *inverse,
                          const float *dy, float *dx, float *dweight) {
  PIECES(rows, cost(dim),
         rms_norm_backward(count, dim, x + first * dim, weight, inverse + first, dy + first * dim, dx + first * dim,
                           dweight));
}

void pb_softmax(long rows, long classes, const float *x, float *probabilities) {
  PIECES(rows, cost(classes), softmax(count, classes, x + first * classes, probabilities + first * classes));
}

void pb_adamw(long n, float *value, const float *gradient, float *first, float *second, float rate, float beta1,
              float beta2, float epsilon, float decay, float correction1, float correction2) {
  pb_active()->adamw(n, value, gradient, first, second, rate, beta1, beta2, epsilon, decay, correction1, correction2);
}

void pb_axpy(long n, float a, const float *x, float *y) { PIECES(n, 1, axpy(count, a, x + first, y + first)); }
/// Rows of `n` elements that are many with one row, or few and cut.
static void pairs(enum pb_pair_function function, long rows, long n, const float *a, const float *b, float *y) {
  for (long r = 0; r < rows; r++, a += n, y += n) pb_combine_row(function, n, a, 1, b, 1, y);
}

void pb_add(long rows, long n, const float *a, const float *b, float *y) { pairs(PB_ADD, rows, n, a, b, y); }
void pb_multiply(long rows, long n, const float *a, const float *b, float *y) { pairs(PB_MULTIPLY, rows, n, a, b, y); }

void pb_matrix_vector(long rows, long depth, const float *matrix, long stride, const float *x, float *y,
                      int accumulate) {
  PIECES(rows, cost(depth), matrix_vector(count, depth, matrix + first * stride, stride, x, y + first, accumulate));
}

void pb_column_totals(long rows, long columns, long stride, const float *x, double *totals) {
  PIECES(rows, cost(columns), column_totals(count, columns, stride, x + first * stride, totals));
}

void pb_column_sums(long rows, long columns, long stride, const float *x, float *sums) {
  PIECES(rows, cost(columns), column_sums(count, columns, stride, x + first * stride, sums));
}

void pb_fill_rows(long rows, long columns, long stride, const float *row, float *x) {
  PIECES(rows, cost(columns), fill_rows(count, columns, stride, row, x + first * stride));
}

void pb_clear_padding(long rows, long columns, long stride, float *x) {
  for (long r = 0; r < rows && !pb_must_stop_after(cost(stride - columns)); r++)
    memset(x + r * stride + columns, 0, (size_t)(stride - columns) * sizeof(float));
}

void pb_exp(long n, const float *x, float *y) { pb_map(PB_EXP, n, 0, 0, x, y); }
void pb_tanh(long n, const float *x, float *y) { pb_map(PB_TANH, n, 0, 0, x, y); }
void pb_sigmoid(long n, const float *x, float *y) { pb_map(PB_SIGMOID, n, 0, 0, x, y); }

void pb_map(enum pb_function function, long n, float p, float q, const float *x, float *y) {
  PIECES(n, 1, map((int)function, count, p, q, x + first, y + first));
}

void pb_map_doubles(enum pb_double_function function, long n, double unit, const double *x, double *y) {
  PIECES(n, 2, map_doubles((int)function, count, unit, x + first, y + first));
}

void pb_combine_doubles(enum pb_double_pair function, long n, const double *a, long step_a, const double *b, long step_b,
                        int64_t missing, double *y) {
  PIECES(n, 1, combine_doubles((int)function, count, a + first * step_a, step_a, b + first * step_b, step_b, missing, y + first));
}

void pb_compare_doubles(enum pb_double_pair comparison, long n, const double *a, long step_a, const double *b, long step_b,
                        int64_t missing, uint8_t *y) {
  PIECES(n, 1, compare_doubles((int)comparison, count, a + first * step_a, step_a, b + first * step_b, step_b, missing, y + first));
}

void pb_sum_doubles(long n, const double *x, int64_t missing, double factor, double center, long *there, double *sums) {
  pb_active()->sum_doubles(n, x, missing, factor, center, there, sums);
}

void pb_select_doubles(long n, const uint8_t *mask, const double *a, long step_a, const double *b, long step_b, int64_t missing,
                       double *y) {
  PIECES(n, 1, select_doubles(count, mask + first, a + first * step_a, step_a, b + first * step_b, step_b, missing, y + first));
}

void pb_map_backward(enum pb_function function, long n, float p, float q, const float *kept, const float *dy, float *dx) {
  PIECES(n, 1, map_backward((int)function, count, p, q, kept + first, dy + first, dx + first));
}

void pb_combine(const struct pb_walk *walk, enum pb_pair_function function, int bytes, long start, long n, const void *a,
                const void *b, const void *mask, float *y) {
  PIECES(n, 1, combine(walk, (int)function, bytes, start + first, count, a, b, mask, y));
}

void pb_compare_row(enum pb_pair_function comparison, long n, const float *a, long step_a, const float *b, long step_b, uint8_t *y) {
  PIECES(n, 1, compare_row((int)comparison, count, a + first * step_a, step_a, b + first * step_b, step_b, y + first));
}

void pb_join_bytes(enum pb_logic logic, long n, const uint8_t *a, const uint8_t *b, uint8_t *y) {
  PIECES(n, 1, join_bytes((int)logic, count, a + first, b + first, y + first));
}

void pb_flip_bytes(long n, const uint8_t *x, uint8_t *y) { PIECES(n, 1, flip_bytes(count, x + first, y + first)); }

void pb_combine_row(enum pb_pair_function function, long n, const float *a, long step_a, const float *b, long step_b,
                    float *y) {
  PIECES(n, 1,
         combine_row((int)function, count, a + first * step_a, step_a, b + first * step_b, step_b, 0, 0, y + first));
}

void pb_compress(long n, int bytes, const void *mask, const float *x, float *y, long *count) {
  pb_active()->compress(n, bytes, mask, x, y, count);
}

void pb_expand(long n, int bytes, const void *mask, const float *x, float *y) { pb_active()->expand(n, bytes, mask, x, y); }
void pb_count_wholes(long n, float a, float b, const float *x, long *y) { pb_active()->count_wholes(n, a, b, x, y); }
void pb_count_set(long n, int bytes, const void *mask, long *count) { pb_active()->count_set(n, bytes, mask, count); }

void pb_pack_planes(const struct pb_planes *planes, const float *x, float *packed) {
  pb_active()->pack_planes(planes, x, packed);
}

void pb_unpack_planes(const struct pb_planes *planes, const float *packed, float *x) {
  pb_active()->unpack_planes(planes, packed, x);
}

void pb_convolve(long filters, long taps, const long *offsets, const float *weight, const float *bias, long places,
                 const float *x, float *y, long stride) {
  PIECES(places, filters * taps / 32 + 1,
         convolve_planes(filters, taps, offsets, weight, bias, count, x + first, y + first, stride));
}

void pb_correlate(long filters, long taps, const long *offsets, long places, const float *dy, long stride, const float *x,
                  float *sums) {
  pb_active()->correlate(filters, taps, offsets, places, dy, stride, x, sums);
}

void pb_gather_row(long n, const float *row, const float *places, float *y) {
  PIECES(n, 1, gather_row(count, row, places + first, y + first));
}

void pb_whole(uint64_t *state, long n, uint64_t bound, float low, float *y, int *doubtful) {
  PIECES(n, 2, whole(state, count, bound, low, y + first, doubtful));
}

void pb_uniform(uint64_t *state, long n, float low, float high, float *y) {
  PIECES(n, 1, uniform(state, count, low, high, y + first));
}

void pb_normal(uint64_t *state, long n, float *y) { PIECES(n, 4, normal(state, count, y + first)); }

void pb_row_totals(long rows, long n, const float *x, double *totals) {
  PIECES(rows, cost(n), row_totals(count, n, x + first * n, totals + first));
}

void pb_row_squares(long rows, long n, const float *x, const double *means, double *totals) {
  PIECES(rows, cost(n), row_squares(count, n, x + first * n, means == NULL ? NULL : means + first, totals + first));
}

void pb_column_squares(long rows, long columns, long stride, const float *x, const double *means, double *totals) {
  PIECES(rows, cost(columns), column_squares(count, columns, stride, x + first * stride, means, totals));
}

void pb_centered(long rows, long n, int by_column, const float *x, const double *means, float *y) {
  PIECES(rows, cost(n), centered(count, n, by_column, x + first * n, by_column ? means : means + first, y + first * n));
}

void pb_row_extremes(long rows, long n, float sign, const float *x, int32_t *places) {
  PIECES(rows, cost(n), row_extremes(count, n, sign, x + first * n, places + first));
}

void pb_column_extremes(long rows, long columns, long stride, float sign, const float *x, float *best, int32_t *places) {
  PIECES(rows, cost(columns), column_extremes(count, columns, stride, sign, first, x + first * stride, best, places));
}

void pb_log_softmax(long rows, long classes, const float *x, float *y) {
  PIECES(rows, cost(classes), log_softmax(count, classes, x + first * classes, y + first * classes));
}

void pb_log_softmax_backward(long rows, long classes, const float *y, const float *dy, float *dx) {
  PIECES(rows, cost(classes),
         log_softmax_backward(count, classes, y + first * classes, dy + first * classes, dx + first * classes));
}

void pb_softmax_backward(long rows, long classes, const float *y, const float *dy, float *dx) {
  PIECES(rows, cost(classes),
         softmax_backward(count, classes, y + first * classes, dy + first * classes, dx + first * classes));
}

void pb_running(long rows, long columns, long stride, int backwards, const float *x, float *y, double *totals) {
  PIECES(rows, cost(columns), running_columns(count, columns, stride, backwards,
                                              x + (backwards ? rows - first - count : first) * stride,
                                              y + (backwards ? rows - first - count : first) * stride, totals));
}

void pb_softplus(long n, const float *x, float *y) { pb_map(PB_SOFTPLUS, n, 0, 0, x, y); }

void pb_softplus_backward(long n, const float *x, const float *dy, float *dx) {
  pb_map_backward(PB_SOFTPLUS, n, 0, 0, x, dy, dx);
}

void pb_gate(long n, const float *y, const float *z, float *out) { PIECES(n, 1, gate(count, y + first, z + first, out + first)); }

void pb_gate_backward(long n, const float *y, const float *z, const float *dout, float *dy, float *dz) {
  PIECES(n, 2, gate_backward(count, y + first, z + first, dout + first, dy + first, dz + first));
}

void pb_forget_gate(long n, const float *y, const float *s, const float *z, float *out) {
  PIECES(n, 1, forget_gate(count, y + first, s + first, z + first, out + first));
}

void pb_forget_gate_backward(long n, const float *y, const float *s, const float *z, const float *dout, float *dy,
                             float *ds, float *dz) {
  PIECES(n, 2, forget_gate_backward(count, y + first, s + first, z + first, dout + first, dy + first, ds + first,
                                    dz + first));
}

long pb_row_stride(long channels) { return pb_padded(channels); }

long pb_convolution_scratch(long time, long channels, long width) {
  return (2 * (width + 1) + time) * pb_padded(channels) + (width + 2) * PB_PAD;
}

void pb_convolution_silu(const struct pb_convolution *convolution, const float *x, float *window, float *y,
                         float *scratch) {
  pb_active()->convolution_silu(convolution, x, window, y, pb_aligned(scratch));
}

void pb_convolution_silu_backward(const struct pb_convolution *convolution, const float *x, const float *dy, float *dx,
                                  float *dweight, float *dbias, float *scratch) {
  pb_active()->convolution_silu_backward(convolution, x, dy, dx, dweight, dbias, pb_aligned(scratch));
}

long pb_scan_scratch(long channels, long state) {
  return (4 * PB_SCAN_STEPS + channels) * pb_padded(state) + PB_PAD;
}

void pb_scan_forward(const struct pb_scan *scan, float *h, float *y, float *states, float *scratch) {
  pb_active()->scan_forward(scan, h, y, states, pb_aligned(scratch));
}

void pb_scan_backward(const struct pb_scan *scan, const float *states, const float *dy, float *du, float *ddelta,
                      float *da, float *dbc, float *dskip, float *scratch) {
  pb_active()->scan_backward(scan, states, dy, du, ddelta, da, dbc, dskip, pb_aligned(scratch));
}

long pb_scan_last_scratch(long time, long channels, long state) {
  return (3 * PB_SCAN_STEPS + channels) * pb_padded(state) + (2 * time + 1) * pb_padded(channels) + PB_PAD;
}

void pb_scan_last_forward(const struct pb_scan *scan, float *h, float *y, float *scratch) {
  pb_active()->scan_last_forward(scan, h, y, pb_aligned(scratch));
}

void pb_scan_last_backward(const struct pb_scan *scan, const float *h, const float *dy, float *du, float *ddelta,
                           float *da, float *dbc, float *dskip, float *scratch) {
  pb_active()->scan_last_backward(scan, h, dy, du, ddelta, da, dbc, dskip, pb_aligned(scratch));
}

long pb_attention_scratch(long time, long depth) {
  long padded = pb_padded(depth);
  return pb_padded(depth * time) + PB_ATTENTION_QUERIES * (3 * depth + 2 * padded + 2 + 2 * pb_tile(time)) + time +
         2 * time * padded + PB_PAD;
}

void pb_attention_forward(const struct pb_attention *attention, float *out, float *logarithms, float *scratch) {
  pb_active()->attention_forward(attention, out, logarithms, pb_aligned(scratch));
}

void pb_attention_backward(const struct pb_attention *attention, const float *out, const float *logarithms,
                           const float *dout, float *dq, float *dk, float *dv, float *scratch) {
  pb_active()->attention_backward(attention, out, logarithms, dout, dq, dk, dv, pb_aligned(scratch));
}

/// The seed with which element 0 of a piece draws what element `first` draws of the whole.
static uint32_t seed_from(uint32_t seed, long first) { return seed + (uint32_t)first * PB_DROPOUT_STEP; }

void pb_dropout(long n, uint32_t seed, float keep, const float *x, float *y) {
  PIECES(n, 1, dropout(count, seed_from(seed, first), keep, x + first, y + first));
}

void pb_relu_dropout(long n, uint32_t seed, float keep, const float *x, float *y) {
  PIECES(n, 1, relu_dropout(count, seed_from(seed, first), keep, x + first, y + first));
}

void pb_relu_dropout_backward(long n, float keep, const float *y, const float *dy, float *dx) {
  PIECES(n, 1, relu_dropout_backward(count, keep, y + first, dy + first, dx + first));
}
