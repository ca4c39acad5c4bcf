/// The selective scan where only the output of the last step is wanted, and its gradient. Included by body.h.
///
/// Without the steps between, the recurrence has a closed form, h_T = sum over t of exp(A s_t) delta_t u_t B_t with s_t the
/// sum of all later deltas: each step stands alone, and its gradient needs no states.

/// times[t, :] = the sum of delta after step t of sequence b, for all channels.
static void scan_times(const struct pb_scan *s, long b, float *times) {
  memset(times + (s->time - 1) * s->stride, 0, (unsigned long)s->stride * sizeof(float));
  for (long t = s->time - 2; t >= 0; t--)
    combine_row(PB_ADD, s->channels, times + (t + 1) * s->stride, 1, s->delta + (b * s->time + t + 1) * s->stride, 1, 0, 0,
                times + t * s->stride);
}

/// The share of one chunk of one channel in its last state.
INLINE void scan_last_chunk(const int vectors, long steps, long width, const float *a, const float *times,
                            const float *drive, const float *rows_b, float *h) {
  vector rate[SCAN_VECTORS], state[SCAN_VECTORS];
  for (int v = 0; v < vectors; v++) rate[v] = load(a + v * LANES), state[v] = load(h + v * LANES);
  for (long k = 0; k < steps; k++) {
    vector time = splat(times[k]), input = splat(drive[k]);
    for (int v = 0; v < vectors; v++)
      state[v] += power_of_two(time * rate[v]) * (input * load(rows_b + k * width + v * LANES));
  }
  for (int v = 0; v < vectors; v++) store(h + v * LANES, state[v]);
}

static void scan_last_forward(const struct pb_scan *s, float *h, float *y, float *scratch) {
  long width = pb_padded(s->state), size = PB_SCAN_STEPS * width;
  float *rows_b = scratch, *rows_c = rows_b + size, *all = rows_c + size;
  unsigned mode = flush_denormals();
  int stops = 0;
  for (long b = 0; b < s->batch && !stops; b++) {
    float *states = h + b * s->channels * width;
    scan_times(s, b, all);
    memset(states, 0, (unsigned long)(s->channels * width) * sizeof(float));
    for (long first = 0; first < s->time && !stops; first += PB_SCAN_STEPS) {
      stops = pb_must_stop_after(SCAN_COST(s));
      long steps = s->time - first < PB_SCAN_STEPS ? s->time - first : PB_SCAN_STEPS, row = b * s->time + first;
      scan_rows(s, b, first, steps, rows_b, rows_c);
      for (long d = 0; d < s->channels; d += PB_PAD) {
        long count = s->channels - d < PB_PAD ? s->channels - d : PB_PAD;
        scan_panel delta, u, drive, times;
        read_panel(s, s->delta, d, row, 1, steps, delta);
        read_panel(s, s->u, d, row, 1, steps, u);
        read_panel(s, all, d, first, 1, steps, times);
        multiply_panels(delta, u, drive);
        for (long c = 0; c < count; c++) {
          long place = (d + c) * width, n = 0;
          for (; n + SCAN_VECTORS * LANES <= width; n += SCAN_VECTORS * LANES)
            scan_last_chunk(SCAN_VECTORS, steps, width, s->a + place + n, times[c], drive[c], rows_b + n,
                            states + place + n);
          for (; n < width; n += LANES)
            scan_last_chunk(1, steps, width, s->a + place + n, times[c], drive[c], rows_b + n, states + place + n);
        }
      }
    }
    const float *row_c = rows_c + (s->time - 1) % PB_SCAN_STEPS * width;
    for (long d = 0; d < s->channels; d++) {
      vector sum = {};
      for (long n = 0; n < width; n += LANES) sum += load(states + d * width + n) * load(row_c + n);
      y[b * s->stride + d] = horizontal_sum(sum) + s->skip[d] * s->u[((b + 1) * s->time - 1) * s->stride + d];
    }
  }
  restore_denormals(mode);
}

/// The gradient of scan_last_chunk: `dh` is that of the last state.
INLINE void scan_last_chunk_backward(const int vectors, long steps, long width, const float *a, const float *times,
                                     const float *drive, const float *rows_b, const float *dh, float *drows_b,
                                     float *da, vector *ddrive, vector *dtime) {
  vector rate[SCAN_VECTORS], state[SCAN_VECTORS], drate[SCAN_VECTORS];
  for (int v = 0; v < vectors; v++)
    rate[v] = load(a + v * LANES), state[v] = load(dh + v * LANES), drate[v] = load(da + v * LANES);
  for (long k = 0; k < steps; k++) {
    vector time = splat(times[k]), input = splat(drive[k]), slope = splat(times[k] * drive[k]);
    vector into_drive = ddrive[k], into_time = dtime[k];
    for (int v = 0; v < vectors; v++) {
      long place = k * width + v * LANES;
      vector gradient = power_of_two(time * rate[v]) * state[v];
      store(drows_b + place, load(drows_b + place) + input * gradient);
      vector share = gradient * load(rows_b + place);
      into_drive += share;
      into_time += rate[v] * share;
      drate[v] += slope * share;
    }
    ddrive[k] = into_drive, dtime[k] = into_time;
  }
  for (int v = 0; v < vectors; v++) store(da + v * LANES, drate[v]);
}

/// delta's gradients from those of the times in `dtimes`: a delta is part of the time of every earlier step.
static void scan_times_backward(const struct pb_scan *s, long b, const float *dtimes, float *sum, float *ddelta) {
  memset(sum, 0, (unsigned long)s->stride * sizeof(float));
  for (long t = 0; t < s->time; t++) {
    axpy(s->channels, 1, sum, ddelta + (b * s->time + t) * s->stride);
    axpy(s->channels, 1, dtimes + t * s->stride, sum);
  }
}

/// One chunk of the channels from d on: the gradients of u and delta, but for what later deltas add, and of the times.
static void scan_last_group_backward(const struct pb_scan *s, long b, long d, long first, long steps,
                                     const float *times_rows, const float *rows_b, const float *dh, float *drows_b,
                                     float *da, float *du_rows, float *ddelta_rows, float *dtimes_rows) {
  const float log2 = 0.693147180559945f;  // a holds A / log 2.
  long width = pb_padded(s->state), row = b * s->time + first;
  long count = s->channels - d < PB_PAD ? s->channels - d : PB_PAD;
  scan_panel delta, u, drive, times, du, ddelta, dtimes;
  clear_channels(count, du), clear_channels(count, ddelta), clear_channels(count, dtimes);
  read_panel(s, s->delta, d, row, 1, steps, delta);
  read_panel(s, s->u, d, row, 1, steps, u);
  read_panel(s, times_rows, d, first, 1, steps, times);
  multiply_panels(delta, u, drive);
  for (long c = 0; c < count; c++) {
    vector ddrive[PB_SCAN_STEPS] = {}, dtime[PB_SCAN_STEPS] = {};
    long place = (d + c) * width, n = 0;
    for (; n + SCAN_VECTORS * LANES <= width; n += SCAN_VECTORS * LANES)
      scan_last_chunk_backward(SCAN_VECTORS, steps, width, s->a + place + n, times[c], drive[c], rows_b + n,
                               dh + place + n, drows_b + n, da + place + n, ddrive, dtime);
    for (; n < width; n += LANES)
      scan_last_chunk_backward(1, steps, width, s->a + place + n, times[c], drive[c], rows_b + n, dh + place + n,
                               drows_b + n, da + place + n, ddrive, dtime);
    lane_sums(PB_SCAN_STEPS, ddrive, du[c]);
    lane_sums(PB_SCAN_STEPS, dtime, dtimes[c]);
    for (long k = 0; k < PB_SCAN_STEPS; k += LANES) {
      vector input = load(&du[c][k]);
      store(&ddelta[c][k], input * load(&u[c][k]));
      store(&du[c][k], input * load(&delta[c][k]));
      store(&dtimes[c][k], load(&dtimes[c][k]) * load(&drive[c][k]) * log2);
    }
  }
  write_panel(s, du, d, row, 1, steps, 0, du_rows);
  write_panel(s, ddelta, d, row, 1, steps, 0, ddelta_rows);
  write_panel(s, dtimes, d, first, 1, steps, 0, dtimes_rows);
}

static void scan_last_backward(const struct pb_scan *s, const float *h, const float *dy, float *du, float *ddelta,
                               float *da, float *dbc, float *dskip, float *scratch) {
  long width = pb_padded(s->state), size = PB_SCAN_STEPS * width;
  float *rows_b = scratch, *rows_c = rows_b + size, *drows_b = rows_c + size, *dh = drows_b + size;
  float *all = dh + s->channels * width, *dtimes = all + s->time * s->stride, *sum = dtimes + s->time * s->stride;
  unsigned mode = flush_denormals();
  int stops = 0;
  for (long b = 0; b < s->batch && !stops; b++) {
    long end = s->time - 1, last = b * s->time + end;
    scan_times(s, b, all);
    scan_rows(s, b, end, 1, rows_b, rows_c);
    memset(drows_b, 0, (unsigned long)width * sizeof(float));
    for (long d = 0; d < s->channels; d++)
      for (long n = 0; n < width; n += LANES) {
        vector gradient = splat(dy[b * s->stride + d]);
        store(dh + d * width + n, gradient * load(rows_c + n));
        store(drows_b + n, load(drows_b + n) + gradient * load(h + (b * s->channels + d) * width + n));
      }
    for (long t = 0; t < s->time; t++)
      memset(dbc + (b * s->time + t) * s->bc_stride + s->state, 0, (unsigned long)s->state * sizeof(float));
    memcpy(dbc + last * s->bc_stride + s->state, drows_b, (unsigned long)s->state * sizeof(float));
    for (long first = 0; first < s->time && !stops; first += PB_SCAN_STEPS) {
      stops = pb_must_stop_after(3 * SCAN_COST(s));
      long steps = s->time - first < PB_SCAN_STEPS ? s->time - first : PB_SCAN_STEPS;
      scan_rows(s, b, first, steps, rows_b, rows_c);
      memset(drows_b, 0, (unsigned long)size * sizeof(float));
      for (long d = 0; d < s->channels; d += PB_PAD)
        scan_last_group_backward(s, b, d, first, steps, all, rows_b, dh, drows_b, da, du, ddelta, dtimes);
      for (long k = 0; k < steps; k++)
        memcpy(dbc + (b * s->time + first + k) * s->bc_stride, drows_b + k * width,
               (unsigned long)s->state * sizeof(float));
    }
    scan_times_backward(s, b, dtimes, sum, ddelta);
    for (long d = 0; d < s->channels; d++) {
      du[last * s->stride + d] += dy[b * s->stride + d] * s->skip[d];
      dskip[d] += dy[b * s->stride + d] * s->u[last * s->stride + d];
    }
  }
  restore_denormals(mode);
}
