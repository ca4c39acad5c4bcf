/// Arithmetic and comparisons of numbers in double precision, in which one NaN, `missing` but for its sign, stands for a number that is not
/// there. Included by body.h, after doubles.h.

typedef uint8_t bytes_of_lanes __attribute__((vector_size(LANES)));

INLINE longs is_missing(doubles x, int64_t missing) { return ((longs)x & INT64_MAX) == missing; }

/// Every function of two numbers. What is made with a missing number is missing; what a comparison tells of one, `COMPARISONS` says.
#define DOUBLE_PAIRS(F)                                      \
  F(PB_DOUBLE_ADD, x + y)                                    \
  F(PB_DOUBLE_SUBTRACT, x - y)                               \
  F(PB_DOUBLE_MULTIPLY, x * y)                               \
  F(PB_DOUBLE_DIVIDE, x / y)                                 \
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

/// Goes through n numbers of each operand, which go on by `step_a` and `step_b`, 1 or 0 for a number that serves for all: whole vectors, then
/// what is left as the first lanes of one.
#define FOR_PAIRS(body, whole, rest)                                                              \
  {                                                                                               \
    const doubles first = splat_double(*a), second = splat_double(*b);                            \
    doubles x = first, y = second;                                                                \
    long k = 0;                                                                                   \
    for (; k + LANES <= n; k += LANES) {                                                          \
      if (step_a) x = load_doubles(a + k);                                                        \
      if (step_b) y = load_doubles(b + k);                                                        \
      body;                                                                                       \
      whole;                                                                                      \
    }                                                                                             \
    if (k == n) return;                                                                           \
    x = first, y = second;                                                                        \
    const unsigned long left = (unsigned long)(n - k);                                            \
    if (step_a) memcpy(&x, a + k, left * sizeof(double));                                         \
    if (step_b) memcpy(&y, b + k, left * sizeof(double));                                         \
    body;                                                                                         \
    rest;                                                                                         \
  }

static void combine_doubles(int function, long n, const double *a, long step_a, const double *b, long step_b, int64_t missing,
                            double *to) {
  switch (function) {
#define CASE(name, value)                                                                        \
  case name:                                                                                     \
    FOR_PAIRS(doubles z = with_missing(value, x, y, missing), store_doubles(to + k, z), memcpy(to + k, &z, left * sizeof z[0])) \
    break;
    DOUBLE_PAIRS(CASE)
#undef CASE
  }
}

static void compare_doubles(int function, long n, const double *a, long step_a, const double *b, long step_b, int64_t missing,
                            uint8_t *to) {
  (void)missing;
  switch (function) {
#define CASE(name, value)                                                                        \
  case name:                                                                                     \
    FOR_PAIRS(bytes_of_lanes z = __builtin_convertvector(value, bytes_of_lanes) & 1, memcpy(to + k, &z, sizeof z), \
              memcpy(to + k, &z, left))                                                          \
    break;
    COMPARISONS(CASE)
#undef CASE
  }
}

/// a where a mask is 1, b where it is 0, else missing.
static void select_doubles(long n, const uint8_t *mask, const double *a, long step_a, const double *b, long step_b, int64_t missing,
                           double *to) {
  bytes_of_lanes bytes = {};
#define CHOSEN                                                             \
  const longs truth = __builtin_convertvector(bytes, longs);               \
  const doubles z = choose_doubles(truth == 1, x, choose_doubles(truth == 0, y, (doubles)(missing - (longs){})))
  FOR_PAIRS(memcpy(&bytes, mask + k, (unsigned long)(n - k < LANES ? n - k : LANES)); CHOSEN, store_doubles(to + k, z),
            memcpy(to + k, &z, left * sizeof z[0]))
#undef CHOSEN
}
