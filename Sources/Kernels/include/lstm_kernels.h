#ifndef PIXELBYTES_LSTM_KERNELS_H
#define PIXELBYTES_LSTM_KERNELS_H

#include <stdint.h>

/// Floats from one row of LSTM gates to the next: 4 * hidden, rounded up so that no vector crosses a row's end.
long pb_lstm_gate_stride(long hidden);

/// Recurrent weights [4 * hidden, hidden] and the bias [4 * hidden] as the recurrence reads them: in `packed`, of
/// pb_lstm_packed(hidden) floats, from the returned place on, so that vectors do not cross cache lines.
long pb_lstm_packed(long hidden);
long pb_lstm_pack(long hidden, const float *whh, const float *bias, float *packed);

/// The recurrence of one LSTM direction. `gates` [batch * time, gate stride] holds x W_ih^T on entry and the activations i, f,
/// g, o on exit; with `places`, row r of x W_ih^T is row places[r] of `products`, of the same stride. `packed` is where pb_lstm_pack has put the weights and the bias. `h` and `c` [batch, hidden] are the state before
/// the first step on entry and after the last on exit. `y` gets h of every step (rows `y_stride` apart), `cells`
/// [batch * time, hidden] gets c of every step.
void pb_lstm_forward(long batch, long time, long hidden, int reverse, float *gates, const float *products,
                     const long *places, const float *packed, float *h, float *c, float *y, long y_stride, float *cells);

/// Floats of scratch memory that pb_lstm_backward needs.
long pb_lstm_scratch(long batch, long hidden);

/// The gradient of pb_lstm_forward. `gates` holds the activations; `gradients`, of the same shape, gets those of the
/// pre-activations. `c0` [batch, hidden] is the first state. `dy` rows are `dy_stride` apart.
void pb_lstm_backward(long batch, long time, long hidden, int reverse, const float *gates, float *gradients,
                      const float *cells, const float *c0, const float *whh, const float *dy, long dy_stride,
                      float *scratch);

/// The distinct ones of `rows` rows of `size` bytes, in the order in which they come: row r is equal to row firsts[places[r]].
/// `slots`, of a power of two that exceeds `rows`, are -1. Returns how many there are.
long pb_distinct_rows(long rows, long size, const uint8_t *x, long *places, long *firsts, long slot_count, long *slots);

/// y[places[r], :] += x[r, :] over rows of `columns` floats, `stride` apart in both.
void pb_add_rows(long rows, long columns, long stride, const long *places, const float *x, float *y);

#endif
