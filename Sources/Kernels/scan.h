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

/// One chunk of PB_PAD channels, each with its steps side by side; zero beyond the chunk's steps.
typedef float scan_panel[PB_PAD][PB_SCAN_STEPS];

/// The rows of a chunk that begin with `row` and go by `step`, at the channels from d on.
INLINE void read_panel(const struct pb_scan *s, const float *x, long d, long row, long step, long steps,
                       scan_panel panel) {
  for (long first = 0; first < PB_SCAN_STEPS; first += LANES)
    for (long n = 0; n < PB_PAD; n += LANES) {
      vector tile[LANES];
      for (long k = 0; k < LANES; k++)
        tile[k] = first + k < steps ? load(x + (row + (first + k) * step) * s->stride + d + n) : (vector){};
      transpose(tile);
      for (long k = 0; k < LANES; k++) store(&panel[n + k][first], tile[k]);
    }
}

/// The reverse of read_panel.
INLINE void write_panel(const struct pb_scan *s, const scan_panel panel, long d, long row, long step, long steps,
                        int accumulate, float *x) {
  for (long first = 0; first < steps; first += LANES)
    for (long n = 0; n < PB_PAD; n += LANES) {
      vector tile[LANES];
      for (long k = 0; k < LANES; k++) tile[k] = load(&panel[n + k][first]);
      transpose(tile);
      for (long k = 0; k < LANES && first + k < steps; k++) {
        float *out = x + (row + (first + k) * step) * s->stride + d + n;
        store(out, accumulate ? load(out) + tile[k] : tile[k]);
      }
    }
}

/// out = a * b, element by element.
INLINE void multiply_panels(const scan_panel a, const scan_panel b, scan_panel out) {
  for (long c = 0; c < PB_PAD; c++)
    for (long k = 0; k < PB_SCAN_STEPS; k += LANES) store(&out[c][k], load(&a[c][k]) * load(&b[c][k]));
}

/// Zero in place of the channels behind the last one.
INLINE void clear_channels(long count, scan_panel panel) {
  memset(panel + count, 0, (unsigned long)(PB_PAD - count) * sizeof(*panel));
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

/// One chunk of SCAN_VECTORS channels of a vector of states each, which share the rows of B and C.
INLINE void scan_channels(long steps, const float *a, const scan_panel delta, const scan_panel drive,
                          const float *rows_b, const float *rows_c, float *h, scan_panel out) {
  vector rate[SCAN_VECTORS], state[SCAN_VECTORS], sums[SCAN_VECTORS][PB_SCAN_STEPS];
  for (int v = 0; v < SCAN_VECTORS; v++) rate[v] = load(a + v * LANES), state[v] = load(h + v * LANES);
  for (long k = 0; k < steps; k++) {
    vector row_b = load(rows_b + k * LANES), row_c = load(rows_c + k * LANES);
    for (int v = 0; v < SCAN_VECTORS; v++) {
      state[v] = power_of_two(delta[v][k] * rate[v]) * state[v] + drive[v][k] * row_b;
      sums[v][k] = state[v] * row_c;
    }
  }
  for (int v = 0; v < SCAN_VECTORS; v++) {
    for (long k = steps; k < PB_SCAN_STEPS; k++) sums[v][k] = (vector){};
    store(h + v * LANES, state[v]);
    lane_sums(PB_SCAN_STEPS, sums[v], out[v]);
  }
}

/// One chunk of the channels from d on, whose states are h: what C reads of them, and D u, go to y.
static void scan_group(const struct pb_scan *s, long d, long row, long step, long steps, const float *rows_b,
                       const float *rows_c, float *h, float *y) {
  long width = pb_padded(s->state), count = s->channels - d < PB_PAD ? s->channels - d : PB_PAD;
  scan_panel delta, u, drive, out;
  clear_channels(count, out);
  read_panel(s, s->delta, d, row, step, steps, delta);
  read_panel(s, s->u, d, row, step, steps, u);
  multiply_panels(delta, u, drive);
  long c = 0;
  for (; width == LANES && c + SCAN_VECTORS <= count; c += SCAN_VECTORS)
    scan_channels(steps, s->a + (d + c) * LANES, delta + c, drive + c, rows_b, rows_c, h + c * LANES, out + c);
  for (; c < count; c++) {
    vector sums[PB_SCAN_STEPS] = {};
    const float *a = s->a + (d + c) * width;
    float *state = h + c * width;
    long n = 0;
    for (; n + SCAN_VECTORS * LANES <= width; n += SCAN_VECTORS * LANES)
      scan_chunk(SCAN_VECTORS, steps, width, a + n, delta[c], drive[c], rows_b + n, rows_c + n, state + n, sums);
    for (; n < width; n += LANES)
      scan_chunk(1, steps, width, a + n, delta[c], drive[c], rows_b + n, rows_c + n, state + n, sums);
    lane_sums(PB_SCAN_STEPS, sums, out[c]);
  }
  for (c = 0; c < count; c++)
    for (long k = 0; k < PB_SCAN_STEPS; k += LANES)
      store(&out[c][k], load(&out[c][k]) + s->skip[d + c] * load(&u[c][k]));
  write_panel(s, out, d, row, step, steps, s->accumulate, y);
}

/// A single step of all channels of one sequence, whose states are h.
static void scan_step(const struct pb_scan *s, long row, const float *row_b, const float *row_c, float *h, float *y) {
  long width = pb_padded(s->state);
  for (long d = 0; d < s->channels; d += PB_PAD) {
    long count = s->channels - d < PB_PAD ? s->channels - d : PB_PAD;
    vector sums[PB_PAD] = {};
    float total[PB_PAD];
    const float *delta = s->delta + row * s->stride + d, *u = s->u + row * s->stride + d;
    for (long c = 0; c < count; c++) {
      float drive = delta[c] * u[c];
      for (long n = 0; n < width; n += LANES) {
        float *state = h + (d + c) * width + n;
        vector factor = power_of_two(delta[c] * load(s->a + (d + c) * width + n));
        vector next = factor * load(state) + drive * load(row_b + n);
        store(state, next);
        sums[c] += next * load(row_c + n);
      }
    }
    lane_sums(PB_PAD, sums, total);
    float *out = y + row * s->stride + d;
    for (long c = 0; c < count; c++) out[c] = (s->accumulate ? out[c] : 0) + total[c] + s->skip[d + c] * u[c];
    for (long c = count; c < PB_PAD; c++) out[c] = 0;
  }
}

/// About the nanoseconds that the channels take over PB_SCAN_STEPS steps.
#define SCAN_COST(s) ((s)->channels * pb_padded((s)->state))

static void scan_forward(const struct pb_scan *s, float *h, float *y, float *states, float *scratch) {
  unsigned mode = flush_denormals();
  long width = pb_padded(s->state), chunks = (s->time + PB_SCAN_STEPS - 1) / PB_SCAN_STEPS;
  float *rows_b = scratch, *rows_c = scratch + PB_SCAN_STEPS * width;
  int stops = 0;
  for (long b = 0; b < s->batch && !stops; b++)
    for (long chunk = 0; chunk < chunks && !stops; chunk++) {
      stops = pb_must_stop_after(SCAN_COST(s));
      long first = chunk * PB_SCAN_STEPS, steps = s->time - first < PB_SCAN_STEPS ? s->time - first : PB_SCAN_STEPS;
      long row = b * s->time + (s->reverse ? s->time - 1 - first : first), step = s->reverse ? -1 : 1;
      float *before = h + b * s->channels * width;
      scan_rows(s, b, first, steps, rows_b, rows_c);
      if (states)
        memcpy(states + (b * chunks + chunk) * s->channels * width, before,
               (unsigned long)(s->channels * width) * sizeof(float));
      if (s->time == 1) {
        scan_step(s, row, rows_b, rows_c, before, y);
        continue;
      }
      for (long d = 0; d < s->channels; d += PB_PAD)
        scan_group(s, d, row, step, steps, rows_b, rows_c, before + d * width, y);
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

/// The gradient of scan_channels: the sums that scan_chunk_backward adds to are written to `ddrive` and `ddelta`.
INLINE void scan_channels_backward(const struct scan_gradient *g, const float *a, const scan_panel delta,
                                   const scan_panel drive, const scan_panel dy, const float *before, float *dh,
                                   float *da, scan_panel ddrive, scan_panel ddelta) {
  vector rate[SCAN_VECTORS], state[SCAN_VECTORS], drate[SCAN_VECTORS];
  vector states[PB_SCAN_STEPS + 1][SCAN_VECTORS], factors[PB_SCAN_STEPS][SCAN_VECTORS];
  vector into_drive[SCAN_VECTORS][PB_SCAN_STEPS], into_delta[SCAN_VECTORS][PB_SCAN_STEPS];
  for (int v = 0; v < SCAN_VECTORS; v++) {
    rate[v] = load(a + v * LANES), drate[v] = load(da + v * LANES);
    state[v] = states[0][v] = load(before + v * LANES);
  }
  for (long k = 0; k < g->steps; k++) {
    vector row = load(g->rows_b + k * LANES);
    for (int v = 0; v < SCAN_VECTORS; v++) {
      vector factor = power_of_two(delta[v][k] * rate[v]);
      state[v] = factor * state[v] + drive[v][k] * row;
      factors[k][v] = factor, states[k + 1][v] = state[v];
    }
  }
  for (int v = 0; v < SCAN_VECTORS; v++) state[v] = load(dh + v * LANES);
  for (long k = g->steps - 1; k >= 0; k--) {
    vector row_b = load(g->rows_b + k * LANES), row_c = load(g->rows_c + k * LANES);
    vector drow_b = load(g->drows_b + k * LANES), drow_c = load(g->drows_c + k * LANES);
    for (int v = 0; v < SCAN_VECTORS; v++) {
      vector gradient = state[v] + dy[v][k] * row_c;
      drow_c += dy[v][k] * states[k + 1][v];
      drow_b += drive[v][k] * gradient;
      into_drive[v][k] = gradient * row_b;
      state[v] = gradient * factors[k][v];
      vector dexponent = state[v] * states[k][v];
      drate[v] += delta[v][k] * dexponent;
      into_delta[v][k] = rate[v] * dexponent;
    }
    store(g->drows_b + k * LANES, drow_b), store(g->drows_c + k * LANES, drow_c);
  }
  for (int v = 0; v < SCAN_VECTORS; v++) {
    for (long k = g->steps; k < PB_SCAN_STEPS; k++) into_drive[v][k] = into_delta[v][k] = (vector){};
    store(dh + v * LANES, state[v]), store(da + v * LANES, drate[v]);
    lane_sums(PB_SCAN_STEPS, into_drive[v], ddrive[v]);
    lane_sums(PB_SCAN_STEPS, into_delta[v], ddelta[v]);
  }
}

/// What the gradient of one chunk reads and writes beside its rows of B and C.
struct scan_buffers {
  const float *before, *dy;
  float *dh, *da, *du, *ddelta, *dskip;
};

/// The gradient of scan_group.
static void scan_group_backward(const struct pb_scan *s, long d, long row, long step, struct scan_gradient *g,
                                const struct scan_buffers *buffers) {
  const float log2 = 0.693147180559945f;  // a holds A / log 2.
  long width = g->width, count = s->channels - d < PB_PAD ? s->channels - d : PB_PAD;
  scan_panel delta, u, drive, gradient, du, ddelta;
  clear_channels(count, du), clear_channels(count, ddelta);
  read_panel(s, s->delta, d, row, step, g->steps, delta);
  read_panel(s, s->u, d, row, step, g->steps, u);
  read_panel(s, buffers->dy, d, row, step, g->steps, gradient);
  multiply_panels(delta, u, drive);
  long c = 0;
  for (; width == LANES && c + SCAN_VECTORS <= count; c += SCAN_VECTORS) {
    long place = (d + c) * LANES;
    scan_channels_backward(g, s->a + place, delta + c, drive + c, gradient + c, buffers->before + place,
                           buffers->dh + place, buffers->da + place, du + c, ddelta + c);
  }
  for (; c < count; c++) {
    vector ddrive[PB_SCAN_STEPS] = {}, dexponent[PB_SCAN_STEPS] = {};
    long place = (d + c) * width, n = 0;
    g->delta = delta[c], g->drive = drive[c], g->dy = gradient[c];
    g->ddrive = ddrive, g->ddelta = dexponent;
    for (; n + SCAN_VECTORS * LANES <= width; n += SCAN_VECTORS * LANES)
      scan_chunk_backward(SCAN_VECTORS, g, n, s->a + place + n, buffers->before + place + n, buffers->dh + place + n,
                          buffers->da + place + n);
    for (; n < width; n += LANES)
      scan_chunk_backward(1, g, n, s->a + place + n, buffers->before + place + n, buffers->dh + place + n,
                          buffers->da + place + n);
    lane_sums(PB_SCAN_STEPS, ddrive, du[c]);
    lane_sums(PB_SCAN_STEPS, dexponent, ddelta[c]);
  }
  for (c = 0; c < count; c++) {
    vector skipped = {};
    for (long k = 0; k < PB_SCAN_STEPS; k += LANES) {
      vector input = load(&du[c][k]), output = load(&gradient[c][k]), value = load(&u[c][k]);
      store(&du[c][k], input * load(&delta[c][k]) + output * s->skip[d + c]);
      store(&ddelta[c][k], input * value + load(&ddelta[c][k]) * log2);
      skipped += output * value;
    }
    buffers->dskip[d + c] += horizontal_sum(skipped);
  }
  write_panel(s, du, d, row, step, g->steps, 0, buffers->du);
  write_panel(s, ddelta, d, row, step, g->steps, 0, buffers->ddelta);
}

static void scan_backward(const struct pb_scan *s, const float *states, const float *dy, float *du, float *ddelta,
                          float *da, float *dbc, float *dskip, float *scratch) {
  long width = pb_padded(s->state), chunks = (s->time + PB_SCAN_STEPS - 1) / PB_SCAN_STEPS;
  long size = PB_SCAN_STEPS * width;
  float *rows_b = scratch, *rows_c = rows_b + size, *drows_b = rows_c + size, *drows_c = drows_b + size;
  float *dh = drows_c + size;
  unsigned mode = flush_denormals();
  int stops = 0;
  for (long b = 0; b < s->batch && !stops; b++) {
    memset(dh, 0, (unsigned long)(s->channels * width) * sizeof(float));
    for (long chunk = chunks - 1; chunk >= 0 && !stops; chunk--) {
      stops = pb_must_stop_after(3 * SCAN_COST(s));
      long first = chunk * PB_SCAN_STEPS, steps = s->time - first < PB_SCAN_STEPS ? s->time - first : PB_SCAN_STEPS;
      long row = b * s->time + (s->reverse ? s->time - 1 - first : first), step = s->reverse ? -1 : 1;
      struct scan_gradient g = {
          .steps = steps, .width = width, .rows_b = rows_b, .rows_c = rows_c, .drows_b = drows_b, .drows_c = drows_c};
      const struct scan_buffers buffers = {
          states + (b * chunks + chunk) * s->channels * width, dy, dh, da, du, ddelta, dskip};
      scan_rows(s, b, first, steps, rows_b, rows_c);
      memset(drows_b, 0, (unsigned long)(2 * size) * sizeof(float));
      for (long d = 0; d < s->channels; d += PB_PAD) scan_group_backward(s, d, row, step, &g, &buffers);
      for (long k = 0; k < steps; k++) {
        float *out = dbc + (row + k * step) * s->bc_stride;
        memcpy(out, drows_b + k * width, (unsigned long)s->state * sizeof(float));
        memcpy(out + s->state, drows_c + k * width, (unsigned long)s->state * sizeof(float));
      }
    }
  }
  restore_denormals(mode);
}
