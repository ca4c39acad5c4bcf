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

/// Adds to totals[c] the sum of column c of rows that are `stride` apart, or of its squared distances from means[c].
static void column_totals(long rows, long columns, long stride, const float *x, double *totals) {
  long c = 0;
  for (; c + 4 * LANES <= columns; c += 4 * LANES) {
    doubles sums[4];
    memcpy(sums, totals + c, sizeof sums);
    for (long r = 0; r < rows; r++)
      for (int k = 0; k < 4; k++) sums[k] += widened(load(x + r * stride + c + k * LANES));
    memcpy(totals + c, sums, sizeof sums);
  }
  for (; c < columns; c += LANES) {
    long n = columns - c < LANES ? columns - c : LANES;
    doubles sums = {};
    memcpy(&sums, totals + c, (unsigned long)n * sizeof(double));
    for (long r = 0; r < rows; r++) sums += widened(load_rest(x + r * stride + c, n));
    memcpy(totals + c, &sums, (unsigned long)n * sizeof(double));
  }
}

static void column_squares(long rows, long columns, long stride, const float *x, const double *means, double *totals) {
  for (long c = 0; c < columns; c += LANES) {
    long n = columns - c < LANES ? columns - c : LANES;
    doubles sums = {}, mean = {};
    memcpy(&sums, totals + c, (unsigned long)n * sizeof(double));
    memcpy(&mean, means + c, (unsigned long)n * sizeof(double));
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

/// y[r] = the largest element of row r, or the smallest with a `sign` of -1; NaN where one is.
static void row_largest(long rows, long n, float sign, const float *x, float *y) {
  if (n < LANES) {
    for (long r = 0; r < rows; r += LANES, x += LANES * n) {
      long count = at_most_lanes(rows - r);
      vector most = load_column(count, n, x) * sign;
      for (long k = 1; k < n; k++) {
        vector v = load_column(count, n, x + k) * sign;
        most = choose(is_better(v, most), v, most);
      }
      store_rest(y + r, most * sign, rows - r);
    }
    return;
  }
  for (long r = 0; r < rows; r++, x += n) {
    // Four at a time, as none waits for another.
    vector a = load(x) * sign, found[4] = {a, a, a, a};
    long k = LANES;
    for (; k + 4 * LANES <= n; k += 4 * LANES)
      for (int j = 0; j < 4; j++) {
        vector v = load(x + k + j * LANES) * sign;
        found[j] = choose(is_better(v, found[j]), v, found[j]);
      }
    // What is left and a part of what was seen.
    for (long last = n - LANES; k < n; k += LANES) {
      vector v = load(x + (k < last ? k : last)) * sign;
      a = choose(is_better(v, a), v, a);
    }
    for (int j = 0; j < 4; j++) a = choose(is_better(found[j], a), found[j], a);
    float most = a[0];
    for (int j = 1; j < LANES; j++) most = a[j] > most || a[j] != a[j] ? a[j] : most;
    y[r] = most * sign;
  }
}

/// The same for each column of rows `stride` apart, after rows of which `before` are done.
static void column_largest(long rows, long columns, long stride, float sign, long before, const float *x, float *y) {
  for (long c = 0; c < columns; c += 4 * LANES) {
    long n = columns - c;
    if (n >= 4 * LANES) {
      vector most[4];
      for (int k = 0; k < 4; k++) most[k] = load((before ? y : x) + c + k * LANES) * sign;
      for (long r = before ? 0 : 1; r < rows; r++)
        for (int k = 0; k < 4; k++) {
          vector v = load(x + r * stride + c + k * LANES) * sign;
          most[k] = choose(is_better(v, most[k]), v, most[k]);
        }
      for (int k = 0; k < 4; k++) store(y + c + k * LANES, most[k] * sign);
      continue;
    }
    for (long d = c; d < columns; d += LANES) {
      vector most = load_rest((before ? y : x) + d, columns - d) * sign;
      for (long r = before ? 0 : 1; r < rows; r++) {
        vector v = load_rest(x + r * stride + d, columns - d) * sign;
        most = choose(is_better(v, most), v, most);
      }
      store_rest(y + d, most * sign, columns - d);
    }
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
  long k = 0;
  for (; k + LANES <= n; k += LANES) {
    vector v = load(x + k);
    best = choose(v > best, v, best);
  }
  float largest = -INFINITY;
  for (int j = 0; j < LANES; j++) largest = best[j] > largest ? best[j] : largest;
  for (; k < n; k++) largest = x[k] > largest ? x[k] : largest;
  return largest;
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

/// Running sums of a row from `total` on, forwards or backwards; returns where they end.
static double running_row(long n, int backwards, double total, const float *x, float *y) {
  long step = backwards ? -1 : 1, k = 0;
  if (backwards) x += n - 1, y += n - 1;
  // Eight at a time, so that only one addition waits for the last.
  for (; k + 8 <= n; k += 8, x += 8 * step, y += 8 * step) {
    double s[8];
    for (int j = 0; j < 8; j++) s[j] = x[j * step];
    for (int j = 1; j < 8; j += 2) s[j] += s[j - 1];
    for (int j = 2; j < 8; j += 4) s[j] += s[j - 1], s[j + 1] += s[j - 1];
    for (int j = 4; j < 8; j++) s[j] += s[3];
    for (int j = 0; j < 8; j++) y[j * step] = (float)(total + s[j]);
    total += s[7];
  }
  for (; k < n; k++, x += step, y += step) *y = (float)(total += *x);
  return total;
}

/// Running sums down the columns [rows, columns], `stride` apart, from `totals` on, which are those at the end.
static void running_columns(long rows, long columns, long stride, int backwards, const float *x, float *y,
                            double *totals) {
  if (columns == 1 && stride == 1) {
    *totals = running_row(rows, backwards, *totals, x, y);
    return;
  }
  for (long r = 0; r < rows; r++) {
    long place = (backwards ? rows - 1 - r : r) * stride;
    for (long c = 0; c < columns; c++) y[place + c] = (float)(totals[c] += x[place + c]);
  }
}

/// Running sums of each of rows of few elements.
static void running_rows(long rows, long n, int backwards, const float *x, float *y) {
  long step = backwards ? -1 : 1;
  for (long r = 0; r < rows; r++, x += n, y += n) {
    double total = 0;
    for (long k = backwards ? n - 1 : 0, left = n; left > 0; left--, k += step) y[k] = (float)(total += x[k]);
  }
}
