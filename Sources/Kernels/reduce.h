/// Many elements made one, in double precision. Included by body.h, after elementwise.h.

#define widened(x) __builtin_convertvector(x, doubles)

/// The sum of all lanes, each half added to the other.
INLINE double total_of(const doubles *x) {
  double sums[LANES];
  memcpy(sums, x, sizeof sums);
  for (int half = LANES / 2; half > 0; half /= 2)
    for (int k = 0; k < half; k++) sums[k] += sums[k + half];
  return sums[0];
}

/// The first elements of rows that are n apart, of `rows` of them where they are fewer than LANES.
INLINE vector load_column(long rows, long n, const float *x) {
  vector v = {};
  if (rows >= LANES)
    for (int j = 0; j < LANES; j++) v[j] = x[j * n];
  else
    for (long j = 0; j < rows; j++) v[j] = x[j * n];
  return v;
}

INLINE long at_most_lanes(long n) { return n < LANES ? n : LANES; }

/// totals[r] = the sum of row r, or of the squares of its distances from means[r], for rows shorter than a vector.
static void short_row_totals(long rows, long n, int squares, const float *x, const double *means, double *totals) {
  for (long r = 0; r < rows; r += LANES, x += LANES * n) {
    long count = at_most_lanes(rows - r);
    doubles sums = {}, mean = {};
    if (means) memcpy(&mean, means + r, (unsigned long)count * sizeof(double));
    for (long k = 0; k < n; k++) {
      doubles v = widened(load_column(count, n, x + k));
      sums += squares ? (v - mean) * (v - mean) : v;
    }
    memcpy(totals + r, &sums, (unsigned long)count * sizeof(double));
  }
}

/// totals[r] = the sum of row r, or of the squares of its distances from means[r].
static void row_totals(long rows, long n, const float *x, double *totals) {
  if (n < LANES) {
    short_row_totals(rows, n, 0, x, NULL, totals);
    return;
  }
  for (long r = 0; r < rows; r++, x += n) {
    doubles a = {}, b = {}, c = {}, d = {};
    long k = 0;
    for (; k + 4 * LANES <= n; k += 4 * LANES) {
      a += widened(load(x + k));
      b += widened(load(x + k + LANES));
      c += widened(load(x + k + 2 * LANES));
      d += widened(load(x + k + 3 * LANES));
    }
    for (; k < n; k += LANES) a += widened(load_rest(x + k, n - k));
    a = (a + b) + (c + d);
    totals[r] = total_of(&a);
  }
}

static void row_squares(long rows, long n, const float *x, const double *means, double *totals) {
  if (n < LANES) {
    short_row_totals(rows, n, 1, x, means, totals);
    return;
  }
  for (long r = 0; r < rows; r++, x += n) {
    doubles mean = (means ? means[r] : 0) - (doubles){}, a = {}, b = {};
    long k = 0;
    for (; k + 2 * LANES <= n; k += 2 * LANES) {
      doubles x0 = widened(load(x + k)) - mean, x1 = widened(load(x + k + LANES)) - mean;
      a += x0 * x0;
      b += x1 * x1;
    }
    a += b;
    double total = total_of(&a);
    for (; k < n; k++) {
      double distance = (double)x[k] - mean[0];
      total += distance * distance;
    }
    totals[r] = total;
  }
}

/// The sums of a few columns without a gap, whose rows make up vectors of which every `columns`th begins with the first column.
INLINE void few_totals(const int columns, long rows, const float *x, double *totals) {
  doubles sums[8] = {};
  long k = 0, n = rows * columns;
  for (; k + columns * LANES <= n; k += columns * LANES)
    for (int j = 0; j < columns; j++) sums[j] += widened(load(x + k + j * LANES));
  for (int j = 0; j < columns; j++)
    for (int lane = 0; lane < LANES; lane++) totals[(j * LANES + lane) % columns] += sums[j][lane];
  for (; k < n; k++) totals[k % columns] += x[k];
}

/// Adds to totals[c] the sum of column c of rows that are `stride` apart, or of its squared distances from means[c].
static void column_totals(long rows, long columns, long stride, const float *x, double *totals) {
  if (columns == stride) {
    switch (columns) {
#define FEW(n) case n: return few_totals(n, rows, x, totals);
      FEW(2) FEW(3) FEW(4) FEW(5) FEW(6) FEW(7) FEW(8)
#undef FEW
    }
  }
  // Four rows at a time, each read from its start to its end, and added one after the other.
  const long wide = columns / (4 * LANES) * (4 * LANES);
  for (long r = 0; r < rows; r += 4)
    for (long c = 0; c < wide; c += LANES) {
      const float *from = x + r * stride + c;
      doubles sum;
      memcpy(&sum, totals + c, sizeof sum);
      if (r + 4 <= rows)
        for (int k = 0; k < 4; k++) sum += widened(load(from + k * stride));
      else
        for (long k = 0; k < rows - r; k++) sum += widened(load(from + k * stride));
      memcpy(totals + c, &sum, sizeof sum);
    }
  for (long c = wide; c < columns; c += LANES) {
    long n = columns - c < LANES ? columns - c : LANES;
    doubles sums[4] = {};
    memcpy(sums, totals + c, (unsigned long)n * sizeof(double));
    for (long r = 0; r < rows; r += 4)
      for (int k = 0; k < 4; k++)
        if (r + k < rows) sums[k] += widened(load_rest(x + (r + k) * stride + c, n));
    sums[0] = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    memcpy(totals + c, sums, (unsigned long)n * sizeof(double));
  }
}

static void column_squares(long rows, long columns, long stride, const float *x, const double *means, double *totals) {
  for (long c = 0; c < columns; c += LANES) {
    long n = columns - c < LANES ? columns - c : LANES;
    doubles sums = {}, mean = {};
    memcpy(&sums, totals + c, (unsigned long)n * sizeof(double));
    if (means) memcpy(&mean, means + c, (unsigned long)n * sizeof(double));
    for (long r = 0; r < rows; r++) {
      doubles distance = widened(load_rest(x + r * stride + c, n)) - mean;
      sums += distance * distance;
    }
    memcpy(totals + c, &sums, (unsigned long)n * sizeof(double));
  }
}

/// y = x less the mean of its row [rows, n], or of its column where the means are `n`, in double precision.
static void centered(long rows, long n, int by_column, const float *x, const double *means, float *y) {
  for (long r = 0; r < rows; r++)
    for (long k = 0; k < n; k++) y[r * n + k] = (float)((double)x[r * n + k] - means[by_column ? k : r]);
}

/// Where one vector takes the place of another as the largest, the first NaN that of all.
INLINE integers is_better(vector v, vector most) { return (v > most) | ((v != v) & (most == most)); }

/// The same as row_extremes for rows shorter than a vector.
static void short_row_extremes(long rows, long n, float sign, const float *x, int32_t *places) {
  for (long r = 0; r < rows; r += LANES, x += LANES * n) {
    long count = at_most_lanes(rows - r);
    vector most = load_column(count, n, x) * sign;
    integers place = {};
    for (long k = 1; k < n; k++) {
      vector v = load_column(count, n, x + k) * sign;
      integers better = is_better(v, most);
      most = choose(better, v, most);
      place = (better & ((int32_t)k - (integers){})) | (~better & place);
    }
    memcpy(places + r, &place, (unsigned long)count * sizeof(int32_t));
  }
}

/// The larger of the lanes of two vectors, or the smaller; NaN of the second one stays, and of the first one goes.
INLINE vector better_of(const int smallest, vector v, vector most) { return smallest ? choose(v < most, v, most) : choose(v > most, v, most); }

/// The largest of n >= LANES elements, or the smallest; NaN where one is.
INLINE float best_of(const int smallest, long n, const float *x) {
  // Four at a time, as none waits for another. NaN is looked for beside them.
  vector a = load(x), found[4] = {a, a, a, a};
  integers strange = a != a;
  long k = LANES;
  for (; k + 4 * LANES <= n; k += 4 * LANES) {
    vector v[4];
    for (int j = 0; j < 4; j++) v[j] = load(x + k + j * LANES);
    for (int j = 0; j < 4; j++) found[j] = better_of(smallest, v[j], found[j]);
    strange |= ((v[0] != v[0]) | (v[1] != v[1])) | ((v[2] != v[2]) | (v[3] != v[3]));
  }
  // What is left and a part of what was seen.
  for (long last = n - LANES; k < n; k += LANES) {
    vector v = load(x + (k < last ? k : last));
    a = better_of(smallest, v, a);
    strange |= v != v;
  }
  if (mask_bits(strange)) {
    for (k = 0; x[k] == x[k];) k++;
    return x[k];
  }
  for (int j = 0; j < 4; j++) a = better_of(smallest, found[j], a);
  float most = a[0];
  for (int j = 1; j < LANES; j++) most = (smallest ? a[j] < most : a[j] > most) ? a[j] : most;
  return most;
}

/// The same of rows of n < LANES.
INLINE void best_of_short_rows(const int smallest, long rows, long n, const float *x, float *y) {
  for (long r = 0; r < rows; r += LANES, x += LANES * n) {
    long count = at_most_lanes(rows - r);
    vector most = load_column(count, n, x);
    for (long k = 1; k < n; k++) {
      vector v = load_column(count, n, x + k);
      most = choose(v != v, v, better_of(smallest, v, most));
    }
    store_rest(y + r, most, rows - r);
  }
}

/// y[r] = the largest element of row r, or the smallest with a `sign` of -1; NaN where one is.
static void row_largest(long rows, long n, float sign, const float *x, float *y) {
  if (n < LANES) return sign < 0 ? best_of_short_rows(1, rows, n, x, y) : best_of_short_rows(0, rows, n, x, y);
  for (long r = 0; r < rows; r++, x += n) y[r] = sign < 0 ? best_of(1, n, x) : best_of(0, n, x);
}

/// The same for `vectors` vectors of columns, of which the last may be cut to n.
INLINE void best_of_columns(const int smallest, const int vectors, long n, long rows, long stride, long before, const float *x, float *y) {
  vector most[4], missing = splat(NAN);
  integers strange[4] = {};
  for (int k = 0; k < vectors; k++) most[k] = load_rest((before ? y : x) + k * LANES, n - k * LANES);
  for (long r = before ? 0 : 1; r < rows; r++)
    for (int k = 0; k < vectors; k++) {
      vector v = load_rest(x + r * stride + k * LANES, n - k * LANES);
      most[k] = better_of(smallest, v, most[k]);
      strange[k] |= v != v;
    }
  for (int k = 0; k < vectors; k++) store_rest(y + k * LANES, choose(strange[k], missing, most[k]), n - k * LANES);
}

/// The same for each column of rows `stride` apart, after rows of which `before` are done.
static void column_largest(long rows, long columns, long stride, float sign, long before, const float *x, float *y) {
  long c = 0;
  for (; c + 4 * LANES <= columns; c += 4 * LANES) {
    if (sign < 0)
      best_of_columns(1, 4, 4 * LANES, rows, stride, before, x + c, y + c);
    else
      best_of_columns(0, 4, 4 * LANES, rows, stride, before, x + c, y + c);
  }
  for (; c < columns; c += LANES) {
    if (sign < 0)
      best_of_columns(1, 1, columns - c, rows, stride, before, x + c, y + c);
    else
      best_of_columns(0, 1, columns - c, rows, stride, before, x + c, y + c);
  }
}

/// places[r] = where the largest element of a row is, or the smallest with a `sign` of -1: the first NaN, else the first of
/// equal ones.
static void row_extremes(long rows, long n, float sign, const float *x, int32_t *places) {
  if (n < LANES) {
    short_row_extremes(rows, n, sign, x, places);
    return;
  }
  for (long r = 0; r < rows; r++, x += n) {
    vector best = splat(-INFINITY);
    integers strange = {};
    long k = 0;
    for (; k + LANES <= n; k += LANES) {
      vector v = load(x + k) * sign;
      best = choose(v > best, v, best);
      strange |= v != v;
    }
    float largest = -INFINITY;
    int has_nan = mask_bits(strange) != 0;
    for (; k < n; k++) {
      float v = x[k] * sign;
      largest = v > largest ? v : largest;
      has_nan |= v != v;
    }
    for (int j = 0; j < LANES; j++) largest = best[j] > largest ? best[j] : largest;
    vector wanted = splat(largest);
    for (k = 0; k + LANES <= n; k += LANES) {
      vector v = load(x + k) * sign;
      unsigned found = mask_bits(has_nan ? v != v : v == wanted);
      if (found) {
        k += __builtin_ctz(found);
        places[r] = (int32_t)k;
        k = -1;
        break;
      }
    }
    if (k < 0) continue;
    for (; k < n - 1; k++)
      if (has_nan ? x[k] != x[k] : x[k] * sign == largest) break;
    places[r] = (int32_t)k;
  }
}

/// The same for each column of rows `stride` apart, after rows of which `before` are done.
static void column_extremes(long rows, long columns, long stride, float sign, long before, const float *x, float *best,
                            int32_t *places) {
  for (long c = 0; c < columns; c += LANES) {
    long n = columns - c < LANES ? columns - c : LANES;
    vector most = before ? load_rest(best + c, n) : load_rest(x + c, n) * sign;
    integers place = {};
    if (before) memcpy(&place, places + c, (unsigned long)n * sizeof(int32_t));
    for (long r = before ? 0 : 1; r < rows; r++) {
      vector v = load_rest(x + r * stride + c, n) * sign;
      integers better = is_better(v, most);
      most = choose(better, v, most);
      place = (better & ((int32_t)(before + r) - (integers){})) | (~better & place);
    }
    store_rest(best + c, most, n);
    memcpy(places + c, &place, (unsigned long)n * sizeof(int32_t));
  }
}

INLINE float largest_of(long n, const float *x) {
  vector best = splat(-INFINITY);
  for (long k = 0; k < n; k += LANES) {
    vector v = n - k < LANES ? choose(first_lanes(n - k), load_first(x + k, n - k), best) : load(x + k);
    best = choose(v > best, v, best);
  }
  return largest_lane(best);
}

static void log_softmax(long rows, long classes, const float *x, float *y) {
  for (long r = 0; r < rows; r++, x += classes, y += classes) {
    float largest = largest_of(classes, x);
    doubles sums = {};
    long k = 0;
    for (; k + LANES <= classes; k += LANES) sums += widened(full_exponential(load(x + k) - largest));
    double total = total_of(&sums);
    if (k < classes) {
      vector e = full_exponential(load_first(x + k, classes - k) - largest);
      for (long j = 0; j < classes - k; j++) total += e[j];
    }
    // Taken off one after the other: beside a large element the logarithm would be lost.
    float rest = (float)log(total);
    for (k = 0; k < classes; k += LANES)
      store_rest(y + k, load_rest(x + k, classes - k) - largest - rest, classes - k);
  }
}

/// dx = dy - e^y times the sum of dy.
static void log_softmax_backward(long rows, long classes, const float *y, const float *dy, float *dx) {
  for (long r = 0; r < rows; r++, y += classes, dy += classes, dx += classes) {
    double total;
    row_totals(1, classes, dy, &total);
    for (long k = 0; k < classes; k += LANES) {
      long n = classes - k;
      store_rest(dx + k, load_rest(dy + k, n) - full_exponential(load_rest(y + k, n)) * (float)total, n);
    }
  }
}

/// dx = y (dy - the sum of y dy).
static void softmax_backward(long rows, long classes, const float *y, const float *dy, float *dx) {
  for (long r = 0; r < rows; r++, y += classes, dy += classes, dx += classes) {
    doubles sums = {};
    for (long k = 0; k < classes; k += LANES)
      sums += widened(load_rest(y + k, classes - k) * load_rest(dy + k, classes - k));
    float total = (float)total_of(&sums);
    for (long k = 0; k < classes; k += LANES) {
      long n = classes - k;
      store_rest(dx + k, load_rest(y + k, n) * (load_rest(dy + k, n) - total), n);
    }
  }
}
