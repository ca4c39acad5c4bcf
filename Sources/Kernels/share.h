/// The gradient of what was chosen, shared among all that are equal to it. Included by body.h, after reduce.h.

/// Whether an element is the one that was chosen: NaN is, where that is NaN.
INLINE int is_chosen(float x, float chosen) { return (x == chosen) | ((x != x) & (chosen != chosen)); }

INLINE void share_rows_of(long rows, const long n, const float *x, const float *chosen, const float *dy, float *dx) {
  for (long r = 0; r < rows; r++, x += n, dx += n) {
    float count = 0;
    for (long k = 0; k < n; k++) count += (float)is_chosen(x[k], chosen[r]);
    float share = dy[r] / count;
    for (long k = 0; k < n; k++) dx[k] = is_chosen(x[k], chosen[r]) ? share : 0;
  }
}

/// dx[r, k] = dy[r] shared among the elements of a row that are the one that was chosen, 0 elsewhere.
static void share_rows(long rows, long n, const float *x, const float *chosen, const float *dy, float *dx) {
  switch (n) {
#define SHORT(n)                              \
  case n:                                     \
    share_rows_of(rows, n, x, chosen, dy, dx); \
    break;
    SHORT(1) SHORT(2) SHORT(3) SHORT(4) SHORT(5) SHORT(6) SHORT(7) SHORT(8)
#undef SHORT
    default: share_rows_of(rows, n, x, chosen, dy, dx);
  }
}

/// The same for each column of rows `stride` apart.
static void share_columns(long rows, long columns, long stride, const float *x, const float *chosen, const float *dy, float *dx) {
  for (long c = 0; c < columns; c += LANES) {
    long n = columns - c;
    vector best = load_rest(chosen + c, n), count = splat(0), zero = splat(0), one = splat(1);
    integers strange = best != best;
    for (long r = 0; r < rows; r++) {
      vector v = load_rest(x + r * stride + c, n);
      count += choose((v == best) | ((v != v) & strange), one, zero);
    }
    vector share = load_rest(dy + c, n) / count;
    for (long r = 0; r < rows; r++) {
      vector v = load_rest(x + r * stride + c, n);
      store_rest(dx + r * stride + c, choose((v == best) | ((v != v) & strange), share, zero), n);
    }
  }
}
