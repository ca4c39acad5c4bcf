#ifndef PIXELBYTES_KERNELS_H
#define PIXELBYTES_KERNELS_H

#include <stdint.h>

/// Fused inner loops over plain float arrays, row-major. Every function exists once for each instruction set
/// (body.h compiled by instruction_sets/*.c) and runs with the best one that this processor has (dispatch.c).
/// Callers check shapes; nothing here allocates.

/// The instruction set in use: "avx512", "avx2" or "portable".
const char *pb_instruction_set(void);

/// Chooses an instruction set by name, so that tests can prove each; returns 0 where this processor lacks it.
int pb_use_instruction_set(const char *name);

/// Floats of scratch memory that the two LSTM passes need.
long pb_lstm_scratch(long batch, long hidden);

/// Floats from one row of LSTM gates to the next: 4 * hidden, rounded up so that no vector crosses a row's end.
long pb_lstm_gate_stride(long hidden);

/// The recurrence of one LSTM direction. `gates` [batch * time, gate stride] holds x W_ih^T + b_ih + b_hh on entry and
/// the activations i, f, g, o on exit. `whh` is [4 * hidden, hidden]. `h` and `c` [batch, hidden] are the state before
/// the first step on entry and after the last on exit. `y` gets h of every step (rows `y_stride` apart), `cells`
/// [batch * time, hidden] gets c of every step.
void pb_lstm_forward(long batch, long time, long hidden, int reverse, float *gates, const float *whh, float *h,
                     float *c, float *y, long y_stride, float *cells, float *scratch);

/// The gradient of pb_lstm_forward. `gates` holds the activations on entry and the gradient of the pre-activations on
/// exit. `c0` [batch, hidden] is the first state. `dy` rows are `dy_stride` apart.
void pb_lstm_backward(long batch, long time, long hidden, int reverse, float *gates, const float *cells,
                      const float *c0, const float *whh, const float *dy, long dy_stride, float *scratch);

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

/// probabilities = softmax(x) over rows of `classes`; x and probabilities may be one array.
void pb_softmax(long rows, long classes, const float *x, float *probabilities);

/// One step of AdamW as PyTorch writes it, with decoupled weight decay.
void pb_adamw(long n, float *value, const float *gradient, float *first, float *second, float rate, float beta1,
              float beta2, float epsilon, float decay, float correction1, float correction2);

/// y += a * x
void pb_axpy(long n, float a, const float *x, float *y);

/// y = a + b, and y = a * b, element by element.
void pb_add(long n, const float *a, const float *b, float *y);
void pb_multiply(long n, const float *a, const float *b, float *y);

/// sums[:] += the rows of x [rows, columns], whose rows are `stride` apart.
void pb_column_sums(long rows, long columns, long stride, const float *x, float *sums);

/// Sets every row of x [rows, columns], `stride` apart, to `row`.
void pb_fill_rows(long rows, long columns, long stride, const float *row, float *x);

void pb_exp(long n, const float *x, float *y);
void pb_tanh(long n, const float *x, float *y);
void pb_sigmoid(long n, const float *x, float *y);

#endif
