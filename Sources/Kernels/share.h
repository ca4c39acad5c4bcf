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

INLINE unsigned chosen_bits(int is_missing, vector v, vector chosen) { return mask_bits(is_missing ? v != v : v == chosen); }

INLINE long count_row(const int is_missing, long n, const float *x, float chosen, float *dx) {
  long found = 0, k = 0;
  for (; k + LANES <= n; k += LANES) {
    found += __builtin_popcount(chosen_bits(is_missing, load(x + k), splat(chosen)));
    store(dx + k, splat(0));
  }
  for (; k < n; k++) {
    found += is_chosen(x[k], chosen);
    dx[k] = 0;
  }
  return found;
}

/// Adds to `count` how many elements of a row are the one that was chosen, and sets dx to zeros.
static void count_chosen(long n, const float *x, float chosen, float *dx, long *count) {
  *count += chosen != chosen ? count_row(1, n, x, chosen, dx) : count_row(0, n, x, chosen, dx);
}

/// dx[k] = share where an element of a row is the one that was chosen, as `count` of them are.
static void share_row(long n, const float *x, float chosen, float share, long count, float *dx) {
  int is_missing = chosen != chosen;
  long k = 0;
  for (; k + LANES <= n && count > 0; k += LANES) {
    unsigned bits = chosen_bits(is_missing, load(x + k), splat(chosen));
    for (; bits; bits &= bits - 1, count--) dx[k + __builtin_ctz(bits)] = share;
  }
  for (; k < n && count > 0; k++)
    if (is_chosen(x[k], chosen)) dx[k] = share, count--;
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
    default:
      for (long r = 0; r < rows; r++, x += n, dx += n) {
        long count = 0;
        count_chosen(n, x, chosen[r], dx, &count);
        share_row(n, x, chosen[r], dy[r] / (float)count, count, dx);
      }
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
