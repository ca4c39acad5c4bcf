/// The selective scan of Mamba and its gradient, in chunks of PB_SCAN_STEPS steps. Included by body.h.
///
/// h_t = exp(delta_t A) h_{t-1} + delta_t u_t B_t and y_t = C_t h_t + D u_t, for each channel with its own row of A.
/// The forward pass keeps only the states before each chunk. The gradient goes through a chunk again from there, with the
/// states and factors of one channel and one chunk in the first cache, and never sees a [batch, time, channel, state].

/// State vectors that go through a chunk together.
enum { SCAN_VECTORS = 4 };

/// Rows of B and C of one chunk, padded with zeros: [steps, width] each.
static void scan_rows(const struct pb_scan *s, long b, long first, long steps, float *rows_b, float *rows_c) {
  long width = pb_padded(s->state);
  for (long k = 0; k < steps; k++) {
    long t = s->reverse ? s->time - 1 - first - k : first + k;
    const float *row = s->bc + (b * s->time + t) * s->bc_stride;
    memcpy(rows_b + k * width, row, (unsigned long)s->state * sizeof(float));
    memcpy(rows_c + k * width, row + s->state, (unsigned long)s->state * sizeof(float));
    for (long n = s->state; n < width; n++) rows_b[k * width + n] = rows_c[k * width + n] = 0;
  }
}

/// Delta and delta * u of channel d in one chunk, whose rows begin with `row` and go by `step`.
INLINE void scan_column(const struct pb_scan *s, long d, long row, long step, long steps, float *delta,
                        float *drive) {
  for (long k = 0; k < steps; k++) {
    long place = (row + k * step) * s->stride + d;
    delta[k] = s->delta[place];
    drive[k] = delta[k] * s->u[place];
  }
}

/// One chunk of one channel: `vectors` vectors of states h move on, their share of y is added to `sums`.
INLINE void scan_chunk(const int vectors, long steps, long width, const float *a, const float *delta,
                       const float *drive, const float *rows_b, const float *rows_c, float *h, vector *sums) {
  vector rate[SCAN_VECTORS], state[SCAN_VECTORS];
  for (int v = 0; v < vectors; v++) rate[v] = load(a + v * LANES), state[v] = load(h + v * LANES);
  for (long k = 0; k < steps; k++) {
    vector time = splat(delta[k]), input = splat(drive[k]), sum = sums[k];
    for (int v = 0; v < vectors; v++) {
      vector factor = power_of_two(time * rate[v]);
      state[v] = factor * state[v] + input * load(rows_b + k * width + v * LANES);
      sum += state[v] * load(rows_c + k * width + v * LANES);
    }
    sums[k] = sum;
  }
  for (int v = 0; v < vectors; v++) store(h + v * LANES, state[v]);
}

static void scan_forward(const struct pb_scan *s, float *h, float *y, float *states, float *scratch) {
  unsigned mode = flush_denormals();
  long width = pb_padded(s->state), chunks = (s->time + PB_SCAN_STEPS - 1) / PB_SCAN_STEPS;
  float *rows_b = scratch, *rows_c = scratch + PB_SCAN_STEPS * width;
  for (long b = 0; b < s->batch; b++)
    for (long chunk = 0; chunk < chunks; chunk++) {
      long first = chunk * PB_SCAN_STEPS, steps = s->time - first < PB_SCAN_STEPS ? s->time - first : PB_SCAN_STEPS;
      long row = b * s->time + (s->reverse ? s->time - 1 - first : first), step = s->reverse ? -1 : 1;
      float *before = h + b * s->channels * width;
      scan_rows(s, b, first, steps, rows_b, rows_c);
      if (states)
        memcpy(states + (b * chunks + chunk) * s->channels * width, before,
               (unsigned long)(s->channels * width) * sizeof(float));
      for (long d = 0; d < s->channels; d++) {
        float delta[PB_SCAN_STEPS], drive[PB_SCAN_STEPS], total[PB_SCAN_STEPS];
        vector sums[PB_SCAN_STEPS] = {};
        const float *a = s->a + d * width;
        float *state = before + d * width;
        scan_column(s, d, row, step, steps, delta, drive);
        long n = 0;
        for (; n + SCAN_VECTORS * LANES <= width; n += SCAN_VECTORS * LANES)
          scan_chunk(SCAN_VECTORS, steps, width, a + n, delta, drive, rows_b + n, rows_c + n, state + n, sums);
        for (; n < width; n += LANES)
          scan_chunk(1, steps, width, a + n, delta, drive, rows_b + n, rows_c + n, state + n, sums);
        lane_sums(PB_SCAN_STEPS, sums, total);
        for (long k = 0; k < steps; k++) {
          long place = (row + k * step) * s->stride + d;
          float out = total[k] + s->skip[d] * s->u[place];
          y[place] = s->accumulate ? y[place] + out : out;
        }
      }
    }
  restore_denormals(mode);
}

/// What the gradient of one chunk reads and adds to.
struct scan_gradient {
  long steps, width;
  const float *delta, *drive, *dy, *rows_b, *rows_c;
  float *drows_b, *drows_c;
  vector *ddrive, *ddelta;
};

/// The gradient of scan_chunk: `dh`, the gradient of the last state, becomes that of the state before the chunk.
INLINE void scan_chunk_backward(const int vectors, const struct scan_gradient *g, long n, const float *a,
                                const float *before, float *dh, float *da) {
  vector rate[SCAN_VECTORS], state[SCAN_VECTORS], drate[SCAN_VECTORS];
  vector states[PB_SCAN_STEPS + 1][SCAN_VECTORS], factors[PB_SCAN_STEPS][SCAN_VECTORS];
  for (int v = 0; v < vectors; v++) {
    rate[v] = load(a + v * LANES), drate[v] = load(da + v * LANES);
    state[v] = states[0][v] = load(before + v * LANES);
  }
  for (long k = 0; k < g->steps; k++) {
    vector time = splat(g->delta[k]), input = splat(g->drive[k]);
    const float *row = g->rows_b + k * g->width + n;
    for (int v = 0; v < vectors; v++) {
      vector factor = power_of_two(time * rate[v]);
      state[v] = factor * state[v] + input * load(row + v * LANES);
      factors[k][v] = factor, states[k + 1][v] = state[v];
    }
  }
  for (int v = 0; v < vectors; v++) state[v] = load(dh + v * LANES);
  for (long k = g->steps - 1; k >= 0; k--) {
    vector time = splat(g->delta[k]), input = splat(g->drive[k]), output = splat(g->dy[k]);
    vector ddrive = g->ddrive[k], ddelta = g->ddelta[k];
    long place = k * g->width + n;
    for (int v = 0; v < vectors; v++, place += LANES) {
      vector gradient = state[v] + output * load(g->rows_c + place);
      store(g->drows_c + place, load(g->drows_c + place) + output * states[k + 1][v]);
      store(g->drows_b + place, load(g->drows_b + place) + input * gradient);
      ddrive += gradient * load(g->rows_b + place);
      state[v] = gradient * factors[k][v];
      vector dexponent = state[v] * states[k][v];
      drate[v] += time * dexponent;
      ddelta += rate[v] * dexponent;
    }
    g->ddrive[k] = ddrive, g->ddelta[k] = ddelta;
  }
  for (int v = 0; v < vectors; v++) store(dh + v * LANES, state[v]), store(da + v * LANES, drate[v]);
}

/// The gradients that leave one channel's chunk: of u and delta, and of D.
INLINE void scan_column_backward(const struct pb_scan *s, long d, long row, long step, const struct scan_gradient *g,
                                 float *du, float *ddelta, float *dskip) {
  const float log2 = 0.693147180559945f;  // a holds A / log 2.
  float drive[PB_SCAN_STEPS], exponent[PB_SCAN_STEPS], sum = 0;
  lane_sums(PB_SCAN_STEPS, g->ddrive, drive);
  lane_sums(PB_SCAN_STEPS, g->ddelta, exponent);
  for (long k = 0; k < g->steps; k++) {
    long place = (row + k * step) * s->stride + d;
    du[place] = drive[k] * g->delta[k] + g->dy[k] * s->skip[d];
    ddelta[place] = drive[k] * s->u[place] + exponent[k] * log2;
    sum += g->dy[k] * s->u[place];
  }
  dskip[d] += sum;
}

static void scan_backward(const struct pb_scan *s, const float *states, const float *dy, float *du, float *ddelta,
                          float *da, float *dbc, float *dskip, float *scratch) {
  long width = pb_padded(s->state), chunks = (s->time + PB_SCAN_STEPS - 1) / PB_SCAN_STEPS;
  long size = PB_SCAN_STEPS * width;
  float *rows_b = scratch, *rows_c = rows_b + size, *drows_b = rows_c + size, *drows_c = drows_b + size;
  float *dh = drows_c + size;
  unsigned mode = flush_denormals();
  for (long b = 0; b < s->batch; b++) {
    memset(dh, 0, (unsigned long)(s->channels * width) * sizeof(float));
    for (long chunk = chunks - 1; chunk >= 0; chunk--) {
      long first = chunk * PB_SCAN_STEPS, steps = s->time - first < PB_SCAN_STEPS ? s->time - first : PB_SCAN_STEPS;
      long row = b * s->time + (s->reverse ? s->time - 1 - first : first), step = s->reverse ? -1 : 1;
      const float *before = states + (b * chunks + chunk) * s->channels * width;
      scan_rows(s, b, first, steps, rows_b, rows_c);
      memset(drows_b, 0, (unsigned long)(2 * size) * sizeof(float));
      for (long d = 0; d < s->channels; d++) {
        float delta[PB_SCAN_STEPS], drive[PB_SCAN_STEPS], gradient[PB_SCAN_STEPS];
        vector ddrive[PB_SCAN_STEPS] = {}, dexponent[PB_SCAN_STEPS] = {};
        scan_column(s, d, row, step, steps, delta, drive);
        for (long k = 0; k < steps; k++) gradient[k] = dy[(row + k * step) * s->stride + d];
        struct scan_gradient g = {steps, width, delta, drive, gradient, rows_b, rows_c, drows_b, drows_c, ddrive,
                                  dexponent};
        long place = d * width, n = 0;
        for (; n + SCAN_VECTORS * LANES <= width; n += SCAN_VECTORS * LANES)
          scan_chunk_backward(SCAN_VECTORS, &g, n, s->a + place + n, before + place + n, dh + place + n,
                              da + place + n);
        for (; n < width; n += LANES)
          scan_chunk_backward(1, &g, n, s->a + place + n, before + place + n, dh + place + n, da + place + n);
        scan_column_backward(s, d, row, step, &g, du, ddelta, dskip);
      }
      for (long k = 0; k < steps; k++) {
        float *out = dbc + (row + k * step) * s->bc_stride;
        memcpy(out, drows_b + k * width, (unsigned long)s->state * sizeof(float));
        memcpy(out + s->state, drows_c + k * width, (unsigned long)s->state * sizeof(float));
      }
    }
  }
  restore_denormals(mode);
}
