/// The recurrence of an LSTM and its gradient, step by step over a batch. Included by body.h.
///
/// A step multiplies the state of all sequences [batch, hidden] by the recurrent weights, which stay packed for the
/// whole sequence, and applies the gates; the input's share of the gates was computed for all steps beforehand.

/// c[rows, columns] (rows `c_stride` apart) = start + a[rows, depth] x weights[depth, columns], where `columns` counts
/// whole vectors of `width` floats and start is c itself or zero. Kept in registers: ROWS x VECTORS accumulators.
#define BLOCK(ROWS, VECTORS)                                                                                        \
  INLINE void block_##ROWS##x##VECTORS(long depth, const float *a, long a_stride, const float *weights,             \
                                       long weight_stride, float *c, long c_stride, int accumulate) {               \
    vector sum[ROWS][VECTORS];                                                                                      \
    for (int r = 0; r < ROWS; r++)                                                                                  \
      for (int v = 0; v < VECTORS; v++) sum[r][v] = accumulate ? load(c + r * c_stride + v * LANES) : (vector){};   \
    for (long k = 0; k < depth; k++) {                                                                              \
      vector w[VECTORS];                                                                                            \
      for (int v = 0; v < VECTORS; v++) w[v] = load(weights + k * weight_stride + v * LANES);                       \
      for (int r = 0; r < ROWS; r++) {                                                                              \
        vector x = splat(a[r * a_stride + k]);                                                                      \
        for (int v = 0; v < VECTORS; v++) sum[r][v] += x * w[v];                                                    \
      }                                                                                                             \
    }                                                                                                               \
    for (int r = 0; r < ROWS; r++)                                                                                  \
      for (int v = 0; v < VECTORS; v++) store(c + r * c_stride + v * LANES, sum[r][v]);                             \
  }

#if BLOCK_ROWS == 8
BLOCK(8, 2)
BLOCK(8, 1)
#endif
BLOCK(4, 2)
BLOCK(4, 1)
BLOCK(1, 8)
BLOCK(1, 2)
BLOCK(1, 1)

/// c = (accumulate ? c : 0) + a x weights, with weights [depth, columns] and columns a multiple of LANES.
static void multiply_packed(long rows, long depth, long columns, const float *a, long a_stride, const float *weights,
                            float *c, long c_stride, int accumulate) {
#define ROW_BLOCK(ROWS)                                                                                     \
  for (; r + ROWS <= rows; r += ROWS) {                                                                     \
    long n = 0;                                                                                             \
    for (; ROWS == 1 && n + 8 * LANES <= columns; n += 8 * LANES)                                           \
      block_1x8(depth, a + r * a_stride, a_stride, weights + n, columns, c + r * c_stride + n, c_stride,    \
                accumulate);                                                                                \
    for (; n + 2 * LANES <= columns; n += 2 * LANES)                                                        \
      block_##ROWS##x2(depth, a + r * a_stride, a_stride, weights + n, columns, c + r * c_stride + n, c_stride, \
                       accumulate);                                                                         \
    for (; n < columns; n += LANES)                                                                         \
      block_##ROWS##x1(depth, a + r * a_stride, a_stride, weights + n, columns, c + r * c_stride + n, c_stride, \
                       accumulate);                                                                         \
  }
  long r = 0;
#if BLOCK_ROWS == 8
  ROW_BLOCK(8)
#endif
  ROW_BLOCK(4)
  ROW_BLOCK(1)
}

/// One step of `n` units of one sequence: gates become activations, the state moves on.
INLINE void forward_units(vector *i, vector *f, vector *g, vector *o, vector *c, vector *h) {
  *i = logistic(*i);
  *f = logistic(*f);
  *g = hyperbolic_tangent(*g);
  *o = logistic(*o);
  *c = *f * *c + *i * *g;
  *h = *o * hyperbolic_tangent(*c);
}

/// Columns of the recurrent weights that stand together, [hidden, LSTM_GROUP] floats one after the other.
enum { LSTM_GROUP = 128 };

INLINE long group_width(long columns, long first) {
  return columns - first < LSTM_GROUP ? columns - first : LSTM_GROUP;
}

/// The recurrent weights [4 hidden, hidden] in groups, and the bias behind them.
static void lstm_pack(long hidden, const float *whh, const float *bias, float *packed) {
  // As many at a time as stand side by side in a cache line of the weights.
  enum { TILE = 16 };
  long columns = pb_padded(4 * hidden);
  for (long first = 0; first < columns; first += LSTM_GROUP) {
    long width = group_width(columns, first);
    for (long k = 0; k < hidden && !pb_must_stop_after(LSTM_GROUP * TILE * 2); k += TILE) {
      long count = hidden - k < TILE ? hidden - k : TILE;
      for (long n = 0; n < width; n++)
        for (long j = 0; j < count; j++)
          packed[(k + j) * width + n] = first + n < 4 * hidden ? whh[(first + n) * hidden + k + j] : 0;
    }
    packed += hidden * width;
  }
  memcpy(packed, bias, (unsigned long)(4 * hidden) * sizeof(float));
}

/// gates += h x the packed weights, which can be more than the first cache holds: every other step goes through them from
/// the end, as what is read in the same order again and again is never found there.
static void recur(long batch, long time, long step, long hidden, const float *h, const float *packed, float *gates) {
  long columns = pb_padded(4 * hidden), groups = (columns + LSTM_GROUP - 1) / LSTM_GROUP;
  for (long k = 0; k < groups; k++) {
    long first = (step % 2 ? groups - 1 - k : k) * LSTM_GROUP;
    multiply_packed(batch, hidden, group_width(columns, first), h, hidden, packed + first * hidden, gates + first,
                    time * columns, 1);
  }
}

static void lstm_forward(long batch, long time, long hidden, int reverse, float *gates, const float *packed, float *h,
                         float *c, float *y, long y_stride, float *cells) {
  long stride = pb_padded(4 * hidden);
  const float *bias = packed + hidden * stride;
  for (long step = 0; step < time; step++) {
    long t = reverse ? time - 1 - step : step;
    if (pb_must_stop_after(batch * hidden * (hidden / 8 + 4))) return;
    recur(batch, time, step, hidden, h, packed, gates + t * stride);
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
  vector tangent = hyperbolic_tangent(cell);
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
  float *packed = scratch, *dh = packed + 4 * hidden * width, *dc = dh + batch * width;
  for (long n = 0; n < 4 * hidden; n++) {
    memcpy(packed + n * width, whh + n * hidden, (unsigned long)hidden * sizeof(float));
    for (long k = hidden; k < width; k++) packed[n * width + k] = 0;
  }
  memset(dh, 0, (unsigned long)(2 * batch * width) * sizeof(float));
  for (long step = time - 1; step >= 0; step--) {
    long t = reverse ? time - 1 - step : step, earlier = reverse ? t + 1 : t - 1;
    if (pb_must_stop_after(batch * hidden * (hidden / 8 + 4))) return;
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
    if (step > 0)
      multiply_packed(batch, 4 * hidden, width, gradients + t * stride, time * stride, packed, dh, width, 0);
  }
}
