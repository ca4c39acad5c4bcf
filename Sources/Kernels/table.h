#ifndef PIXELBYTES_KERNEL_TABLE_H
#define PIXELBYTES_KERNEL_TABLE_H

#include <stdint.h>

#include "kernels.h"

/// Every kernel: its place in a table, the function of body.h that does it, and what that takes; kernels.h says what each does.
#define KERNELS(KERNEL) \
  KERNEL(pack_planes, pack_planes, (const struct pb_planes *, const float *, float *)) \
  KERNEL(unpack_planes, unpack_planes, (const struct pb_planes *, const float *, float *)) \
  KERNEL(convolve_planes, convolve_planes, (long, long, const long *, const float *, const float *, long, const float *, float *, \
         long)) \
  KERNEL(correlate, correlate, (long, long, const long *, long, const float *, long, const float *, float *)) \
  KERNEL(evenly, evenly, (long, long, double, double, float *)) \
  KERNEL(uniform, uniform, (uint64_t *, long, float, float, float *)) \
  KERNEL(whole, whole, (uint64_t *, long, uint64_t, float, float *, int *)) \
  KERNEL(normal, normal, (uint64_t *, long, float *)) \
  KERNEL(gather_row, gather_row, (long, const float *, const float *, float *)) \
  KERNEL(gather_rows, gather_rows, (long, long, long, const float *, const float *, float *)) \
  KERNEL(count_within, count_within, (long, float, const float *, long *)) \
  KERNEL(column_vector, column_vector, (long, long, long, const float *, const float *, float *)) \
  KERNEL(take_columns, take_columns, (long, long, long, const float *, const int32_t *, float *)) \
  KERNEL(put_columns, put_columns, (long, long, long, const float *, const int32_t *, float *)) \
  KERNEL(gather_columns, gather_columns, (long, long, const float *, const float *, float *)) \
  KERNEL(scatter_columns, scatter_columns, (long, long, const float *, const float *, float *)) \
  KERNEL(scatter_column_totals, scatter_column_totals, (long, long, long, const float *, const float *, double *)) \
  KERNEL(add_row_totals, add_row_totals, (long, long, long, const long *, const float *, double *)) \
  KERNEL(put, put, (long, long, long, const float *, const float *, long, float *)) \
  KERNEL(put_backward, put_backward, (long, long, long, const float *, const float *, int32_t *, float *)) \
  KERNEL(whole_places, whole_places, (long, const float *, long *)) \
  KERNEL(small_products, small_products, (const struct pb_small_product *, long, int, const float *, const float *, float *)) \
  KERNEL(permute, permute, (uint64_t *, long, long, float *)) \
  KERNEL(add_places, add_places, (long, long, const float *, const float *, double *)) \
  KERNEL(scatter_row, scatter_row, (long, long, const float *, const float *, double *, float *)) \
  KERNEL(pack_panels, pack_panels, (long, long, const float *, long, long, float *)) \
  KERNEL(multiply_packed, multiply_packed, (const struct pb_packed_product *, const float *, const float *, float *)) \
  KERNEL(lstm_pack, lstm_pack, (long, const float *, const float *, float *)) \
  KERNEL(lstm_forward, lstm_forward, (long, long, long, int, float *, const float *, const long *, const float *, float *, \
         float *, float *, long, float *)) \
  KERNEL(lstm_backward, lstm_backward, (long, long, long, int, const float *, float *, const float *, const float *, \
         const float *, const float *, long, float *)) \
  KERNEL(gather_sum, gather_sum, (long, long, long, long, const uint8_t *, const float *, const float *, float *)) \
  KERNEL(scatter_sum, scatter_sum, (long, long, long, long, const uint8_t *, const float *, float *)) \
  KERNEL(add_rows, add_rows, (long, long, long, const long *, const float *, float *)) \
  KERNEL(layer_norm, layer_norm, (long, long, float, const float *, const float *, const float *, float *, float *, \
         float *)) \
  KERNEL(layer_norm_backward, layer_norm_backward, (long, long, const float *, const float *, const float *, \
         const float *, const float *, float *, float *, float *)) \
  KERNEL(rms_norm, rms_norm, (long, long, float, const float *, const float *, float *, float *)) \
  KERNEL(rms_norm_backward, rms_norm_backward, (long, long, const float *, const float *, const float *, \
         const float *, float *, float *)) \
  KERNEL(softmax, softmax, (long, long, const float *, float *)) \
  KERNEL(adamw, adamw, (long, float *, const float *, float *, float *, float, float, float, float, float, float, \
         float)) \
  KERNEL(axpy, axpy, (long, float, const float *, float *)) \
  KERNEL(matrix_vector, matrix_vector, (long, long, const float *, long, const float *, float *, int)) \
  KERNEL(column_sums, column_sums, (long, long, long, const float *, float *)) \
  KERNEL(column_totals, column_totals, (long, long, long, const float *, double *)) \
  KERNEL(map, map, (int, long, float, float, const float *, float *)) \
  KERNEL(map_doubles, map_doubles, (int, long, double, const double *, double *)) \
  KERNEL(combine_doubles, combine_doubles, (int, long, const double *, long, const double *, long, int64_t, double *)) \
  KERNEL(compare_doubles, compare_doubles, (int, long, const double *, long, const double *, long, int64_t, uint8_t *)) \
  KERNEL(sum_doubles, sum_doubles, (long, const double *, int64_t, double, double, long *, double *)) \
  KERNEL(select_doubles, select_doubles, (long, const uint8_t *, const double *, long, const double *, long, int64_t, double *)) \
  KERNEL(map_backward, map_backward, (int, long, float, float, const float *, const float *, float *)) \
  KERNEL(combine, combine, (const struct pb_walk *, int, int, long, long, const void *, const void *, const void *, \
         float *)) \
  KERNEL(combine_row, combine_row, (int, long, const float *, long, const float *, long, const float *, long, \
         float *)) \
  KERNEL(update, update, (const struct pb_walk *, int, long, long, const float *, float *)) \
  KERNEL(compress, compress, (long, int, const void *, const float *, float *, long *)) \
  KERNEL(expand, expand, (long, int, const void *, const float *, float *)) \
  KERNEL(count_wholes, count_wholes, (long, float, float, const float *, long *)) \
  KERNEL(count_set, count_set, (long, int, const void *, long *)) \
  KERNEL(compare_row, compare_row, (int, long, const float *, long, const float *, long, uint8_t *)) \
  KERNEL(join_bytes, join_bytes, (int, long, const uint8_t *, const uint8_t *, uint8_t *)) \
  KERNEL(flip_bytes, flip_bytes, (long, const uint8_t *, uint8_t *)) \
  KERNEL(copy_strided, copy_strided, (const struct pb_copy *, const float *, float *)) \
  KERNEL(join_rows, join_rows, (long, const long *, const float *const *, float *, long)) \
  KERNEL(row_totals, row_totals, (long, long, const float *, double *)) \
  KERNEL(row_squares, row_squares, (long, long, const float *, const double *, double *)) \
  KERNEL(column_squares, column_squares, (long, long, long, const float *, const double *, double *)) \
  KERNEL(centered, centered, (long, long, int, const float *, const double *, float *)) \
  KERNEL(row_extremes, row_extremes, (long, long, float, const float *, int32_t *)) \
  KERNEL(column_extremes, column_extremes, (long, long, long, float, long, const float *, float *, int32_t *)) \
  KERNEL(row_largest, row_largest, (long, long, float, const float *, float *)) \
  KERNEL(running_rows, running_rows, (long, long, int, const float *, float *)) \
  KERNEL(share_rows, share_rows, (long, long, const float *, const float *, const float *, float *)) \
  KERNEL(count_chosen, count_chosen, (long, const float *, float, float *, long *)) \
  KERNEL(share_row, share_row, (long, const float *, float, float, long, float *)) \
  KERNEL(share_columns, share_columns, (long, long, long, const float *, const float *, const float *, float *)) \
  KERNEL(column_largest, column_largest, (long, long, long, float, long, const float *, float *)) \
  KERNEL(order_rows, order_rows, (long, long, long, long, int, long, const float *, int32_t *)) \
  KERNEL(row_products, row_products, (long, long, const float *, double *, long *)) \
  KERNEL(column_products, column_products, (long, long, long, const float *, float *, double *)) \
  KERNEL(running_products, running_products, (long, long, const float *, float *)) \
  KERNEL(log_sum_exp, log_sum_exp, (long, long, const float *, float *)) \
  KERNEL(log_sum_exp_backward, log_sum_exp_backward, (long, long, const float *, const float *, const float *, float *)) \
  KERNEL(order_keys, order_keys, (long, long, int, const float *, uint32_t *)) \
  KERNEL(least_places, least_places, (long, long, const uint32_t *, uint32_t *, int32_t *)) \
  KERNEL(sort_places, sort_places, (long, const uint32_t *, uint64_t *, uint64_t *, int32_t *)) \
  KERNEL(ranked_places, ranked_places, (long, long, const long *, const uint32_t *, uint32_t *, int32_t *)) \
  KERNEL(weighted_rows, weighted_rows, (long, long, long, const float *, const float *, long, float *)) \
  KERNEL(small_product, small_product, (const struct pb_small_product *, const float *, const float *, float *)) \
  KERNEL(row_dots, row_dots, (long, long, const float *, const float *, double *)) \
  KERNEL(log_softmax, log_softmax, (long, long, const float *, float *)) \
  KERNEL(log_softmax_backward, log_softmax_backward, (long, long, const float *, const float *, float *)) \
  KERNEL(softmax_backward, softmax_backward, (long, long, const float *, const float *, float *)) \
  KERNEL(column_softmax, column_softmax, (long, long, long, int, const float *, float *)) \
  KERNEL(column_softmax_backward, column_softmax_backward, (long, long, long, int, const float *, const float *, float *)) \
  KERNEL(running_columns, running_columns, (long, long, long, int, const float *, float *, double *)) \
  KERNEL(fill_rows, fill_rows, (long, long, long, const float *, float *)) \
  KERNEL(gate, gate, (long, const float *, const float *, float *)) \
  KERNEL(gate_backward, gate_backward, (long, const float *, const float *, const float *, float *, float *)) \
  KERNEL(forget_gate, forget_gate, (long, const float *, const float *, const float *, float *)) \
  KERNEL(forget_gate_backward, forget_gate_backward, (long, const float *, const float *, const float *, \
         const float *, float *, float *, float *)) \
  KERNEL(convolution_silu, convolution_silu, (const struct pb_convolution *, const float *, float *, float *, \
         float *)) \
  KERNEL(convolution_silu_backward, convolution_silu_backward, (const struct pb_convolution *, const float *, \
         const float *, float *, float *, float *, float *)) \
  KERNEL(scan_forward, scan_forward, (const struct pb_scan *, float *, float *, float *, float *)) \
  KERNEL(scan_backward, scan_backward, (const struct pb_scan *, const float *, const float *, float *, float *, \
         float *, float *, float *, float *)) \
  KERNEL(scan_last_forward, scan_last_forward, (const struct pb_scan *, float *, float *, float *)) \
  KERNEL(scan_last_backward, scan_last_backward, (const struct pb_scan *, const float *, const float *, float *, \
         float *, float *, float *, float *, float *)) \
  KERNEL(attention_forward, attention_forward, (const struct pb_attention *, float *, float *, float *)) \
  KERNEL(attention_backward, attention_backward, (const struct pb_attention *, const float *, const float *, \
         const float *, float *, float *, float *, float *)) \
  KERNEL(largest_pool, largest_pool, (const struct pb_pool *, long, long, const float *, float *)) \
  KERNEL(mean_pool, mean_pool, (const struct pb_pool *, long, long, const float *, float *)) \
  KERNEL(largest_pool_backward, largest_pool_backward, (const struct pb_pool *, long, long, const float *, const float *, float *)) \
  KERNEL(mean_pool_backward, mean_pool_backward, (const struct pb_pool *, long, long, const float *, float *)) \
  KERNEL(dropout, dropout, (long, uint32_t, float, const float *, float *)) \
  KERNEL(relu_dropout, relu_dropout, (long, uint32_t, float, const float *, float *)) \
  KERNEL(relu_dropout_backward, relu_dropout_backward, (long, float, const float *, const float *, float *))

/// The kernels of one instruction set.
struct kernel_table {
  const char *name;
  int lanes;
#define PLACE(place, function, parameters) void(*place) parameters;
  KERNELS(PLACE)
#undef PLACE
};

extern const struct kernel_table pb_table_portable;
#if defined(__x86_64__)
extern const struct kernel_table pb_table_avx2;
extern const struct kernel_table pb_table_avx512;
#endif

/// Whether the work of this thread must stop; asks each time that about a millisecond of work is done. `work` counts about
/// nanoseconds.
int pb_must_stop_after(long work);

/// What the number of an element is multiplied by before dropout hashes it.
#define PB_DROPOUT_STEP 0x9E3779B1u

/// Rows and vectors are padded to this many floats, the widest vector of any instruction set.
enum { PB_PAD = 16 };

/// The columns of a packed matrix that stand together, a multiple of every instruction set's vectors.
enum { PB_PANEL = 32 };

/// The columns whose sums stay near while rows are walked through.
enum { PB_COLUMNS = 256 };

/// The first place from p on where vectors do not cross cache lines; scratch memory has PB_PAD floats to spare for it.
static inline float *pb_aligned(float *p) { return p + (-(uintptr_t)p / sizeof(float)) % PB_PAD; }

/// The keys of the largest tile of attention to `time` of them.
static inline long pb_tile(long time) { return time < PB_ATTENTION_KEYS ? time : PB_ATTENTION_KEYS; }

static inline long pb_padded(long n) { return (n + PB_PAD - 1) / PB_PAD * PB_PAD; }

/// Floats of a packed matrix.
static inline long pb_panels(long depth, long columns) { return depth * ((columns + PB_PANEL - 1) / PB_PANEL * PB_PANEL); }

#endif
