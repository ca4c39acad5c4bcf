/// Copies between layouts. Included by body.h.

/// The first n floats at p, `step` apart, at most LANES of them; the other lanes are zero.
INLINE vector load_apart(const float *p, long step, long n) {
  if (step == 1) return load_rest(p, n);
  if (step == 2) {
    // What lies behind the last element is not read.
    long last = 2 * (n < LANES ? n : LANES) - 1;
    vector a = load_rest(p, last), b = last > LANES ? load_first(p + LANES, last - LANES) : splat(0);
#if LANES == 16
    return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
#elif LANES == 8
    return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
#else
    return __builtin_shufflevector(a, b, 0, 2, 4, 6);
#endif
  }
#if LANES == 16
  if (step > 2 && step <= 8) {
    // Of two vectors beside each other so many are taken at once.
    const long count = n < LANES ? n : LANES, most = (2 * LANES - 1) / step + 1;
    const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    __m512 taken = _mm512_setzero_ps();
    for (long done = 0; done < count; done += most) {
      long part = count - done < most ? count - done : most, last = (part - 1) * step + 1;
      vector a = load_rest(p + done * step, last), b = last > LANES ? load_rest(p + done * step + LANES, last - LANES) : splat(0);
      __m512i places = _mm512_mullo_epi32(_mm512_sub_epi32(lanes, _mm512_set1_epi32((int)done)), _mm512_set1_epi32((int)step));
      __mmask16 own = (__mmask16)(((1u << part) - 1) << done);
      taken = _mm512_mask_mov_ps(taken, own, _mm512_permutex2var_ps((__m512)a, places, (__m512)b));
    }
    return (vector)taken;
  }
#endif
  vector v = {};
  if (n >= LANES)
    for (int j = 0; j < LANES; j++) v[j] = p[j * step];
  else
    for (long j = 0; j < n; j++) v[j] = p[j * step];
  return v;
}

static void copy_row(long n, const float *x, long from, float *y, long to) {
  if (from == 1 && to == 1) {
    if (n <= LANES) {
      store_rest(y, load_rest(x, n), n);
    } else if (n <= 32 * LANES) {
      // What a call would cost; the last vector overlaps the one before.
      for (long k = 0; k + LANES <= n; k += LANES) store(y + k, load(x + k));
      store(y + n - LANES, load(x + n - LANES));
    } else {
      memcpy(y, x, (unsigned long)n * sizeof(float));
    }
    return;
  }
  long k = 0;
  if (to == 1 && from == 0) {
    vector value = splat(*x);
    for (; k < n; k += LANES) store_rest(y + k, value, n - k);
    return;
  }
  if (to == 1 && from == 2) {
    for (; k + LANES < n; k += LANES) store(y + k, load_apart(x + 2 * k, 2, LANES));
    if (n > 2) {
      store_rest(y + k, load_apart(x + 2 * k, 2, n - k), n - k);
      return;
    }
  }
#if LANES == 16
  if (to == 1 && from > 2 && from <= 8 && n > LANES) {
    // Which lanes each of the vectors that are read has, and where.
    __m512i places[8];
    __mmask16 own[8];
    for (int v = 0; v < from; v++) {
      __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
      places[v] = _mm512_sub_epi32(_mm512_mullo_epi32(lanes, _mm512_set1_epi32((int)from)), _mm512_set1_epi32(v * LANES));
      own[v] = _mm512_cmplt_epu32_mask(places[v], _mm512_set1_epi32(LANES));
    }
    switch (from) {
#define APART(step)                                                                                       \
  case step:                                                                                              \
    for (; k + LANES < n; k += LANES) {                                                                   \
      const float *p = x + k * step;                                                                      \
      __m512 taken = _mm512_permutexvar_ps(places[0], (__m512)load(p));                                   \
      for (int v = 1; v < step; v++)                                                                      \
        taken = _mm512_mask_permutexvar_ps(taken, own[v], places[v], (__m512)load(p + v * LANES));        \
      store(y + k, (vector)taken);                                                                        \
    }                                                                                                     \
    break;
      APART(3) APART(4) APART(5) APART(6) APART(7) APART(8)
#undef APART
    }
  }
  if (to == 1 && from > 2 && from <= 8 && n - k > 4) {
    for (; k < n; k += LANES) store_rest(y + k, load_apart(x + k * from, from, n - k), n - k);
    return;
  }
#endif
#if LANES >= 8
  if (to == 1 && from == -1)
    for (; k + LANES <= n; k += LANES) {
      vector a = load(x - k - LANES + 1);
#if LANES == 16
      store(y + k, __builtin_shufflevector(a, a, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
#else
      store(y + k, __builtin_shufflevector(a, a, 7, 6, 5, 4, 3, 2, 1, 0));
#endif
    }
#endif
  for (; k < n; k++) y[k * to] = x[k * from];
}

/// The same in pieces, until the work must stop.
static void copy_long_row(long n, const float *x, long from, float *y, long to) {
  enum { PIECE = 1 << 17 };
  for (long k = 0; k < n && (k == 0 || !pb_must_stop_after(PIECE / 4)); k += PIECE)
    copy_row(n - k < PIECE ? n - k : PIECE, x + k * from, from, y + k * to, to);
}

/// Rows of up to four arrays side by side, each of so many elements, and `apart` from one row to the next; there are no more behind the first of width 0.
static void join_rows(long rows, const long *widths, const float *const *x, float *y, long apart) {
  for (long r = 0; r < rows && (r == 0 || !pb_must_stop_after(apart / 4 + 4)); r++, y += apart) {
    float *to = y;
    for (int k = 0; k < 4 && widths[k] > 0; to += widths[k++]) copy_long_row(widths[k], x[k] + r * widths[k], 1, to, 1);
  }
}

/// y[r * to + c] = x[c * from + r] for `rows` x `columns` elements, in blocks that fit into registers.
static void transpose_part(long rows, long columns, const float *x, long from, float *y, long to) {
  for (long r = 0; r < rows && !pb_must_stop_after(LANES * columns / 4); r += LANES) {
    long height = rows - r < LANES ? rows - r : LANES;
    for (long c = 0; c < columns; c += LANES) {
      long width = columns - c < LANES ? columns - c : LANES;
      const float *corner = x + c * from + r;
      float *place = y + r * to + c;
      vector block[LANES];
      if (height == LANES && width == LANES) {
        for (int k = 0; k < LANES; k++) block[k] = load(corner + k * from);
        transpose(block);
        for (int k = 0; k < LANES; k++) store(place + k * to, block[k]);
        continue;
      }
      for (int k = 0; k < LANES; k++) block[k] = k < width ? load_rest(corner + k * from, height) : splat(0);
      transpose(block);
      for (int k = 0; k < LANES; k++)
        if (k < height) store_rest(place + k * to, block[k], width);
    }
  }
}

/// Rows of few elements, in the order in which they stand.
INLINE void copy_short_rows(long rows, const int n, const float *x, long from_row, long from, float *y, long to_row, long to) {
  for (long r = 0; r < rows; r++, x += from_row, y += to_row)
    for (int k = 0; k < n; k++) y[k * to] = x[k * from];
}

/// The longest row that is copied without being asked whether the work must stop.
enum { SHORT_ROW = 512 };

/// Copies the last two axes, of which the last is short, in pieces, until the work must stop.
static void copy_short(const struct pb_copy *copy, const float *x, float *y) {
  long last = copy->axes - 1, size = copy->sizes[last];
  long rows = copy->sizes[last - 1], from_row = copy->from[last - 1], to_row = copy->to[last - 1];
  long from = copy->from[last], to = copy->to[last];
  const long piece = (1 << 18) / size;
  for (long r = 0; r < rows && (r == 0 || !pb_must_stop_after(1 << 16)); r += piece) {
    long count = rows - r < piece ? rows - r : piece;
    const float *a = x + r * from_row;
    float *b = y + r * to_row;
    switch (size) {
#define SHORT(n)                                                                           \
  case n:                                                                                  \
    if (from == 1 && to == 1)                                                              \
      copy_short_rows(count, n, a, from_row, 1, b, to_row, 1);                             \
    else                                                                                   \
      copy_short_rows(count, n, a, from_row, from, b, to_row, to);                         \
    break;
      SHORT(1) SHORT(2) SHORT(3) SHORT(4) SHORT(5) SHORT(6) SHORT(7) SHORT(8)
#undef SHORT
      default:
        for (long k = 0; k < count; k++) copy_row(size, a + k * from_row, from, b + k * to_row, to);
    }
  }
}

static void copy_strided(const struct pb_copy *copy, const float *x, float *y) {
  long axes = copy->axes, counter[PB_AXES] = {};
  int is_short = !copy->transposes && axes > 1 && copy->sizes[axes - 1] <= SHORT_ROW;
  long outer = axes - (copy->transposes || is_short ? 2 : 1);
  const long *sizes = copy->sizes, *from = copy->from, *to = copy->to;
  while (!pb_must_stop_after(copy->transposes ? 4 : sizes[axes - 1] / 4 + 4)) {
    if (is_short)
      copy_short(copy, x, y);
    else if (copy->transposes)
      transpose_part(sizes[axes - 2], sizes[axes - 1], x, from[axes - 1], y, to[axes - 2]);
    else
      copy_long_row(sizes[axes - 1], x, from[axes - 1], y, to[axes - 1]);
    long axis = outer - 1;
    for (; axis >= 0; axis--) {
      if (++counter[axis] < sizes[axis]) {
        x += from[axis];
        y += to[axis];
        break;
      }
      x -= (sizes[axis] - 1) * from[axis];
      y -= (sizes[axis] - 1) * to[axis];
      counter[axis] = 0;
    }
    if (axis < 0) break;
  }
}

/// y[k] = row[places[k]], places being whole numbers from 0.
static void gather_row(long n, const float *row, const float *places, float *y) {
  long k = 0;
#if LANES == 16
  // A tensor of a script has at most 2^28 elements.
  for (; k + LANES <= n; k += LANES)
    store(y + k, (vector)_mm512_i32gather_ps(_mm512_cvttps_epi32((__m512)load(places + k)), row, 4));
#endif
  for (; k < n; k++) y[k] = row[(long)places[k]];
}

/// The same for each of rows, `width` apart.
static void gather_rows(long rows, long width, long n, const float *x, const float *places, float *y) {
  for (long r = 0; r < rows; r++, x += width, places += n, y += n) {
    if (n >= LANES)
      gather_row(n, x, places, y);
    else
      for (long k = 0; k < n; k++) y[k] = x[(long)places[k]];
  }
}

/// y[r, k] = x[r, places[k]] for rows of x that are `width` long.
static void take_columns(long rows, long width, long n, const float *x, const int32_t *places, float *y) {
  for (long r = 0; r < rows; r++, x += width, y += n) {
    long k = 0;
#if LANES == 16
    for (; k + LANES <= n; k += LANES) store(y + k, (vector)_mm512_i32gather_ps(_mm512_loadu_si512(places + k), x, 4));
#endif
    for (; k < n; k++) y[k] = x[places[k]];
  }
}

/// x[r, places[k]] += dy[r, k] over rows of zeros, written first.
static void put_columns(long rows, long width, long n, const float *dy, const int32_t *places, float *x) {
  for (long r = 0; r < rows; r++, x += width, dy += n) {
    memset(x, 0, (unsigned long)width * sizeof(float));
    for (long k = 0; k < n; k++) x[places[k]] += dy[k];
  }
}

/// y[k] = x[places[k], k] of columns that are `stride` long side by side.
static void gather_columns(long n, long stride, const float *x, const float *places, float *y) {
  for (long k = 0; k < n; k++) y[k] = x[(long)places[k] * stride + k];
}

static void scatter_columns(long n, long stride, const float *places, const float *dy, float *x) {
  for (long k = 0; k < n; k++) x[(long)places[k] * stride + k] += dy[k];
}

/// Whether the work must stop before row t of so many columns; asks now and then.
INLINE int stops_at(long t, long columns) {
  enum { PIECE = 1 << 13 };
  return (t * columns) % PIECE < columns && pb_must_stop_after(columns < PIECE ? PIECE : columns);
}

/// totals[places[k], k] += dy[k] of columns that are side by side in the totals, for `taken` rows of the others.
static void scatter_column_totals(long taken, long columns, long stride, const float *places, const float *dy, double *totals) {
  for (long t = 0; t < taken; t++, places += stride, dy += stride) {
    if (stops_at(t, columns)) return;
    for (long k = 0; k < columns; k++) totals[(long)places[k] * columns + k] += dy[k];
  }
}

/// totals[places[r]] += x[r] for rows of so many columns, `stride` apart in x and side by side in the totals.
static void add_row_totals(long rows, long columns, long stride, const long *places, const float *x, double *totals) {
  for (long r = 0; r < rows; r++, x += stride) {
    if (stops_at(r, columns)) return;
    double *to = totals + places[r] * columns;
    for (long k = 0; k < columns; k++) to[k] += x[k];
  }
}

INLINE void put_part(long taken, const long columns, long stride, const float *places, const float *values, long step, float *y) {
  for (long t = 0; t < taken; t++, places += stride, values += stride * step) {
    if (stops_at(t, columns)) return;
    for (long k = 0; k < columns; k++) y[(long)places[k] * stride + k] = values[k * step];
  }
}

/// y[places[t, k], k] = values[t, k] for t from 0 on, of columns whose rows are `stride` apart in all three; of several for one place the
/// last stays. With a `step` of 0 the same value goes to all places.
static void put(long taken, long columns, long stride, const float *places, const float *values, long step, float *y) {
  if (columns == 1 && stride == 1)
    put_part(taken, 1, 1, places, values, step, y);
  else
    put_part(taken, columns, stride, places, values, step, y);
}

INLINE void put_backward_part(long taken, const long columns, long stride, const float *places, const float *dy, int32_t *last, float *dx) {
  for (long t = 0; t < taken; t++) {
    if (stops_at(t, columns)) return;
    for (long k = 0; k < columns; k++) last[(long)places[t * stride + k] * columns + k] = (int32_t)t;
  }
  for (long t = 0; t < taken; t++) {
    if (stops_at(t, columns)) return;
    for (long k = 0; k < columns; k++) {
      long place = (long)places[t * stride + k];
      dx[t * stride + k] = last[place * columns + k] == t ? dy[place * stride + k] : 0;
    }
  }
}

/// dx[t, k] = dy[places[t, k], k] where `put` left values[t, k] there, else 0; `last` has room for as many as a column's places of each.
static void put_backward(long taken, long columns, long stride, const float *places, const float *dy, int32_t *last, float *dx) {
  if (columns == 1 && stride == 1)
    put_backward_part(taken, 1, 1, places, dy, last, dx);
  else
    put_backward_part(taken, columns, stride, places, dy, last, dx);
}

static void whole_places(long n, const float *x, long *places) {
  for (long k = 0; k < n; k++) places[k] = (long)x[k];
}

/// Few sums are kept four times, so that an element need not wait for the one before.
static void add_places(long n, long size, const float *places, const float *weights, double *sums) {
  enum { FEW = 512 };
  double copies[3][FEW];
  long k = 0;
  if (size <= FEW && n >= 2 * size) {
    for (int c = 0; c < 3; c++) memset(copies[c], 0, (size_t)size * sizeof(double));
    for (; k + 4 <= n; k += 4) {
      const float *w = weights + k;
      sums[(long)places[k]] += weights == NULL ? 1 : w[0];
      copies[0][(long)places[k + 1]] += weights == NULL ? 1 : w[1];
      copies[1][(long)places[k + 2]] += weights == NULL ? 1 : w[2];
      copies[2][(long)places[k + 3]] += weights == NULL ? 1 : w[3];
    }
    for (long s = 0; s < size; s++) sums[s] += copies[0][s] + copies[1][s] + copies[2][s];
  }
  for (; k < n; k++) sums[(long)places[k]] += weights == NULL ? 1 : weights[k];
}

/// row[places[k]] += dy[k] over a row of zeros; through `totals`, zeros of double precision, unless that is NULL.
static void scatter_row(long n, long width, const float *places, const float *dy, double *totals, float *row) {
  if (totals == NULL) {
    for (long k = 0; k < n; k++) row[(long)places[k]] += dy[k];
    return;
  }
  for (long k = 0; k < n; k++) totals[(long)places[k]] += dy[k];
  for (long k = 0; k < width; k++) row[k] = (float)totals[k], totals[k] = 0;
}
