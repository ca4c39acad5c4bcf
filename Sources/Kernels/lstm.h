/// The recurrence of an LSTM and its gradient, step by step over a batch. Included by body.h.
///
/// A step multiplies the state of all sequences [batch, hidden] by the recurrent weights, which stay packed for the
/// whole sequence, and applies the gates; the input's share of the gates was computed for all steps beforehand.

/// One step of `n` units of one sequence: gates become activations, the state moves on.
INLINE void forward_units(vector *i, vector *f, vector *g, vector *o, vector *c, vector *h) {
  *i = gate_logistic(*i);
  *f = gate_logistic(*f);
  *g = gate_tangent(*g);
  *o = gate_logistic(*o);
  *c = *f * *c + *i * *g;
  *h = *o * gate_tangent(*c);
}

/// The recurrent weights [4 hidden, hidden] packed, and the bias behind them.
static void lstm_pack(long hidden, const float *whh, const float *bias, float *packed) {
  pack_panels(hidden, 4 * hidden, whh, 1, hidden, packed);
  memcpy(packed + pb_panels(hidden, 4 * hidden), bias, (unsigned long)(4 * hidden) * sizeof(float));
}

static void lstm_forward(long batch, long time, long hidden, int reverse, float *gates, const float *products,
                         const long *places, const float *packed, float *h, float *c, float *y, long y_stride,
                         float *cells) {
  long stride = pb_padded(4 * hidden);
  const float *bias = packed + pb_panels(hidden, 4 * hidden);
  // The weights can be more than a cache holds: every other step goes through them from the end, as what is read in the
  // same order again and again is never found there.
  struct pb_packed_product recurrence = {.rows = batch, .columns = 4 * hidden, .depth = hidden, .a_row = hidden,
                                         .a_step = 1, .c_row = time * stride, .accumulate = 1};
  for (long step = 0; step < time; step++) {
    long t = reverse ? time - 1 - step : step;
    if (pb_must_stop_after(batch * hidden * 4)) return;
    for (long b = 0; places && b < batch; b++)
      memcpy(gates + (b * time + t) * stride, products + places[b * time + t] * stride,
             (unsigned long)(4 * hidden) * sizeof(float));
    recurrence.reverse = step % 2;
    multiply_packed(&recurrence, h, packed, gates + t * stride);
    for (long b = 0; b < batch; b++) {
      float *gate = gates + (b * time + t) * stride, *state = c + b * hidden, *output = h + b * hidden;
      long j = 0;
      for (; j + LANES <= hidden; j += LANES) {
        vector i = load(gate + j) + load(bias + j), f = load(gate + hidden + j) + load(bias + hidden + j),
               g = load(gate + 2 * hidden + j) + load(bias + 2 * hidden + j),
               o = load(gate + 3 * hidden + j) + load(bias + 3 * hidden + j), cell = load(state + j), out;
        forward_units(&i, &f, &g, &o, &cell, &out);
        store(gate + j, i), store(gate + hidden + j, f), store(gate + 2 * hidden + j, g);
        store(gate + 3 * hidden + j, o), store(state + j, cell), store(output + j, out);
      }
      if (j < hidden) {
        long n = hidden - j;
        vector i = load_first(gate + j, n) + load_first(bias + j, n),
               f = load_first(gate + hidden + j, n) + load_first(bias + hidden + j, n),
               g = load_first(gate + 2 * hidden + j, n) + load_first(bias + 2 * hidden + j, n),
               o = load_first(gate + 3 * hidden + j, n) + load_first(bias + 3 * hidden + j, n),
               cell = load_first(state + j, n), out;
        forward_units(&i, &f, &g, &o, &cell, &out);
        store_first(gate + j, i, n), store_first(gate + hidden + j, f, n), store_first(gate + 2 * hidden + j, g, n);
        store_first(gate + 3 * hidden + j, o, n), store_first(state + j, cell, n), store_first(output + j, out, n);
      }
      memcpy(y + (b * time + t) * y_stride, output, (unsigned long)hidden * sizeof(float));
      memcpy(cells + (b * time + t) * hidden, state, (unsigned long)hidden * sizeof(float));
    }
  }
}

/// The gradient of forward_units: activations become gradients of the pre-activations, dc that of the cell before.
INLINE void backward_units(vector *i, vector *f, vector *g, vector *o, vector cell, vector before, vector dh,
                           vector *dc) {
  vector tangent = gate_tangent(cell);
  vector dcell = *dc + dh * *o * (1.0f - tangent * tangent);
  vector di = dcell * *g * *i * (1.0f - *i), df = dcell * before * *f * (1.0f - *f);
  vector dg = dcell * *i * (1.0f - *g * *g), dgate = dh * tangent * *o * (1.0f - *o);
  *dc = dcell * *f;
  *i = di, *f = df, *g = dg, *o = dgate;
}

static void lstm_backward(long batch, long time, long hidden, int reverse, const float *gates, float *gradients,
                          const float *cells, const float *c0, const float *whh, const float *dy, long dy_stride,
                          float *scratch) {
  long stride = pb_padded(4 * hidden), width = pb_padded(hidden);
  float *packed = scratch, *dh = packed + pb_panels(4 * hidden, hidden), *dc = dh + batch * width;
  pack_panels(4 * hidden, hidden, whh, hidden, 1, packed);
  struct pb_packed_product recurrence = {.rows = batch, .columns = hidden, .depth = 4 * hidden, .a_row = time * stride,
                                         .a_step = 1, .c_row = width};
  memset(dh, 0, (unsigned long)(2 * batch * width) * sizeof(float));
  for (long step = time - 1; step >= 0; step--) {
    long t = reverse ? time - 1 - step : step, earlier = reverse ? t + 1 : t - 1;
    if (pb_must_stop_after(batch * hidden * 4)) return;
    for (long b = 0; b < batch; b++) {
      long row = b * time + t;
      float *change = gradients + row * stride;
      const float *gate = gates + row * stride, *cell = cells + row * hidden, *gradient = dy + row * dy_stride;
      const float *before = step == 0 ? c0 + b * hidden : cells + (b * time + earlier) * hidden;
      long j = 0;
      for (; j + LANES <= hidden; j += LANES) {
        vector i = load(gate + j), f = load(gate + hidden + j), g = load(gate + 2 * hidden + j),
               o = load(gate + 3 * hidden + j), state = load(dc + b * width + j);
        backward_units(&i, &f, &g, &o, load(cell + j), load(before + j),
                       load(gradient + j) + load(dh + b * width + j), &state);
        store(change + j, i), store(change + hidden + j, f), store(change + 2 * hidden + j, g);
        store(change + 3 * hidden + j, o), store(dc + b * width + j, state);
      }
      if (j < hidden) {
        long n = hidden - j;
        vector i = load_first(gate + j, n), f = load_first(gate + hidden + j, n),
               g = load_first(gate + 2 * hidden + j, n), o = load_first(gate + 3 * hidden + j, n),
               state = load_first(dc + b * width + j, n);
        backward_units(&i, &f, &g, &o, load_first(cell + j, n), load_first(before + j, n),
                       load_first(gradient + j, n) + load_first(dh + b * width + j, n), &state);
        store_first(change + j, i, n), store_first(change + hidden + j, f, n);
        store_first(change + 2 * hidden + j, g, n), store_first(change + 3 * hidden + j, o, n), store_first(dc + b * width + j, state, n);
      }
    }
    recurrence.reverse = step % 2;
    if (step > 0) multiply_packed(&recurrence, gradients + t * stride, packed, dh);
  }
}
