/// The largest and the mean of the elements in windows. Included by body.h, after reduce.h.

/// What lies inside of a row or a column of elements.
struct span {
  long first, end;
};

/// The places of a window that begins `before` in front of a row of n elements, which it has.
INLINE struct span seen(long before, long length, long n) {
  return (struct span){before < 0 ? 0 : before, length < n + before ? length : n + before};
}

/// The columns of results whose windows lie inside with all their columns.
INLINE struct span whole_columns(const struct pb_pool *p) {
  long step = p->column_stride, first = (p->column_padding + step - 1) / step, room = p->width + p->column_padding - p->kernel_columns;
  struct span whole = {first, room < 0 ? 0 : room / step + 1};
  if (whole.end > p->columns) whole.end = p->columns;
  if (whole.end < whole.first) whole.first = whole.end = p->columns;
  return whole;
}

/// Windows of so many elements are asked for each, and within, whether the work must stop; others once for a row of results.
enum { WIDE = 1 << 12 };

INLINE long window_size(const struct pb_pool *p) { return p->kernel_rows * p->kernel_columns; }

/// Looks at the rows i of the windows of row r of results that lie inside, which are `rows`; `row` begins where the window of column c does.
/// Ends where the work must stop.
#define WINDOW_ROWS(...)                                                                               \
  for (long i = rows.first; i < rows.end; i++) {                                                       \
    if (window_size(p) > WIDE && pb_must_stop_after(p->kernel_columns)) return;                        \
    const long row = (r * p->row_stride - p->row_padding + i) * p->width + c * p->column_stride - p->column_padding; \
    __VA_ARGS__                                                                                        \
  }

/// The largest element of a window, NaN where one is, and its place: that of the first of equal ones, of the last NaN.
INLINE void largest_of_window(const struct pb_pool *p, const float *x, long r, long c, struct span rows, float *best, int32_t *place) {
  const struct span columns = seen(p->column_padding - c * p->column_stride, p->kernel_columns, p->width);
  float most = -INFINITY;
  long found = -1;
  WINDOW_ROWS(for (long k = row + columns.first; k < row + columns.end; k++) {
    int better = (x[k] > most) | (x[k] != x[k]) | (found < 0);
    most = better ? x[k] : most;
    found = better ? k : found;
  })
  *best = most;
  *place = (int32_t)found;
}

/// The same of at most LANES neighboring windows, of which all columns lie inside.
INLINE void largest_of_windows(const int keeps_places, const long step, const struct pb_pool *p, const float *x, long r, long c, long n,
                               struct span rows, vector *best, integers *places) {
  integers lanes;
  for (int k = 0; k < LANES; k++) lanes[k] = (int32_t)(k * step);
  WINDOW_ROWS(for (long j = 0; j < p->kernel_columns; j++) {
    vector v = load_apart(x + row + j, step, n);
    integers better = (v > *best) | (v != v);
    if (keeps_places) {
      better |= *places < 0;
      *places = (better & (lanes + (int32_t)(row + j))) | (~better & *places);
    }
    *best = choose(better, v, *best);
  })
}

/// The largest elements of row r of the results of a plane put to y, or without it those of `dy` added to `dx` where the largest elements are.
INLINE void largest_row(const struct pb_pool *p, const float *x, long r, struct span whole, float *y, const float *dy, float *dx) {
  const int goes_back = y == NULL;
  const struct span rows = seen(p->row_padding - r * p->row_stride, p->kernel_rows, p->height);
  const long size = p->height * p->width;
  for (long c = 0, n; c < p->columns; c += n) {
    if (window_size(p) > WIDE && pb_must_stop_after(1)) return;
    n = 1;
    float most;
    int32_t found[LANES];
    if (c >= whole.first && c < whole.end) {
      vector best = splat(-INFINITY);
      integers places = (integers){} - 1;
      n = at_most_lanes(whole.end - c);
      if (p->column_stride == 1)
        largest_of_windows(goes_back, 1, p, x, r, c, n, rows, &best, &places);
      else if (p->column_stride == 2)
        largest_of_windows(goes_back, 2, p, x, r, c, n, rows, &best, &places);
      else
        largest_of_windows(goes_back, p->column_stride, p, x, r, c, n, rows, &best, &places);
      if (goes_back)
        memcpy(found, &places, sizeof found);
      else
        store_rest(y + c, best, n);
    } else {
      largest_of_window(p, x, r, c, rows, &most, found);
      if (!goes_back) y[c] = most;
    }
    // What was stopped has no place.
    if (goes_back)
      for (long k = 0; k < n; k++)
        if (found[k] >= 0 && found[k] < size) dx[found[k]] += dy[c + k];
  }
}

/// Rows `first` and on of the results of all planes, one behind the other.
static void largest_pool(const struct pb_pool *p, long first, long rows, const float *planes, float *y) {
  const struct span whole = whole_columns(p);
  for (long place = first; place < first + rows; place++, y += p->columns) {
    if (pb_must_stop_after(p->columns * (window_size(p) < WIDE ? window_size(p) : WIDE) / 4 + 1)) return;
    largest_row(p, planes + place / p->rows * p->height * p->width, place % p->rows, whole, y, NULL, NULL);
  }
}

INLINE void mean_of_windows(const long step, const struct pb_pool *p, const float *x, long r, long c, long n, struct span rows, float *y) {
  doubles sum = {};
  WINDOW_ROWS(for (long j = 0; j < p->kernel_columns; j++) sum += widened(load_apart(x + row + j, step, n));)
  store_rest(y, __builtin_convertvector(sum / ((double)p->kernel_rows * (double)p->kernel_columns), vector), n);
}

INLINE void mean_of_window(const struct pb_pool *p, const float *x, long r, long c, struct span rows, float *y) {
  const struct span columns = seen(p->column_padding - c * p->column_stride, p->kernel_columns, p->width);
  double sum = 0;
  WINDOW_ROWS(for (long k = row + columns.first; k < row + columns.end; k++) sum += x[k];)
  *y = (float)(sum / ((double)p->kernel_rows * (double)p->kernel_columns));
}

static void mean_pool(const struct pb_pool *p, long first, long count, const float *planes, float *y) {
  const struct span whole = whole_columns(p);
  for (long place = first; place < first + count; place++, y += p->columns) {
    if (pb_must_stop_after(p->columns * (window_size(p) < WIDE ? window_size(p) : WIDE) / 4 + 1)) return;
    const float *x = planes + place / p->rows * p->height * p->width;
    const long r = place % p->rows;
    const struct span rows = seen(p->row_padding - r * p->row_stride, p->kernel_rows, p->height);
    for (long c = 0, n; c < p->columns; c += n) {
      if (window_size(p) > WIDE && pb_must_stop_after(1)) return;
      n = 1;
      if (c < whole.first || c >= whole.end)
        mean_of_window(p, x, r, c, rows, y + c);
      else if (n = at_most_lanes(whole.end - c), p->column_stride == 1)
        mean_of_windows(1, p, x, r, c, n, rows, y + c);
      else if (p->column_stride == 2)
        mean_of_windows(2, p, x, r, c, n, rows, y + c);
      else
        mean_of_windows(p->column_stride, p, x, r, c, n, rows, y + c);
    }
  }
}

/// Planes `first` and on: to zeros each result's gradient is added where the first largest element of its window is, or the last NaN.
static void largest_pool_backward(const struct pb_pool *p, long first, long count, const float *planes, const float *dy, float *dplanes) {
  const struct span whole = whole_columns(p);
  for (long plane = first; plane < first + count; plane++)
    for (long r = 0; r < p->rows; r++) {
      if (pb_must_stop_after(p->columns * (window_size(p) < WIDE ? window_size(p) : WIDE) / 2 + 1)) return;
      const long at = plane * p->height * p->width;
      largest_row(p, planes + at, r, whole, NULL, dy + (plane * p->rows + r) * p->columns, dplanes + at);
    }
}

/// The columns of results whose windows have column j of theirs inside the row.
INLINE struct span seen_by(const struct pb_pool *p, long j) {
  long before = p->column_padding - j, step = p->column_stride, last = p->width - 1 + before, end = last < 0 ? 0 : last / step + 1;
  return (struct span){before <= 0 ? 0 : (before + step - 1) / step, end < p->columns ? end : p->columns};
}

static void mean_pool_backward(const struct pb_pool *p, long first, long many, const float *dy, float *dplanes) {
  const float share = (float)(1 / ((double)p->kernel_rows * (double)p->kernel_columns));
  const long c = 0;
  for (long plane = first; plane < first + many; plane++) {
    float *dx = dplanes + plane * p->height * p->width;
    const float *d = dy + plane * p->rows * p->columns;
    for (long r = 0; r < p->rows; r++, d += p->columns) {
      const struct span rows = seen(p->row_padding - r * p->row_stride, p->kernel_rows, p->height);
      WINDOW_ROWS(for (long j = 0; j < p->kernel_columns; j++) {
        if (pb_must_stop_after(p->columns / 2 + 2)) return;
        const struct span columns = seen_by(p, j);
        float *to = dx + row + j;
        if (p->column_stride == 1)
          for (long k = columns.first; k < columns.end; k++) to[k] += d[k] * share;
        else
          for (long k = columns.first; k < columns.end; k++) to[k * p->column_stride] += d[k] * share;
      })
    }
  }
}
#undef WINDOW_ROWS
