/// What a Mamba block does around its scan: causal convolution with SiLU, softplus, gate. Included by body.h.
/// Rows are pb_padded(channels) floats; what the lanes beyond the channels hold is never used.

INLINE vector silu(vector x) { return x * logistic(x); }

/// The derivative of silu at x.
INLINE vector silu_slope(vector x) {
  vector s = logistic(x);
  return s * (1 + x * (1 - s));
}

/// The taps [channels, width] as [width, padded], then the bias, zero beyond the channels.
static void pack_taps(const struct pb_convolution *c, float *packed) {
  long padded = pb_padded(c->channels);
  memset(packed, 0, (unsigned long)((c->width + 1) * padded) * sizeof(float));
  for (long d = 0; d < c->channels; d++) {
    for (long k = 0; k < c->width; k++) packed[k * padded + d] = c->weight[d * c->width + k];
    packed[c->width * padded + d] = c->bias[d];
  }
}

/// The row that tap k of step t reads in a sequence of rows x after `window`, or NULL where there is nothing yet.
INLINE const float *tap_row(const struct pb_convolution *c, const float *x, const float *window, long t, long k) {
  long padded = pb_padded(c->channels), back = c->width - 1 - k;
  long source = c->reverse ? t + back : t - back;
  if (source >= 0 && source < c->time) return x + source * padded;
  return window ? window + (source + c->width - 1) * padded : NULL;
}

/// Whether all taps of step t read inside a sequence, and so one row after the other.
INLINE int is_inside(const struct pb_convolution *c, long width, long t) {
  return c->reverse ? t + width <= c->time : t >= width - 1;
}

/// The convolution at one step and `n`, before SiLU; `width` is that of c.
INLINE vector convolve(const struct pb_convolution *c, const long width, const float *x, const float *window,
                       const float *packed, long t, long n) {
  long padded = pb_padded(c->channels);
  vector sum = load(packed + width * padded + n);
  if (is_inside(c, width, t)) {
    const float *row = x + (c->reverse ? t + width - 1 : t - width + 1) * padded + n;
    long step = c->reverse ? -padded : padded;
    for (long k = 0; k < width; k++) sum += load(row + k * step) * load(packed + k * padded + n);
    return sum;
  }
  for (long k = 0; k < width; k++) {
    const float *row = tap_row(c, x, window, t, k);
    if (row) sum += load(row + n) * load(packed + k * padded + n);
  }
  return sum;
}

enum { STEPS_AT_ONCE = 16 };  // Steps whose rows stay in the first cache.

INLINE void convolution_rows(const struct pb_convolution *c, const long width, const float *x, const float *window,
                             const float *packed, float *y) {
  long padded = pb_padded(c->channels);
  for (long first = 0; first < c->time && !pb_must_stop_after(padded * width * STEPS_AT_ONCE / 8); first += STEPS_AT_ONCE)
    for (long t = first; t < c->time && t < first + STEPS_AT_ONCE; t++)
      for (long n = 0; n < padded; n += LANES)
        store(y + t * padded + n, silu(convolve(c, width, x, window, packed, t, n)));
}

static void convolution_silu(const struct pb_convolution *c, const float *x, float *window, float *y, float *scratch) {
  long padded = pb_padded(c->channels), kept = (c->width - 1) * padded;
  pack_taps(c, scratch);
  for (long b = 0; b < c->batch; b++) {
    const float *rows = x + b * c->time * padded;
    float *before = window ? window + b * kept : NULL;
    if (c->width == 4)
      convolution_rows(c, 4, rows, before, scratch, y + b * c->time * padded);
    else
      convolution_rows(c, c->width, rows, before, scratch, y + b * c->time * padded);
    // The last rows, old ones among them where the sequence is shorter, are what the next steps look back on.
    for (long k = 0; before && k < c->width - 1; k++) {
      long source = c->time - c->width + 1 + k;
      const float *row = source >= 0 ? rows + source * padded : before + (source + c->width - 1) * padded;
      memmove(before + k * padded, row, (unsigned long)padded * sizeof(float));
    }
  }
}

/// The gradients `slopes` of the convolution before SiLU, and what they add to those of taps and bias; `totals` has room
/// for width + 1 vectors.
INLINE void convolution_slopes(const struct pb_convolution *c, const long width, const float *x, const float *dy,
                               const float *packed, float *slopes, float *dpacked, vector *totals) {
  long padded = pb_padded(c->channels);
  for (long first = 0; first < c->time && !pb_must_stop_after(padded * width * 4); first += STEPS_AT_ONCE)
    for (long n = 0; n < padded; n += LANES) {
      for (long k = 0; k <= width; k++) totals[k] = load(dpacked + k * padded + n);
      for (long t = first; t < c->time && t < first + STEPS_AT_ONCE; t++) {
        vector slope = load(dy + t * padded + n) * silu_slope(convolve(c, width, x, NULL, packed, t, n));
        store(slopes + t * padded + n, slope);
        totals[width] += slope;
        for (long k = 0; k < width; k++) {
          const float *row = tap_row(c, x, NULL, t, k);
          if (row) totals[k] += slope * load(row + n);
        }
      }
      for (long k = 0; k <= width; k++) store(dpacked + k * padded + n, totals[k]);
    }
}

/// The gradient of x from the slopes: each step's go back along the taps that read it.
INLINE void convolution_inputs(const struct pb_convolution *c, const long width, const float *slopes,
                               const float *packed, float *dx) {
  long padded = pb_padded(c->channels);
  for (long first = 0; first < c->time && !pb_must_stop_after(padded * width * STEPS_AT_ONCE / 8); first += STEPS_AT_ONCE)
    for (long t = first; t < c->time && t < first + STEPS_AT_ONCE; t++)
      for (long n = 0; n < padded; n += LANES) {
        vector sum = c->accumulate ? load(dx + t * padded + n) : (vector){};
        for (long k = 0; k < width; k++) {
          long back = width - 1 - k, reader = c->reverse ? t - back : t + back;
          if (reader >= 0 && reader < c->time)
            sum += load(slopes + reader * padded + n) * load(packed + k * padded + n);
        }
        store(dx + t * padded + n, sum);
      }
}

static void convolution_silu_backward(const struct pb_convolution *c, const float *x, const float *dy, float *dx,
                                      float *dweight, float *dbias, float *scratch) {
  long padded = pb_padded(c->channels);
  float *packed = scratch, *dpacked = packed + (c->width + 1) * padded, *slopes = dpacked + (c->width + 1) * padded;
  vector few[5], *many = (vector *)(slopes + c->time * padded);
  pack_taps(c, packed);
  memset(dpacked, 0, (unsigned long)((c->width + 1) * padded) * sizeof(float));
  for (long b = 0; b < c->batch; b++) {
    const float *rows = x + b * c->time * padded, *gradient = dy + b * c->time * padded;
    float *out = dx + b * c->time * padded;
    if (c->width == 4) {
      convolution_slopes(c, 4, rows, gradient, packed, slopes, dpacked, few);
      convolution_inputs(c, 4, slopes, packed, out);
    } else {
      convolution_slopes(c, c->width, rows, gradient, packed, slopes, dpacked, many);
      convolution_inputs(c, c->width, slopes, packed, out);
    }
  }
  for (long d = 0; d < c->channels; d++) {
    for (long k = 0; k < c->width; k++) dweight[d * c->width + k] += dpacked[k * padded + d];
    dbias[d] += dpacked[c->width * padded + d];
  }
}

static void gate(long n, const float *y, const float *z, float *out) {
  long k = 0;
  for (; k + LANES <= n; k += LANES) store(out + k, load(y + k) * silu(load(z + k)));
  if (k < n) store_first(out + k, load_first(y + k, n - k) * silu(load_first(z + k, n - k)), n - k);
}

/// out = y * silu(z) + s * (1 - sigmoid(z)); all of whole rows, so that n is a multiple of LANES.
static void forget_gate(long n, const float *y, const float *s, const float *z, float *out) {
  for (long k = 0; k < n; k += LANES) {
    vector open = logistic(load(z + k));
    store(out + k, load(y + k) * load(z + k) * open + load(s + k) * (1 - open));
  }
}

static void forget_gate_backward(long n, const float *y, const float *s, const float *z, const float *dout, float *dy,
                                 float *ds, float *dz) {
  for (long k = 0; k < n; k += LANES) {
    vector x = load(z + k), gradient = load(dout + k), open = logistic(x);
    store(dy + k, gradient * x * open);
    store(ds + k, gradient * (1 - open));
    store(dz + k, gradient * (load(y + k) * open * (1 + x * (1 - open)) - load(s + k) * open * (1 - open)));
  }
}

static void gate_backward(long n, const float *y, const float *z, const float *dout, float *dy, float *dz) {
  long k = 0;
  for (; k + LANES <= n; k += LANES) {
    vector x = load(z + k), gradient = load(dout + k);
    store(dy + k, gradient * silu(x));
    store(dz + k, gradient * load(y + k) * silu_slope(x));
  }
  if (k < n) {
    vector x = load_first(z + k, n - k), gradient = load_first(dout + k, n - k);
    store_first(dy + k, gradient * silu(x), n - k);
    store_first(dz + k, gradient * load_first(y + k, n - k) * silu_slope(x), n - k);
  }
}
