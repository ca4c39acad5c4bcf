/// Running sums, in double precision. Included by body.h, after reduce.h.

typedef double eight_doubles __attribute__((vector_size(64)));
typedef float eight_floats __attribute__((vector_size(32)));

/// Running sums of a row from `total` on, forwards or backwards; returns where they end.
static double running_row(long n, int backwards, double total, const float *x, float *y) {
  long step = backwards ? -1 : 1, k = 0;
  if (backwards) x += n - 1, y += n - 1;
  // Eight at a time, so that only one addition waits for the last.
  const eight_doubles none = {};
  eight_doubles totals = total - none;
#define TAKEN(v, other, ...) __builtin_shufflevector(v, other, __VA_ARGS__)
  for (; k + 8 <= n; k += 8, x += 8 * step, y += 8 * step) {
    eight_floats part;
    memcpy(&part, backwards ? x - 7 : x, sizeof part);
    if (backwards) part = TAKEN(part, part, 7, 6, 5, 4, 3, 2, 1, 0);
    eight_doubles s = __builtin_convertvector(part, eight_doubles);
    s += TAKEN(s, none, 8, 0, 8, 2, 8, 4, 8, 6);
    s += TAKEN(s, none, 8, 8, 1, 1, 8, 8, 5, 5);
    s += TAKEN(s, none, 8, 8, 8, 8, 3, 3, 3, 3);
    part = __builtin_convertvector(totals + s, eight_floats);
    if (backwards) part = TAKEN(part, part, 7, 6, 5, 4, 3, 2, 1, 0);
    memcpy(backwards ? y - 7 : y, &part, sizeof part);
    totals += TAKEN(s, s, 7, 7, 7, 7, 7, 7, 7, 7);
  }
#undef TAKEN
  total = totals[0];
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
