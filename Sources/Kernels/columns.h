/// Softmax down columns, row by row, so that memory is read in its order. Included by body.h, after reduce.h.

/// Columns that are done at once, whose sums stay near.
enum { COLUMNS = PB_COLUMNS };

/// y = softmax of each column of x [rows, columns], rows `stride` apart, or its logarithm; at most COLUMNS of them.
static void column_softmax(long rows, long columns, long stride, int is_logarithm, const float *x, float *y) {
  float largest[COLUMNS];
  double sums[COLUMNS] = {};
  // Lanes behind the columns have values that nobody reads: a part of a vector that was just written would be waited for.
  for (long c = 0; c < columns; c += LANES) store(largest + c, splat(-INFINITY));
  for (long r = 0; r < rows; r++)
    for (long c = 0; c < columns; c += LANES) {
      vector v = load_rest(x + r * stride + c, columns - c), best = load(largest + c);
      store(largest + c, choose(v > best, v, best));
    }
  for (long r = 0; r < rows; r++)
    for (long c = 0; c < columns; c += LANES) {
      long n = columns - c;
      vector e = full_exponential(load_rest(x + r * stride + c, n) - load(largest + c));
      if (!is_logarithm) store_rest(y + r * stride + c, e, n);
      doubles sum;
      memcpy(&sum, sums + c, sizeof sum);
      sum += widened(e);
      memcpy(sums + c, &sum, sizeof sum);
    }
  float rests[COLUMNS] = {};
  for (long c = 0; c < columns; c++) rests[c] = (float)(is_logarithm ? log(sums[c]) : 1 / sums[c]);
  for (long r = 0; r < rows; r++)
    for (long c = 0; c < columns; c += LANES) {
      long n = columns - c;
      vector v = load_rest((is_logarithm ? x : y) + r * stride + c, n), rest = load(rests + c);
      // Taken off one after the other: beside a large element the logarithm would be lost.
      store_rest(y + r * stride + c, is_logarithm ? v - load(largest + c) - rest : v * rest, n);
    }
}

/// The gradient from what came out: dx = y (dy - the sum of y dy) of softmax, dy - e^y times the sum of dy of its logarithm.
static void column_softmax_backward(long rows, long columns, long stride, int is_logarithm, const float *y, const float *dy,
                                    float *dx) {
  float totals[COLUMNS] = {};
  double sums[COLUMNS] = {};
  for (long r = 0; r < rows; r++)
    for (long c = 0; c < columns; c += LANES) {
      long n = columns - c;
      vector d = load_rest(dy + r * stride + c, n);
      doubles sum;
      memcpy(&sum, sums + c, sizeof sum);
      sum += widened(is_logarithm ? d : d * load_rest(y + r * stride + c, n));
      memcpy(sums + c, &sum, sizeof sum);
    }
  for (long c = 0; c < columns; c++) totals[c] = (float)sums[c];
  for (long r = 0; r < rows; r++)
    for (long c = 0; c < columns; c += LANES) {
      long n = columns - c;
      vector v = load_rest(y + r * stride + c, n), d = load_rest(dy + r * stride + c, n), total = load(totals + c);
      store_rest(dx + r * stride + c, is_logarithm ? d - full_exponential(v) * total : v * (d - total), n);
    }
}
