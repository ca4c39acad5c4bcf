/// Sums of numbers in double precision that keep what rounding takes from them. Included by body.h, after double_pairs.h.

/// Numbers that are added up side by side, as many on any machine, so that all round alike.
enum { SUMMED_DOUBLES = 16, SUM_VECTORS = SUMMED_DOUBLES / LANES };

/// A sum and what rounding has taken from it (Knuth's TwoSum).
struct kept_sums {
  doubles sum, rest;
};
INLINE void keep_sum(struct kept_sums *to, doubles x) {
  doubles total = to->sum + x, part = total - to->sum;
  to->rest += (to->sum - (total - part)) + (x - part);
  to->sum = total;
}

INLINE void keep_number(double *sum, double *rest, double x) {
  double total = *sum + x, part = total - *sum;
  *rest += (*sum - (total - part)) + (x - part);
  *sum = total;
}

static void sum_doubles(long n, const double *x, int64_t missing, double factor, double center, long *there, double *sums) {
#pragma clang fp contract(off)
  struct kept_sums plain[SUM_VECTORS] = {}, squares[SUM_VECTORS] = {};
  longs absent[SUM_VECTORS] = {};
  double last[SUMMED_DOUBLES];
  const double nothing = ((union { int64_t bits; double number; }){missing}).number;
  for (long k = 0; k < n; k += SUMMED_DOUBLES) {
    const double *from = x + k;
    if (n - k < SUMMED_DOUBLES) {
      for (int lane = 0; lane < SUMMED_DOUBLES; lane++) last[lane] = lane < n - k ? x[k + lane] : nothing;
      from = last;
    }
    for (int v = 0; v < SUM_VECTORS; v++) {
      doubles number = load_doubles(from + v * LANES), distance = number * factor - center;
      if (!all_longs(number == number)) {
        longs isnt_there = is_missing(number, missing);
        distance = choose_doubles(isnt_there, splat_double(0), distance);
        absent[v] += isnt_there & 1;
      }
      keep_sum(&plain[v], distance);
      keep_sum(&squares[v], distance * distance);
    }
  }
  long count = (n + SUMMED_DOUBLES - 1) / SUMMED_DOUBLES * SUMMED_DOUBLES;
  for (int k = 0; k < 4; k++) sums[k] = 0;
  for (int v = 0; v < SUM_VECTORS; v++)
    for (int lane = 0; lane < LANES; lane++) {
      count -= (long)absent[v][lane];
      keep_number(&sums[0], &sums[1], plain[v].sum[lane]);
      sums[1] += plain[v].rest[lane];
      keep_number(&sums[2], &sums[3], squares[v].sum[lane]);
      sums[3] += squares[v].rest[lane];
    }
  *there = count;
}
