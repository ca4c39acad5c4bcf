#ifndef PIXELBYTES_KERNELS_H
#define PIXELBYTES_KERNELS_H

#include <stdint.h>

#include "attention_kernels.h"
#include "lstm_kernels.h"
#include "number_kernels.h"
#include "place_kernels.h"
#include "pool_kernels.h"
#include "thread_kernels.h"

/// Fused inner loops over plain float arrays, row-major. Every function exists once for each instruction set
/// (body.h compiled by instruction_sets/*.c) and runs with the best one that this processor has (dispatch.c).
/// Callers check shapes; nothing here allocates.

/// The instruction set in use: "avx512", "avx2" or "portable".
const char *pb_instruction_set(void);

/// Chooses an instruction set by name for the calling thread, so that tests can prove each; returns 0 where this processor lacks it.
int pb_use_instruction_set(const char *name);

/// What every kernel asks after each millisecond of work or so: where `ask` gives 1 it ends early and leaves what it has not
/// written as it is. A step of AdamW, which changes what its caller keeps, is always done whole.
void pb_ask_with(int (*ask)(void));

/// Keeps the memory of large arrays that are freed for later ones, in place of giving it back to the system; returns 0
/// where that cannot be.
int pb_keep_freed_memory(void);

/// A matrix [depth, columns] as products read it: in `packed`, of pb_packed(depth, columns) floats, from the returned place on.
/// Element (k, n) stands at b[k * row + n * step], where one of both is 1.
long pb_packed(long depth, long columns);
long pb_pack(long depth, long columns, const float *b, long row, long step, float *packed);

/// c[rows, columns] = a [rows, depth] x a packed matrix, beside what is there if it accumulates. Element (r, k) of a stands at
/// a[r * a_row + k * a_step], where one of both is 1; rows of c are `c_row` apart. With `reverse` the columns are read from the last on.
struct pb_packed_product {
  long rows, columns, depth, a_row, a_step, c_row;
  int accumulate, reverse;
};
/// Whether this is faster than a library's product: where blocks of 12 rows fit into registers.
int pb_multiplies_fast(void);
void pb_multiply_packed(const struct pb_packed_product *sizes, const float *a, const float *packed, float *c);

/// y[r, :] = bias + sum over c of table[c, ids[r, c], :], with table [cells, entries, dim].
void pb_gather_sum(long rows, long cells, long entries, long dim, const uint8_t *ids, const float *table,
                   const float *bias, float *y);

/// The gradient of pb_gather_sum with respect to the table: dtable[c, ids[r, c], :] += dy[r, :].
void pb_scatter_sum(long rows, long cells, long entries, long dim, const uint8_t *ids, const float *dy, float *dtable);

/// y = (x - mean) / sqrt(variance + epsilon) * weight + bias over rows of `dim`; keeps mean and 1 / deviation a row.
void pb_layer_norm(long rows, long dim, float epsilon, const float *x, const float *weight, const float *bias,
                   float *y, float *mean, float *inverse_deviation);

/// The gradient of pb_layer_norm; dweight and dbias are added to.
void pb_layer_norm_backward(long rows, long dim, const float *x, const float *weight, const float *mean,
                            const float *inverse_deviation, const float *dy, float *dx, float *dweight, float *dbias);

/// y = x / sqrt(mean of x^2 + epsilon) * weight over rows of `dim`; keeps the inverse of the root a row.
void pb_rms_norm(long rows, long dim, float epsilon, const float *x, const float *weight, float *y, float *inverse);

/// The gradient of pb_rms_norm; dweight is added to.
void pb_rms_norm_backward(long rows, long dim, const float *x, const float *weight, const float *inverse,
                          const float *dy, float *dx, float *dweight);

/// probabilities = softmax(x) over rows of `classes`; x and probabilities may be one array.
void pb_softmax(long rows, long classes, const float *x, float *probabilities);

/// One step of AdamW as PyTorch writes it, with decoupled weight decay.
void pb_adamw(long n, float *value, const float *gradient, float *first, float *second, float rate, float beta1,
              float beta2, float epsilon, float decay, float correction1, float correction2);

/// y += a * x
void pb_axpy(long n, float a, const float *x, float *y);

/// y = a + b, and y = a * b, for each of `rows` rows of a and y [rows, n], all with the same b [n].
void pb_add(long rows, long n, const float *a, const float *b, float *y);
void pb_multiply(long rows, long n, const float *a, const float *b, float *y);

/// y [rows] = matrix [rows, depth] x, or that added to y; the matrix's rows are `stride` apart.
void pb_matrix_vector(long rows, long depth, const float *matrix, long stride, const float *x, float *y,
                      int accumulate);

/// sums[:] += the rows of x [rows, columns], whose rows are `stride` apart.
void pb_column_sums(long rows, long columns, long stride, const float *x, float *sums);

/// totals[columns] += the sum of the rows [rows, columns], `stride` apart, in double precision
void pb_column_totals(long rows, long columns, long stride, const float *x, double *totals);

/// Sets every row of x [rows, columns], `stride` apart, to `row`.
void pb_fill_rows(long rows, long columns, long stride, const float *row, float *x);

/// Sets what is behind the first `columns` floats of each row, `stride` apart, to zero.
void pb_clear_padding(long rows, long columns, long stride, float *x);

void pb_exp(long n, const float *x, float *y);
void pb_tanh(long n, const float *x, float *y);
void pb_sigmoid(long n, const float *x, float *y);

/// Functions of every element; elementwise.h says what each is.
enum pb_function {
  PB_NEGATE, PB_EXP, PB_LOG, PB_LOG2, PB_SQRT, PB_ABS, PB_SIN, PB_COS, PB_TAN, PB_TANH, PB_SIGMOID, PB_RELU, PB_GELU,
  PB_SILU, PB_SOFTPLUS, PB_CLAMP, PB_ROUND, PB_FLOOR, PB_CEIL, PB_SIGN, PB_FIXED_POWER, PB_SCALE
};

/// y = f(x). The bounds of PB_CLAMP are p and q, the exponent of PB_FIXED_POWER is p, and PB_SCALE gives p x + q.
void pb_map(enum pb_function function, long n, float p, float q, const float *x, float *y);

/// dx = the gradient of x from that of the result; `kept` is the result for PB_EXP, PB_SQRT, PB_TAN, PB_TANH and PB_SIGMOID,
/// else x.
void pb_map_backward(enum pb_function function, long n, float p, float q, const float *kept, const float *dy, float *dx);

/// Functions of pairs of elements, comparisons as 1 or 0; of equal ones each has half a share of the extremum.
enum pb_pair_function {
  PB_ADD, PB_SUBTRACT, PB_MULTIPLY, PB_DIVIDE, PB_POWER, PB_FLOOR_DIVIDE, PB_REMAINDER, PB_MAXIMUM, PB_MINIMUM, PB_EQUAL, PB_NOT_EQUAL, PB_LESS,
  PB_LESS_OR_EQUAL, PB_SHARE_OF_LARGER, PB_SHARE_OF_SMALLER, PB_SELECT, PB_HOLD,
  PB_SHARE_OF_HELD, PB_SHARE_OF_LOW, PB_SHARE_OF_HIGH
};

/// The most axes of a walk or a copy.
enum { PB_AXES = 64 };

/// Operands, up to three, stretched to one shape: for each of its axes the floats from one entry to the next of each, 0 where an operand is
/// stretched.
struct pb_walk {
  long axes;
  long sizes[PB_AXES], steps[3][PB_AXES];
};

/// Begins a walk over a shape of at most PB_AXES axes; then comes each operand, of a shape that stretches to it and with the floats from one
/// entry to the next along its own axes, NULL where they stand side by side; and at last neighboring axes along which all move evenly become one.
void pb_begin_walk(struct pb_walk *walk, long axes, const long *shape);
void pb_add_operand(struct pb_walk *walk, int operand, long axes, const long *shape, const long *strides);
void pb_end_walk(struct pb_walk *walk);

/// A bit for each operand whose elements stand so far apart along the last axis, or in so short rows, that they are better put side by side.
int pb_far_operands(const struct pb_walk *walk);

/// Makes the longest axis the last one where that is shorter than `size`, for work that may take the elements in any order.
void pb_put_longest_last(struct pb_walk *walk, long size);

/// y = f(a, b) for `n` elements from `start` on, in row-major order, which are written from y[start] on. PB_SELECT takes a where
/// the mask is not 0 and b elsewhere, PB_HOLD a held between b and the mask, and the next three the shares of its gradient; other functions have none.
/// `bytes` says which operands are bytes, those of masks, and not floats: 1 for a, 2 for b, 4 for the mask.
void pb_combine(const struct pb_walk *walk, enum pb_pair_function function, int bytes, long start, long n, const void *a,
                const void *b, const void *mask, float *y);

/// y = whether a comparison holds for a row of n elements, as bytes of 0 and 1; steps are 1, or 0 for an element that serves the whole row.
void pb_compare_row(enum pb_pair_function comparison, long n, const float *a, long step_a, const float *b, long step_b, uint8_t *y);

/// Bytes of 0 and 1 that are 1 where both are, one is, just one, both or none, just b, or b or none; and those that are 1 where x is not.
enum pb_logic { PB_AND, PB_OR, PB_EITHER, PB_ALIKE, PB_BELOW, PB_AT_MOST };
void pb_join_bytes(enum pb_logic logic, long n, const uint8_t *a, const uint8_t *b, uint8_t *y);
void pb_flip_bytes(long n, const uint8_t *x, uint8_t *y);

/// x = f(x, b) for `n` elements from `start` on of a walk, in row-major order, whose steps may be any: `a` are those in x, where no
/// two elements are one. Nobody is asked whether the work must stop, as a half would be seen.
void pb_update(const struct pb_walk *walk, enum pb_pair_function function, long start, long n, const float *b, float *x);

/// The same as pb_combine for one row of n elements; steps are 1, or 0 for an element that serves the whole row.
void pb_combine_row(enum pb_pair_function function, long n, const float *a, long step_a, const float *b, long step_b,
                    float *y);

/// Sets y to the elements of x whose mask, of floats or of bytes, is not 0, side by side, and `count` to their number; `y` may lack room for no more than
/// those.
void pb_compress(long n, int bytes, const void *mask, const float *x, float *y, long *count);

/// What pb_compress took put back to where it was, zeros elsewhere.
void pb_expand(long n, int bytes, const void *mask, const float *x, float *y);

/// The number of elements that are whole numbers from `low` on below a limit.
void pb_count_wholes(long n, float low, float limit, const float *x, long *count);

/// The number of elements of a mask that are not 0.
void pb_count_set(long n, int bytes, const void *mask, long *count);

/// A copy: the sizes of the axes, and the floats from one entry to the next on both sides.
struct pb_copy {
  long axes;
  /// Whether the last two axes are a matrix that is transposed: `from` is side by side along the first of them, `to` along the second.
  int transposes;
  /// The axis whose entries threads may share out.
  long split;
  long sizes[PB_AXES], from[PB_AXES], to[PB_AXES];
};

/// Works out a copy of the elements of a shape, all sizes 1 or more, with as few axes as do, in the order of the side that is written to.
/// Without `to` they are written side by side. Returns 0 unless it reads places below `read` and writes places below `written` alone.
int pb_plan_copy(struct pb_copy *copy, long axes, const long *shape, const long *from, long start, long read, const long *to,
                 long target, long written);

/// The entries of the axis `split`, and about the nanoseconds of the copy.
long pb_split_size(const struct pb_copy *copy);
long pb_copy_cost(const struct pb_copy *copy);
/// Copies `count` entries of the axis `split` from `first` on; x and y are where both sides begin.
void pb_copy_part(const struct pb_copy *copy, long first, long count, const float *x, float *y);
/// Rows of up to four arrays side by side, each of so many elements as its width, 0 for none, written `apart` floats from one another.
void pb_join_rows(long rows, const long widths[4], const float *a, const float *b, const float *c, const float *d, float *y, long apart);

/// How channels [height, width] are laid out as planes [rows, columns] with padding: one for each rest that row and column leave when
/// they are divided by the strides, `row_parts` x `column_parts` of them; those of a channel are side by side.
struct pb_planes {
  long channels, height, width, rows, columns, row_parts, column_parts;
  long row_stride, column_stride, row_padding, column_padding;
  /// Floats from one channel to the next.
  long channel_stride;
};

/// Lays channels out as planes, and back.
void pb_pack_planes(const struct pb_planes *planes, const float *x, float *packed);
void pb_unpack_planes(const struct pb_planes *planes, const float *packed, float *x);

/// Filters are packed in blocks of this many: [block, tap, filter].
enum { PB_FILTERS = 8 };

/// y[f, p] = bias[f] + sum over t of weight[f, t] * x[p + offsets[t]] for `places` places; bias may be NULL. What follows the last
/// place by up to 64 floats is read.
void pb_convolve(long filters, long taps, const long *offsets, const float *weight, const float *bias, long places,
                 const float *x, float *y, long stride);

/// sums[f, t] += sum over p of dy[f, p] * x[p + offsets[t]]; rows of dy are `stride` apart.
void pb_correlate(long filters, long taps, const long *offsets, long places, const float *dy, long stride, const float *x,
                  float *sums);

/// The next n numbers of a stream of xoshiro256**, whose `state` of four words moves on: even ones in [low, high), and normal ones
/// of two draws each.
void pb_uniform(uint64_t *state, long n, float low, float high, float *y);

/// The next n whole numbers of a stream from `low` on, `bound` different ones, as floats; sets *doubtful where they are not to be used.
void pb_whole(uint64_t *state, long n, uint64_t bound, float low, float *y, int *doubtful);
void pb_normal(uint64_t *state, long n, float *y);

/// totals[r] = the sum of each row of x [rows, n], or of the squares of its distances from means[r], NULL for 0.
void pb_row_totals(long rows, long n, const float *x, double *totals);
void pb_row_squares(long rows, long n, const float *x, const double *means, double *totals);

/// totals[c] += the sum of the squares of the distances of column c from means[c], or from 0 where that is NULL; rows are `stride` apart.
void pb_column_squares(long rows, long columns, long stride, const float *x, const double *means, double *totals);

/// y = x [rows, n] less the mean of its row, or with `by_column` of its column.
void pb_centered(long rows, long n, int by_column, const float *x, const double *means, float *y);

/// Where the largest element of each row is, the smallest with a sign of -1: the first NaN, else the first of equal ones.
void pb_row_extremes(long rows, long n, float sign, const float *x, int32_t *places);

/// The same for columns of rows `stride` apart; `best` has room for one of each.
void pb_column_extremes(long rows, long columns, long stride, float sign, const float *x, float *best, int32_t *places);

/// y = the largest element of each row of x [rows, n], or of each column of rows `stride` apart, the smallest with a sign of -1; NaN
/// where one is.
void pb_row_largest(long rows, long n, float sign, const float *x, float *y);
void pb_column_largest(long rows, long columns, long stride, float sign, const float *x, float *y);

/// products[r] = the product of each row of x [rows, n], rounded once where a double holds it; it is to be multiplied by 2 to powers[r] unless that is NULL.
void pb_row_products(long rows, long n, const float *x, double *products, long *powers);

/// products[c] *= the elements of column c, rows `stride` apart; the products up to each row go to y as well unless that is NULL.
void pb_column_products(long rows, long columns, long stride, const float *x, float *y, double *products);

/// y = the products of each row of x [rows, n] up to each place.
void pb_running_products(long rows, long n, const float *x, float *y);

/// y = the logarithm of the sum of e^x over each row of x [rows, n], and its gradient from what came out.
void pb_log_sum_exp(long rows, long n, const float *x, float *y);
void pb_log_sum_exp_backward(long rows, long n, const float *x, const float *y, const float *dy, float *dx);

/// totals[r] = the sum of the products of rows of a and b [rows, n].
void pb_row_dots(long rows, long n, const float *a, const float *b, double *totals);

/// keys[k] = a number that orders as x[k * step] does, NaN as the largest; the other way round with `descending`.
void pb_order_keys(long n, long step, int descending, const float *x, uint32_t *keys);

/// The longest row that pb_order_rows takes.
enum { PB_SHORT_ROW = 256 };

/// places[r][j] = where the element of rank j stands, of equal ones the first, for rows `first` and on of x [outer, n, inner] along n and
/// the first `taken` ranks; NaN counts as the largest.
void pb_order_rows(long first, long rows, long n, long inner, int descending, long taken, const float *x, int32_t *places);

/// The keys that the functions below need room for beside n of them.
long pb_spare_keys(long n);

/// places = those of the k least of n keys, the first of equal ones, in the order of the places.
void pb_least_places(long n, long k, const uint32_t *keys, uint32_t *spare, int32_t *places);

/// places[j] = that of the key with ranks[j] others before it in order, equal ones in theirs.
void pb_ranked_places(long n, long count, const long *ranks, const uint32_t *keys, uint32_t *spare, int32_t *places);

/// y[c] = the sum of weights[r * step] times row r of x [rows, columns], rows `stride` apart.
void pb_weighted_rows(long rows, long columns, long stride, const float *x, const float *weights, long step, float *y);

/// y[c] = the sum of x[r, c] * v[r], whose terms are added up as pb_matrix_vector adds up those of a row.
void pb_column_vector(long rows, long columns, long stride, const float *x, const float *v, float *y);

/// A product of small matrices: y[i][j] = the sum of a[i * a_row + k * a_step] b[k * b_step + j], beside what is there if it accumulates.
struct pb_small_product {
  long rows, columns, depth, a_row, a_step, b_step, y_row;
  int accumulate;
};
void pb_small_product(const struct pb_small_product *sizes, const float *a, const float *b, float *y);

/// `count` of them, one behind the other, of matrices without gaps and of at most 256 elements in b; with `turned` b has its columns as rows.
void pb_small_products(const struct pb_small_product *sizes, long count, int turned, const float *a, const float *b, float *y);

/// y = the logarithm of softmax(x) over rows of `classes`; its gradient and that of softmax from what came out.
void pb_log_softmax(long rows, long classes, const float *x, float *y);
void pb_log_softmax_backward(long rows, long classes, const float *y, const float *dy, float *dx);
void pb_softmax_backward(long rows, long classes, const float *y, const float *dy, float *dx);

/// y = softmax of each column of x [rows, columns], rows `stride` apart, or its logarithm, and the gradient from what came out.
void pb_column_softmax(long rows, long columns, long stride, int is_logarithm, const float *x, float *y);
void pb_column_softmax_backward(long rows, long columns, long stride, int is_logarithm, const float *y, const float *dy, float *dx);

/// Running sums down the columns of x [rows, columns], rows `stride` apart, from `totals` on, which are those at the end.
void pb_running(long rows, long columns, long stride, int backwards, const float *x, float *y, double *totals);

/// y = log(1 + e^x), and its gradient dx = dy * sigmoid(x).
void pb_softplus(long n, const float *x, float *y);
void pb_softplus_backward(long n, const float *x, const float *dy, float *dx);

/// out = y * silu(z), and its gradient.
void pb_gate(long n, const float *y, const float *z, float *out);
void pb_gate_backward(long n, const float *y, const float *z, const float *dout, float *dy, float *dz);

/// out = y * silu(z) + s * (1 - sigmoid(z)), and its gradient; n is a multiple of pb_row_stride(1).
void pb_forget_gate(long n, const float *y, const float *s, const float *z, float *out);
void pb_forget_gate_backward(long n, const float *y, const float *s, const float *z, const float *dout, float *dy,
                             float *ds, float *dz);

/// Floats from one row of channels to the next in the functions below: so many that no vector crosses a row's end.
long pb_row_stride(long channels);

/// A causal depthwise convolution: channels d with taps weight[d, 0 ... width - 1], the last of them for the step itself.
struct pb_convolution {
  long batch, time, channels, width;
  /// Whether "earlier" steps are later in memory; whether the gradient of x is added to what is there.
  int reverse, accumulate;
  const float *weight, *bias;
};

/// Floats of scratch memory that the convolution and its gradient need.
long pb_convolution_scratch(long time, long channels, long width);

/// y = silu(convolution of x), rows [batch * time, row stride]. `window` [batch, width - 1, row stride] holds the inputs
/// before the first step, and those before the next step on exit; NULL stands for zeros. Not with `reverse`.
void pb_convolution_silu(const struct pb_convolution *convolution, const float *x, float *window, float *y,
                         float *scratch);

/// The gradient of pb_convolution_silu without a window; dweight and dbias are added to.
void pb_convolution_silu_backward(const struct pb_convolution *convolution, const float *x, const float *dy, float *dx,
                                  float *dweight, float *dbias, float *scratch);

/// Steps of a selective scan between two kept states.
enum { PB_SCAN_STEPS = 16 };

/// A selective scan: h_t = exp(delta_t A) h_{t-1} + delta_t u_t B_t, y_t = C_t h_t + D u_t.
struct pb_scan {
  long batch, time, channels, state;
  /// Floats between rows of u, delta and y, and between rows of B and C.
  long stride, bc_stride;
  /// Whether time runs backwards; whether y is added to what is there.
  int reverse, accumulate;
  /// u and delta are [batch * time, stride]; `a` holds A / log 2 [channels, row stride of state], zero beyond the state;
  /// `bc` has B and then C in a row; `skip` is D.
  const float *u, *delta, *a, *bc, *skip;
};

/// Floats of scratch memory that the scan and its gradient need.
long pb_scan_scratch(long channels, long state);

/// `h` [batch, channels, row stride of state] is the state before the first step on entry and after the last on exit.
/// `states`, unless NULL, gets it before every PB_SCAN_STEPS steps: [batch, time / PB_SCAN_STEPS rounded up, ...].
void pb_scan_forward(const struct pb_scan *scan, float *h, float *y, float *states, float *scratch);

/// The gradient of pb_scan_forward from a state of zero, or from another that needs none. du and ddelta are written, as
/// are B's and C's columns of dbc, rows as those of bc; da [as a], the gradient of A itself, and dskip are added to.
void pb_scan_backward(const struct pb_scan *scan, const float *states, const float *dy, float *du, float *ddelta,
                      float *da, float *dbc, float *dskip, float *scratch);

/// Floats of scratch memory that the scan for the last step alone and its gradient need.
long pb_scan_last_scratch(long time, long channels, long state);

/// The last step of pb_scan_forward from a state of zero, forwards and without adding: y [batch, stride], and the states
/// `h` [batch, channels, row stride of state] for the gradient.
void pb_scan_last_forward(const struct pb_scan *scan, float *h, float *y, float *scratch);

/// The gradient of pb_scan_last_forward, written and added to as by pb_scan_backward; dy is [batch, stride].
void pb_scan_last_backward(const struct pb_scan *scan, const float *h, const float *dy, float *du, float *ddelta,
                           float *da, float *dbc, float *dskip, float *scratch);

/// y = x with a share 1 - keep of the elements set to 0 and the others divided by keep; the same ones for the same seed.
void pb_dropout(long n, uint32_t seed, float keep, const float *x, float *y);

/// y = dropout of max(x, 0), and its gradient from what came out.
void pb_relu_dropout(long n, uint32_t seed, float keep, const float *x, float *y);
void pb_relu_dropout_backward(long n, float keep, const float *y, const float *dy, float *dx);

#endif
