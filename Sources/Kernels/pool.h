/// The largest and the mean of the elements in windows. Included by body.h, after reduce.h.

/// Results that are made at once.
enum { POOLED = 256 };

/// The columns of results, of those from `first` to `end`, whose windows have the column `j` of theirs inside the row.
INLINE void seen_columns(const struct pb_pool *p, long j, long *first, long *end) {
  long before = p->column_padding - j, step = p->column_stride;
  long low = before <= 0 ? 0 : (before + step - 1) / step, last = p->width - 1 + before;
  long high = last < 0 ? 0 : last / step + 1;
  if (*first < low) *first = low;
  if (*end > high) *end = high;
}

/// Looks at the elements that each window of some neighboring results of a row has at its place (i, j), of `count` results from `at` on of
/// those; `inside` is where the first of them is. Ends where the work must stop.
#define WINDOWS(...)                                                                                                   \
  for (long i = 0; i < p->kernel_rows; i++) {                                                                          \
    long row = r * p->row_stride + i - p->row_padding;                                                                 \
    if (row < 0 || row >= p->height) continue;                                                                         \
    for (long j = 0; j < p->kernel_columns; j++) {                                                                     \
      if (pb_must_stop_after(n / 4 + 2)) return;                                                                       \
      long from = c, end = c + n;                                                                                      \
      seen_columns(p, j, &from, &end);                                                                                 \
      if (from >= end) continue;                                                                                       \
      const long count = end - from, at = from - c;                                                                    \
      const long inside = row * p->width + from * p->column_stride + j - p->column_padding;                            \
      __VA_ARGS__                                                                                                          \
    }                                                                                                                  \
  }

/// The elements at `inside` and on, a column of results apart, side by side.
INLINE const float *window_row(const struct pb_pool *p, long count, const float *x, float *buffer) {
  if (p->column_stride == 1) return x;
  copy_row(count, x, p->column_stride, buffer, 1);
  return buffer;
}

/// Rows `first` and on of the results of all planes, one behind the other.
static void largest_pool(const struct pb_pool *p, long first, long rows, const float *planes, float *y) {
  float buffer[POOLED];
  for (long place = first; place < first + rows; place++, y += p->columns) {
    const float *x = planes + place / p->rows * p->height * p->width;
    const long r = place % p->rows;
    for (long c = 0; c < p->columns; c += POOLED) {
      const long n = p->columns - c < POOLED ? p->columns - c : POOLED;
      float *best = y + c;
      for (long k = 0; k < n; k++) best[k] = -INFINITY;
      WINDOWS({
        const float *v = window_row(p, count, x + inside, buffer);
        for (long k = 0; k < count; k += LANES) {
          vector a = load_rest(v + k, count - k), b = load_rest(best + at + k, count - k);
          store_rest(best + at + k, choose(is_better(a, b), a, b), count - k);
        }
      })
    }
  }
}

static void mean_pool(const struct pb_pool *p, long first, long rows, const float *planes, float *y) {
  double sums[POOLED];
  const double size = (double)p->kernel_rows * (double)p->kernel_columns;
  for (long place = first; place < first + rows; place++, y += p->columns) {
    const float *x = planes + place / p->rows * p->height * p->width;
    const long r = place % p->rows;
    for (long c = 0; c < p->columns; c += POOLED) {
      const long n = p->columns - c < POOLED ? p->columns - c : POOLED;
      memset(sums, 0, sizeof sums);
      WINDOWS({
        const float *v = x + inside;
        if (p->column_stride == 1)
          for (long k = 0; k < count; k++) sums[at + k] += v[k];
        else
          for (long k = 0; k < count; k++) sums[at + k] += v[k * p->column_stride];
      })
      for (long k = 0; k < n; k++) y[c + k] = (float)(sums[k] / size);
    }
  }
}

/// Planes `first` and on: to zeros each result's gradient is added where the first largest element of its window is, or the last NaN.
static void largest_pool_backward(const struct pb_pool *p, long first, long count, const float *planes, const float *dy, float *dplanes) {
  enum { LOOK = 64, WIDE = 1 << 16 };
  const long size = p->height * p->width, window = p->kernel_rows * p->kernel_columns, area = window < WIDE ? window : WIDE + 1;
  for (long plane = first; plane < first + count; plane++) {
    const float *x = planes + plane * size, *d = dy + plane * p->rows * p->columns;
    float *dx = dplanes + plane * size;
    for (long r = 0; r < p->rows; r++)
      for (long c = 0; c < p->columns; c++) {
        if (c % LOOK == 0 && pb_must_stop_after(LOOK * area / 2 + LOOK)) return;
        long top = r * p->row_stride - p->row_padding, left = c * p->column_stride - p->column_padding;
        long bottom = top + p->kernel_rows, right = left + p->kernel_columns, place = -1;
        if (top < 0) top = 0;
        if (left < 0) left = 0;
        if (bottom > p->height) bottom = p->height;
        if (right > p->width) right = p->width;
        float best = 0;
        for (long i = top; i < bottom; i++) {
          if (area > WIDE && pb_must_stop_after(right - left)) return;
          for (long k = i * p->width + left; k < i * p->width + right; k++)
            if (place < 0 || x[k] > best || x[k] != x[k]) best = x[k], place = k;
        }
        if (place >= 0) dx[place] += d[r * p->columns + c];
      }
  }
}

static void mean_pool_backward(const struct pb_pool *p, long first, long many, const float *dy, float *dplanes) {
  const float share = (float)(1 / ((double)p->kernel_rows * (double)p->kernel_columns));
  for (long plane = first; plane < first + many; plane++) {
    float *dx = dplanes + plane * p->height * p->width;
    const float *d = dy + plane * p->rows * p->columns;
    for (long r = 0; r < p->rows; r++)
      for (long c = 0; c < p->columns; c += POOLED) {
        const long n = p->columns - c < POOLED ? p->columns - c : POOLED;
        WINDOWS({
          const float *from_row = d + r * p->columns + c + at;
          float *to = dx + inside;
          if (p->column_stride == 1)
            for (long k = 0; k < count; k++) to[k] += from_row[k] * share;
          else
            for (long k = 0; k < count; k++) to[k * p->column_stride] += from_row[k] * share;
        })
      }
  }
}
#undef WINDOWS
