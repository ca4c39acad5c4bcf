/// Arithmetic and comparisons of numbers in double precision, in which one NaN, `missing` but for its sign, stands for a number that is not
/// there. Included by body.h, after doubles.h.

typedef uint8_t bytes_of_lanes __attribute__((vector_size(LANES)));

INLINE doubles fused(doubles x, doubles y, doubles z) { return __builtin_elementwise_fma(x, y, z); }
INLINE longs is_missing(doubles x, int64_t missing) { return ((longs)x & INT64_MAX) == missing; }

/// x^y of positive normal numbers by their logarithm in two parts, from which 2^-65 of it is missing at most: 2 atanh(s), with the terms s and
/// s^3 / 3 in two parts, and the sum of the others. The exponent is in `log`.
INLINE doubles logarithm_parts(doubles x, doubles *rest) {
  longs bits = (longs)x, exponent = (bits - 0x3fe6a09e667f3bcdLL) >> 52;
  doubles m = (doubles)(bits - (exponent << 52)), k = __builtin_convertvector(exponent, doubles);
  doubles f = m - 1.0, d = m + 1.0, d_rest = m - (d - 1.0);
  doubles s = f / d, s_rest = (fused(-s, d, f) - s * d_rest) / d;
  doubles z = s * s, z_rest = fused(s, s, -z) + 2.0 * s * s_rest;
  doubles p = z * (1.0 / 29) + 1.0 / 27;
#define TERM(n) p = p * z + 1.0 / (n);
  TERM(25) TERM(23) TERM(21) TERM(19) TERM(17) TERM(15) TERM(13) TERM(11) TERM(9) TERM(7) TERM(5)
#undef TERM
  // s (1 + z / 3 + z^2 p).
  const double third = 1.0 / 3, third_rest = 1.850371707708594e-17;
  doubles a = z * third, a_rest = fused(z, splat_double(third), -a) + z * third_rest + z_rest * third + z * z * p;
  doubles c = s * a, c_rest = fused(s, a, -c) + s * a_rest + s_rest * a;
  doubles t = s + c, t_rest = (s - t) + c + (s_rest + c_rest);
  doubles high = k * 6.93147180369123816490e-01, sum = high + 2.0 * t;
  doubles lost = choose_doubles(k == splat_double(0), splat_double(0), (high - sum) + 2.0 * t);
  doubles all = lost + (2.0 * t_rest + k * 1.90821492927058770002e-10), result = sum + all;
  *rest = (sum - result) + all;
  return result;
}

INLINE doubles power_doubles(doubles x, doubles y, int64_t missing) {
  doubles rest, logarithm = logarithm_parts(x, &rest), product = y * logarithm;
  longs usual = (x >= splat_double(0x1p-1022)) & (x < splat_double(INFINITY)) & (magnitude_of(product) <= splat_double(700)) &
                (magnitude_of(y) < splat_double(0x1p60));
  if (all_longs(usual)) return exponential_of(product, fused(y, logarithm, -product) + y * rest);
  longs none = is_missing(x, missing) | is_missing(y, missing);
  doubles z;
  for (int k = 0; k < LANES; k++) z[k] = none[k] ? NAN : pow(x[k], y[k]);
  return z;
}

/// x less the whole number of y in it, with the sign of x (C's fmod): exact where that number is below 2^51, as a fused product and sum rounds
/// nothing then; else number by number.
static __attribute__((noinline)) doubles rest_of(doubles x, doubles y) {
  doubles quotient = __builtin_elementwise_trunc(x / y);
  longs usual = (magnitude_of(quotient) < splat_double(0x1p51)) & (magnitude_of(y) >= splat_double(0x1p-960)) &
                (magnitude_of(y) < splat_double(INFINITY));
  doubles rest;
  if (all_longs(usual)) {
    rest = fused(-quotient, y, x);
    // A quotient that was rounded up to a whole number is one too large.
    doubles back = choose_doubles((rest < splat_double(0)) == (y < splat_double(0)), -y, y);
    longs is_over = (rest != splat_double(0)) & ((rest < splat_double(0)) != (x < splat_double(0)));
    rest = choose_doubles(is_over, rest + back, rest);
    return choose_doubles(rest == splat_double(0), (doubles)((longs)x & INT64_MIN), rest);
  }
  for (int k = 0; k < LANES; k++) rest[k] = fmod(x[k], y[k]);
  return rest;
}

/// Where the remainder of a division rounded down has the other sign.
INLINE longs has_other_sign(doubles rest, doubles y) {
  return (rest != splat_double(0)) & ((rest < splat_double(0)) != (y < splat_double(0)));
}

INLINE doubles remainder_of_doubles(doubles x, doubles y) {
  doubles rest = rest_of(x, y);
  return choose_doubles(has_other_sign(rest, y), rest + y, rest);
}

/// The quotient rounded down, from the remainder; x / y where y is 0.
INLINE doubles floor_quotient_of_doubles(doubles x, doubles y) {
  doubles rest = rest_of(x, y), quotient = (x - rest) / y;
  quotient = choose_doubles(has_other_sign(rest, y), quotient - 1.0, quotient);
  doubles down = __builtin_elementwise_floor(quotient);
  down = choose_doubles(quotient - down > splat_double(0.5), down + 1.0, down);
  down = choose_doubles(quotient == splat_double(0), (doubles)((longs)(x / y) & INT64_MIN), down);
  return choose_doubles(y == splat_double(0), x / y, down);
}

/// Every function of two numbers. What is made with a missing number is missing; what a comparison tells of one, `COMPARISONS` says.
#define DOUBLE_PAIRS(F)                                      \
  F(PB_DOUBLE_ADD, x + y)                                    \
  F(PB_DOUBLE_SUBTRACT, x - y)                               \
  F(PB_DOUBLE_MULTIPLY, x * y)                               \
  F(PB_DOUBLE_DIVIDE, x / y)                                 \
  F(PB_DOUBLE_FLOOR_DIVIDE, floor_quotient_of_doubles(x, y)) \
  F(PB_DOUBLE_REMAINDER, remainder_of_doubles(x, y))         \
  F(PB_DOUBLE_POWER, power_doubles(x, y, missing))           \
  F(PB_DOUBLE_MAXIMUM, with_nan(choose_doubles(x < y, y, x), x, y)) \
  F(PB_DOUBLE_MINIMUM, with_nan(choose_doubles(x < y, x, y), x, y))

#define COMPARISONS(F)                                                                        \
  F(PB_DOUBLE_EQUAL, (x == y) | (is_missing(x, missing) & is_missing(y, missing)))            \
  F(PB_DOUBLE_NOT_EQUAL, ~((x == y) | (is_missing(x, missing) & is_missing(y, missing))))     \
  F(PB_DOUBLE_LESS, x < y)                                                                    \
  F(PB_DOUBLE_LESS_OR_EQUAL, x <= y)                                                          \
  F(PB_DOUBLE_IS_NAN, x != x)                                                                 \
  F(PB_DOUBLE_IS_INFINITE, magnitude_of(x) == splat_double(INFINITY))

/// NaN where one of two numbers is.
INLINE doubles with_nan(doubles z, doubles x, doubles y) { return choose_doubles((x != x) | (y != y), splat_double(NAN), z); }

/// A result, missing where one of the two numbers is; only NaNs are looked at more closely.
INLINE doubles with_missing(doubles z, doubles x, doubles y, int64_t missing) {
  if (all_longs(z == z)) return z;
  return choose_doubles(is_missing(x, missing) | is_missing(y, missing), (doubles)(missing - (longs){}), z);
}

/// Goes through whole vectors of each operand, which go on by `step_a` and `step_b`, 1 or 0 for a number that serves for all.
#define FOR_PAIRS(body)                                    \
  for (long k = 0; k < whole; k += LANES) {                \
    if (step_a) x = load_doubles(a + k);                   \
    if (step_b) y = load_doubles(b + k);                   \
    body;                                                  \
  }

/// The last numbers of both operands as vectors of their own.
#define LAST_PAIRS                                                                              \
  double last_a[LANES] = {}, last_b[LANES] = {};                                                \
  const unsigned long left = (unsigned long)(n - whole);                                        \
  memcpy(last_a, a + whole * step_a, (step_a ? left : 1) * sizeof(double));                     \
  memcpy(last_b, b + whole * step_b, (step_b ? left : 1) * sizeof(double))

static void combine_doubles(int function, long n, const double *a, long step_a, const double *b, long step_b, int64_t missing,
                            double *to) {
  const long whole = n / LANES * LANES;
  doubles x = splat_double(*a), y = splat_double(*b);
  switch (function) {
#define CASE(name, value)                                                          \
  case name:                                                                       \
    FOR_PAIRS(store_doubles(to + k, with_missing(value, x, y, missing)))           \
    break;
    DOUBLE_PAIRS(CASE)
#undef CASE
  }
  if (whole == n) return;
  LAST_PAIRS;
  double z[LANES];
  combine_doubles(function, LANES, last_a, step_a, last_b, step_b, missing, z);
  memcpy(to + whole, z, left * sizeof z[0]);
}

static void compare_doubles(int function, long n, const double *a, long step_a, const double *b, long step_b, int64_t missing,
                            uint8_t *to) {
  const long whole = n / LANES * LANES;
  doubles x = splat_double(*a), y = splat_double(*b);
  switch (function) {
#define CASE(name, value)                                                          \
  case name:                                                                       \
    FOR_PAIRS(bytes_of_lanes z = __builtin_convertvector(value, bytes_of_lanes) & 1; memcpy(to + k, &z, sizeof z)) \
    break;
    COMPARISONS(CASE)
#undef CASE
  }
  if (whole == n) return;
  LAST_PAIRS;
  uint8_t z[LANES];
  compare_doubles(function, LANES, last_a, step_a, last_b, step_b, missing, z);
  memcpy(to + whole, z, left);
}

/// a where a mask is 1, b where it is 0, else missing.
static void select_doubles(long n, const uint8_t *mask, const double *a, long step_a, const double *b, long step_b, int64_t missing,
                           double *to) {
  const long whole = n / LANES * LANES;
  doubles x = splat_double(*a), y = splat_double(*b);
  bytes_of_lanes bytes;
  FOR_PAIRS(memcpy(&bytes, mask + k, sizeof bytes); const longs truth = __builtin_convertvector(bytes, longs);
            const doubles other = choose_doubles(truth == 0, y, (doubles)(missing - (longs){}));
            store_doubles(to + k, choose_doubles(truth == 1, x, other)))
  if (whole == n) return;
  LAST_PAIRS;
  uint8_t last_mask[LANES] = {};
  double z[LANES];
  memcpy(last_mask, mask + whole, left);
  select_doubles(LANES, last_mask, last_a, step_a, last_b, step_b, missing, z);
  memcpy(to + whole, z, left * sizeof z[0]);
}
