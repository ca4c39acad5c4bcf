/// Functions of every element and of pairs of elements. Included by body.h, after vector_math.h.

typedef double doubles __attribute__((vector_size(LANES * 8)));
typedef int64_t longs __attribute__((vector_size(LANES * 8)));

/// e^x below 88.4, and infinity above 88.7; 0 below the smallest normal number, which costs some processors much.
INLINE vector full_exponential(vector x) {
  vector y = exponential(x);
  y = choose(x < splat(-87.33654f), splat(0), y);
  return choose(x > splat(88.72284f), splat(INFINITY), y);
}

INLINE vector magnitude(vector x) { return (vector)((integers)x & 0x7fffffff); }
INLINE vector sign_of(vector x) { return choose(x > splat(0), splat(1), choose(x < splat(0), splat(-1), splat(0))); }
INLINE vector zero_where(integers mask, vector x) { return (vector)(~mask & (integers)x); }

/// The natural logarithm to about one unit in the last place (Cephes), or that to the base 2, which is exact for powers of 2.
INLINE vector logarithm_to(int is_natural, vector x) {
  integers tiny = x < splat(1.17549435e-38f);
  integers bits = (integers)choose(tiny, x * 8388608.0f, x);
  // The exponent that leaves a number from the root of a half to that of two.
  integers exponent = (bits - 0x3f3504f3) >> 23;
  vector z = (vector)(bits - (exponent << 23)) - 1.0f;
  vector e = __builtin_convertvector(exponent + (tiny & -23), vector);
  vector p = splat(7.0376836292e-2f);
  p = p * z + -1.1514610310e-1f;
  p = p * z + 1.1676998740e-1f;
  p = p * z + -1.2420140846e-1f;
  p = p * z + 1.4249322787e-1f;
  p = p * z + -1.6668057665e-1f;
  p = p * z + 2.0000714765e-1f;
  p = p * z + -2.4999993993e-1f;
  p = p * z + 3.3333331174e-1f;
  vector square = z * z, y;
  if (is_natural) {
    y = p * z * square + e * -2.12194440e-4f;
    y = z + (y - 0.5f * square) + e * 0.693359375f;
  } else {
    // The logarithm of e to the base 2 is 1 and what is left of it.
    y = p * z * square - 0.5f * square;
    y = (((y * 0.44269504088896340735992f + z * 0.44269504088896340735992f) + y) + z) + e;
  }
  y = choose(x == splat(INFINITY), x, y);
  y = choose(x == splat(0), splat(-INFINITY), y);
  return choose(x >= splat(0), y, splat(NAN));
}
INLINE vector logarithm(vector x) { return logarithm_to(1, x); }

/// Sine and cosine where |x| is at most 8192 (Cephes), `quarters` of a circle further on.
INLINE vector circular(vector x, int quarters) {
  const vector magic = splat(12582912.0f);
  vector turns = (x * 0.636619772367581343f + magic) - magic;
  vector r = ((x - turns * 1.5703125f) - turns * 4.837512969970703125e-4f) - turns * 7.549789948768648e-8f;
  integers quarter = __builtin_convertvector(turns, integers) + quarters;
  vector z = r * r;
  vector sine = ((z * -1.9515295891e-4f + 8.3321608736e-3f) * z + -1.6666654611e-1f) * z * r + r;
  vector cosine = ((z * 2.443315711809948e-5f + -1.388731625493765e-3f) * z + 4.166664568298827e-2f) * (z * z) -
                  0.5f * z + 1.0f;
  vector y = choose((quarter & 1) == 1, cosine, sine);
  return (vector)((integers)y ^ ((quarter & 2) << 30));
}

/// The sine, with the sign of 0.
INLINE vector signed_sine(vector x) { return choose(x == splat(0), x, circular(x, 0)); }

/// `fast` of a vector, and `slow` of those of its numbers that it does not take: what becomes of one does not depend on those beside it.
#define WITH_RARE(fast, slow)                                  \
  integers common = magnitude(x) <= splat(8192);               \
  vector y = fast;                                             \
  if (!all_lanes(common))                                      \
    for (int k = 0; k < LANES; k++)                            \
      if (!common[k]) y[k] = slow(x[k]);                       \
  return y

/// Some bits where any lane of a mask is set.
INLINE unsigned mask_bits(integers mask) {
#if LANES == 16
  return (unsigned)_mm512_movepi32_mask((__m512i)mask);
#elif LANES == 8
  return (unsigned)_mm256_movemask_ps((__m256)mask);
#else
  return (unsigned)((mask[0] & 1) | (mask[1] & 2) | (mask[2] & 4) | (mask[3] & 8));
#endif
}
INLINE int all_lanes(integers mask) { return mask_bits(mask) == (1u << LANES) - 1; }

static __attribute__((noinline)) vector sine(vector x) { WITH_RARE(signed_sine(x), sinf); }
static __attribute__((noinline)) vector cosine(vector x) { WITH_RARE(circular(x, 1), cosf); }
static __attribute__((noinline)) vector tangent(vector x) { WITH_RARE(signed_sine(x) / circular(x, 1), tanf); }

/// e^(-x^2 / 2), at least the smallest normal number.
INLINE vector bell(vector x) { return exponential(-0.5f * x * x); }
/// The normal distribution's share beyond |x|, from the bell there: a polynomial in t = 1 / (1 + 0.3 |x| / sqrt 2) times the bell, within 2e-8
/// of itself but for rounding.
INLINE vector normal_tail(vector x, vector bell) {
  vector t = 1.0f / (1.0f + 0.2121320343559642f * magnitude(x));
  vector p = splat(-0.06475847959518433f);
  p = p * t + 0.24276602268218994f;
  p = p * t + -0.2561040222644806f;
  p = p * t + 0.2738160192966461f;
  p = p * t + -0.04729162156581879f;
  p = p * t + 0.10744687169790268f;
  p = p * t + 0.07417429238557816f;
  p = p * t + 0.08535685390233994f;
  p = p * t + 0.08459405601024628f;
  return p * t * bell;
}
/// x times the share below x: the larger of x and 0 less |x| times the tail, which far from 0 is none; NaN at -infinity, as 0 times it is.
INLINE vector gaussian_unit(vector x) {
  vector larger = choose(x < splat(0), x * 0.0f, x);
  return choose(magnitude(x) > splat(14), larger, larger - magnitude(x) * normal_tail(x, bell(x)));
}
INLINE vector gaussian_unit_slope(vector x) {
  vector e = bell(x), tail = normal_tail(x, e);
  return choose(x > splat(0), 1.0f - tail, tail) + choose(magnitude(x) > splat(14), splat(0), x * e * 0.39894228040143268f);
}
/// log(1 + e^x): the larger of x and 0, and log(1 + z) = 2 atanh(z / (2 + z)) of z = e^-|x|.
INLINE vector soft_plus(vector x) {
  vector magnitude = choose(x < 0, -x, x), larger = choose(x < 0, splat(0), x);
  vector z = whole_exponential(-magnitude), s = z / (2 + z), square = s * s;
  vector p = splat(0.12150470912456512f);
  p = p * square + 0.10713828355073929f;
  p = p * square + 0.14308442175388336f;
  p = p * square + 0.19999438524246216f;
  p = p * square + 0.3333333730697632f;
  return larger + 2 * (s + s * square * p);
}

/// 1 / (1 + e^-x) over the whole range.
INLINE vector full_logistic(vector x) { return 1.0f / (1.0f + full_exponential(-x)); }

INLINE vector sigmoid_unit(vector x) { return choose(x < splat(-88), x * 0.0f, x * logistic(x)); }
INLINE vector sigmoid_unit_slope(vector x) {
  vector s = logistic(x);
  return choose(magnitude(x) > splat(88), s, s * (1.0f + x * (1.0f - s)));
}

/// x^y through double precision where the magnitude of x and the result are normal numbers; else as the C library. Below 0 only whole
/// powers are numbers, and odd ones are negative.
static __attribute__((noinline)) vector power(vector x, vector y) {
  integers bits = (integers)magnitude(x), exponent = (bits - 0x3f3504f3) >> 23;
  doubles m = __builtin_convertvector((vector)(bits - (exponent << 23)), doubles);
  doubles s = (m - 1.0) / (m + 1.0), square = s * s;
  doubles p = square * (1.0 / 17) + 1.0 / 15;
  p = p * square + 1.0 / 13;
  p = p * square + 1.0 / 11;
  p = p * square + 1.0 / 9;
  p = p * square + 1.0 / 7;
  p = p * square + 1.0 / 5;
  p = p * square + 1.0 / 3;
  p = p * square + 1.0;
  doubles t = (p * s * 2.8853900817779268147 + __builtin_convertvector(exponent, doubles)) *
              __builtin_convertvector(y, doubles);
  vector size = magnitude(__builtin_convertvector(t, vector));
  integers usual = (magnitude(x) >= splat(1.17549435e-38f)) & (magnitude(x) < splat(INFINITY)) & (size < splat(126));
  const double magic = 6755399441055744.0;
  doubles whole = (t + magic) - magic, f = (t - whole) * 0.69314718055994530942;
  doubles q = f * (1.0 / 40320) + 1.0 / 5040;
  q = q * f + 1.0 / 720;
  q = q * f + 1.0 / 120;
  q = q * f + 1.0 / 24;
  q = q * f + 1.0 / 6;
  q = q * f + 0.5;
  q = q * f + 1.0;
  q = q * f + 1.0;
  integers n = __builtin_convertvector(__builtin_convertvector(whole, vector), integers);
  vector result = __builtin_convertvector(q, vector) * (vector)((n + 127) << 23);
  integers is_below = x < splat(0);
  if (mask_bits(is_below)) {
    vector half = y * 0.5f;
    integers is_whole = y == __builtin_elementwise_trunc(y), is_odd = half != __builtin_elementwise_trunc(half);
    vector turned = choose(is_whole, choose(is_odd, -result, result), splat(NAN));
    result = choose(is_below, turned, result);
  }
  if (!all_lanes(usual))
    for (int k = 0; k < LANES; k++)
      if (!usual[k]) result[k] = powf(x[k], y[k]);
  return result;
}

/// x to a power that is the same for all; small whole ones by products, as PyTorch does.
INLINE vector fixed_power(vector x, float p) {
  if (p == 2) return x * x;
  if (p == 3) return x * x * x;
  if (p == 1) return x;
  if (p == 0) return splat(1);
  if (p == 0.5f) return __builtin_elementwise_sqrt(x);
  if (p == -0.5f) return 1.0f / __builtin_elementwise_sqrt(x);
  if (p == -1) return 1.0f / x;
  if (p == -2) return 1.0f / (x * x);
  return power(x, splat(p));
}

#include "division.h"

/// Whether an element lies within a bound, as everything does where there is none.
#define ABOVE(v, p) ((v > splat(p)) | (splat(p) == splat(-__builtin_inff())))
#define BELOW(v, q) ((v < splat(q)) | (splat(q) == splat(__builtin_inff())))
#define HELD(x) choose(choose(x < splat(p), splat(p), x) > splat(q), splat(q), choose(x < splat(p), splat(p), x))

/// Every function of one element with what its gradient is made of: f(x), then the gradient where that of the result is d and
/// v is x, or the result for the functions that keep it.
#define FUNCTIONS(F)                                                                                 \
  F(PB_NEGATE, -x, -d)                                                                               \
  F(PB_EXP, whole_exponential(x), d * v)                                                             \
  F(PB_LOG, logarithm(x), d / v)                                                                     \
  F(PB_LOG2, logarithm_to(0, x), d / (v * 0.693147180559945309f))                                    \
  F(PB_SQRT, __builtin_elementwise_sqrt(x), d / (v + v))                                             \
  F(PB_ABS, magnitude(x), d * sign_of(v))                                                            \
  F(PB_SIN, sine(x), d * cosine(v))                                                                  \
  F(PB_COS, cosine(x), -d * sine(v))                                                                 \
  F(PB_TAN, tangent(x), d * (1.0f + v * v))                                                          \
  F(PB_TANH, hyperbolic_tangent(x), d * (1.0f - v * v))                                              \
  F(PB_SIGMOID, full_logistic(x), d * (v * (1.0f - v)))                                                   \
  F(PB_RELU, zero_where(x < splat(0), x), choose(v <= splat(0), splat(0), d))                        \
  F(PB_GELU, gaussian_unit(x), d * gaussian_unit_slope(v))                                           \
  F(PB_SILU, sigmoid_unit(x), d * sigmoid_unit_slope(v))                                             \
  F(PB_SOFTPLUS, soft_plus(x), d * logistic(v))                                                      \
  F(PB_CLAMP, HELD(x), choose(ABOVE(v, p) & BELOW(v, q), d, splat(0)))                               \
  F(PB_ROUND, __builtin_elementwise_roundeven(x), splat(0) * d)                                      \
  F(PB_FLOOR, __builtin_elementwise_floor(x), splat(0) * d)                                          \
  F(PB_CEIL, __builtin_elementwise_ceil(x), splat(0) * d)                                            \
  F(PB_SIGN, sign_of(x), splat(0) * d)                                                               \
  F(PB_FIXED_POWER, fixed_power(x, p), p == 0 ? splat(0) : d * (p * fixed_power(v, p - 1)))          \
  F(PB_SCALE, x * p + q, d * p)

/// The larger element of two; NaN where one is.
INLINE vector larger_of_numbers(vector x, vector y) { return choose(x != x, x, choose(x > y, x, y)); }

/// Every function of two elements x and y; PB_SELECT takes x where a third, m, is not 0, PB_HOLD x held between y and m.
#define PAIR_FUNCTIONS(F)                                                                            \
  F(PB_ADD, x + y)                                                                                   \
  F(PB_SUBTRACT, x - y)                                                                              \
  F(PB_MULTIPLY, x * y)                                                                              \
  F(PB_DIVIDE, x / y)                                                                                \
  F(PB_POWER, power(x, y))                                                                           \
  F(PB_FLOOR_DIVIDE, floor_quotient(x, y))                                                           \
  F(PB_REMAINDER, remainder_of(x, y))                                                                \
  F(PB_MAXIMUM, larger_of_numbers(x, y))                                                             \
  F(PB_MINIMUM, choose(x != x, x, choose(x < y, x, y)))                                              \
  F(PB_EQUAL, choose(x == y, splat(1), splat(0)))                                                    \
  F(PB_NOT_EQUAL, choose(x != y, splat(1), splat(0)))                                                \
  F(PB_LESS, choose(x < y, splat(1), splat(0)))                                                      \
  F(PB_LESS_OR_EQUAL, choose(x <= y, splat(1), splat(0)))                                            \
  F(PB_SHARE_OF_LARGER, choose(x == y, splat(0.5f), choose(x < y, splat(0), splat(1))))              \
  F(PB_SHARE_OF_SMALLER, choose(x == y, splat(0.5f), choose(x > y, splat(0), splat(1))))

static void map(int function, long n, float p, float q, const float *from, float *to) {
  switch (function) {
#define CASE(name, value, gradient)                              \
  case name: {                                                   \
    long k = 0;                                                  \
    for (; k + LANES <= n; k += LANES) {                         \
      vector x = load(from + k);                                 \
      store(to + k, value);                                      \
    }                                                            \
    if (k < n) {                                                 \
      vector x = load_first(from + k, n - k);                    \
      store_first(to + k, value, n - k);                         \
    }                                                            \
    break;                                                       \
  }
    FUNCTIONS(CASE)
#undef CASE
  }
}

static void map_backward(int function, long n, float p, float q, const float *kept, const float *dy, float *dx) {
  switch (function) {
#define CASE(name, value, gradient)                                            \
  case name: {                                                                 \
    long k = 0;                                                                \
    for (; k + LANES <= n; k += LANES) {                                       \
      vector v = load(kept + k), d = load(dy + k);                             \
      (void)v;                                                                 \
      store(dx + k, gradient);                                                 \
    }                                                                          \
    if (k < n) {                                                               \
      vector v = load_first(kept + k, n - k), d = load_first(dy + k, n - k);   \
      (void)v;                                                                 \
      store_first(dx + k, gradient, n - k);                                    \
    }                                                                          \
    break;                                                                     \
  }
    FUNCTIONS(CASE)
#undef CASE
  }
}

/// Rows of n results, one behind the other: each operand with how far its rows are apart, and its step along a row, 1 or 0 for an
/// element that serves the whole row. A bit of `bytes` is set for one of bytes.
struct pair_rows {
  long rows, n;
  int bytes;
  const float *a, *b, *mask;
  long row_a, row_b, row_mask, step_a, step_b, step_mask;
};

static void combine_rows(int function, struct pair_rows p, float *to) {
  const long n = p.n;
  switch (function) {
#define CASE(name, value)                                                              \
  case name:                                                                           \
    for (; p.rows > 0; p.rows--, p.a += p.row_a, p.b += p.row_b, to += n) {            \
      const float *a = p.a, *b = p.b;                                                  \
      const vector first = splat(*a), second = splat(*b);                              \
      long k = 0;                                                                      \
      if (p.step_a && p.step_b)                                                        \
        for (; k + LANES <= n; k += LANES) {                                           \
          vector x = load(a + k), y = load(b + k);                                     \
          store(to + k, value);                                                        \
        }                                                                              \
      else if (p.step_a)                                                               \
        for (; k + LANES <= n; k += LANES) {                                           \
          vector x = load(a + k), y = second;                                          \
          store(to + k, value);                                                        \
        }                                                                              \
      else                                                                             \
        for (; k + LANES <= n; k += LANES) {                                           \
          vector x = first, y = p.step_b ? load(b + k) : second;                       \
          store(to + k, value);                                                        \
        }                                                                              \
      if (k < n) {                                                                     \
        vector x = p.step_a ? load_first(a + k, n - k) : first;                        \
        vector y = p.step_b ? load_first(b + k, n - k) : second;                       \
        store_first(to + k, value, n - k);                                             \
      }                                                                                \
    }                                                                                  \
    break;
    PAIR_FUNCTIONS(CASE)
#undef CASE
#define THREE(name, value)                                                                                                               \
  case name:                                                                                                                             \
    for (; p.rows > 0; p.rows--, p.a += p.row_a, p.b += p.row_b, p.mask += p.row_mask, to += n)                                          \
      for (long k = 0; k < n; k += LANES) {                                                                                              \
        vector x = p.step_a ? load_rest(p.a + k, n - k) : splat(*p.a), y = p.step_b ? load_rest(p.b + k, n - k) : splat(*p.b);           \
        vector m = p.step_mask ? load_rest(p.mask + k, n - k) : splat(*p.mask);                                                          \
        store_rest(to + k, value, n - k);                                                                                                \
      }                                                                                                                                  \
    break;
    THREE(PB_SELECT, choose(m != splat(0), x, y))
    THREE(PB_HOLD, larger_of_numbers(-larger_of_numbers(x, y), -m) * -1.0f)
    // An element shares with a bound that it is equal to, where the bounds differ; without an interval the upper bound has all.
    THREE(PB_SHARE_OF_HELD,
          choose((x < y) | (m < x), splat(0), choose(((x == y) | (x == m)) & (y < m), splat(0.5f), splat(1))))
    THREE(PB_SHARE_OF_LOW, choose((x < y) & (y <= m), splat(1), choose((x == y) & (y < m), splat(0.5f), splat(0))))
    THREE(PB_SHARE_OF_HIGH,
          choose((m < y) | ((m < x) & (y <= m)), splat(1), choose((x == m) & (y < m), splat(0.5f), splat(0))))
#undef THREE
  }
}

static void combine_row(int function, long n, const float *a, long step_a, const float *b, long step_b, const float *mask,
                        long step_mask, float *to) {
  combine_rows(function, (struct pair_rows){1, n, 0, a, b, mask, 0, 0, 0, step_a, step_b, step_mask}, to);
}
