/// Vectors of LANES floats and the functions the kernels need of them. Included by body.h.

#include <math.h>
#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

typedef float vector __attribute__((vector_size(LANES * 4)));
typedef int32_t integers __attribute__((vector_size(LANES * 4)));
typedef float unaligned_vector __attribute__((vector_size(LANES * 4), aligned(4)));

#define INLINE static inline __attribute__((always_inline))

INLINE vector load(const float *p) { return *(const unaligned_vector *)p; }
INLINE void store(float *p, vector v) { *(unaligned_vector *)p = v; }
INLINE vector splat(float x) { return x - (vector){}; }

/// The number of each lane.
INLINE integers lane_numbers(void) {
  integers lane;
  for (int k = 0; k < LANES; k++) lane[k] = k;
  return lane;
}

/// Minus one, all bits set, in the first n lanes and 0 in the others.
INLINE integers first_lanes(long n) { return lane_numbers() < (int32_t)n - (integers){}; }

/// The first n < LANES floats at p, the other lanes zero.
INLINE vector load_first(const float *p, long n) {
#if LANES == 16
  return (vector)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p);
#elif LANES == 8
  return (vector)_mm256_maskload_ps(p, (__m256i)first_lanes(n));
#else
  vector v = {};
  memcpy(&v, p, (unsigned long)n * sizeof(float));
  return v;
#endif
}

INLINE void store_first(float *p, vector v, long n) {
#if LANES == 16
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)v);
#elif LANES == 8
  _mm256_maskstore_ps(p, (__m256i)first_lanes(n), (__m256)v);
#else
  memcpy(p, &v, (unsigned long)n * sizeof(float));
#endif
}

/// What is left of a row at p, n floats: a whole vector or the first lanes of one.
INLINE vector load_rest(const float *p, long n) { return n < LANES ? load_first(p, n) : load(p); }

INLINE void store_rest(float *p, vector v, long n) {
  if (n < LANES)
    store_first(p, v, n);
  else
    store(p, v);
}

INLINE float horizontal_sum(vector v) {
#if LANES == 16
  v += __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
#endif
#if LANES >= 8
  return (v[0] + v[4]) + (v[1] + v[5]) + ((v[2] + v[6]) + (v[3] + v[7]));
#else
  return v[0] + v[1] + (v[2] + v[3]);
#endif
}

/// The largest lane, of which none is NaN.
INLINE float largest_lane(vector v) {
  float lanes[LANES];
  memcpy(lanes, &v, sizeof lanes);
  for (int half = LANES / 2; half > 0; half /= 2)
    for (int k = 0; k < half; k++) lanes[k] = lanes[k] > lanes[k + half] ? lanes[k] : lanes[k + half];
  return lanes[0];
}

/// Two vectors' neighboring lanes added: the sums of a, then those of b.
INLINE vector pair_sums(vector a, vector b) {
#if LANES == 16
  return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30) +
         __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
#elif LANES == 8
  return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14) +
         __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
#else
  return __builtin_shufflevector(a, b, 0, 2, 4, 6) + __builtin_shufflevector(a, b, 1, 3, 5, 7);
#endif
}

/// sums[k] = the sum of all lanes of vectors[k], for a multiple of LANES vectors, which are overwritten.
INLINE void lane_sums(const int count, vector *vectors, float *sums) {
  for (int first = 0; first < count; first += LANES) {
    vector *group = vectors + first;
    for (int left = LANES; left > 1; left /= 2)
      for (int k = 0; k < left / 2; k++) group[k] = pair_sums(group[2 * k], group[2 * k + 1]);
    store(sums + first, group[0]);
  }
}

/// rows[k][n] and rows[n][k] exchanged, for all k and n.
INLINE void transpose(vector *rows) {
#define LOWER(half, k) ((k) & (half) ? LANES + (k) - (half) : (k))
#define UPPER(half, k) ((k) & (half) ? LANES + (k) : (k) + (half))
#define LANES_4(LANE, half, k) LANE(half, k), LANE(half, (k) + 1), LANE(half, (k) + 2), LANE(half, (k) + 3)
#if LANES == 16
#define ALL_LANES(LANE, half) \
  LANES_4(LANE, half, 0), LANES_4(LANE, half, 4), LANES_4(LANE, half, 8), LANES_4(LANE, half, 12)
#elif LANES == 8
#define ALL_LANES(LANE, half) LANES_4(LANE, half, 0), LANES_4(LANE, half, 4)
#else
#define ALL_LANES(LANE, half) LANES_4(LANE, half, 0)
#endif
#define EXCHANGE(half)                                                            \
  for (int k = 0; k < LANES; k++)                                                 \
    if (!(k & half)) {                                                            \
      vector a = rows[k], b = rows[k + half];                                     \
      rows[k] = __builtin_shufflevector(a, b, ALL_LANES(LOWER, half));            \
      rows[k + half] = __builtin_shufflevector(a, b, ALL_LANES(UPPER, half));     \
    }
#if LANES == 16
  EXCHANGE(8)
#endif
#if LANES >= 8
  EXCHANGE(4)
#endif
  EXCHANGE(2)
  EXCHANGE(1)
}

INLINE vector choose(integers mask, vector yes, vector no) {
  return (vector)((mask & (integers)yes) | (~mask & (integers)no));
}

/// What e^x is 2 to the power of `exponent` times of, near 1, to about one unit in the last place (Cephes' polynomial); x is clamped.
INLINE vector reduced_exponential(vector x, vector low, vector high, integers *exponent) {
  const vector magic = splat(12582912.0f);
  x = choose(x < low, low, x);
  x = choose(x > high, high, x);
  vector n = (x * 1.44269504088896341f + magic) - magic;
  vector r = x - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  vector p = splat(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  *exponent = __builtin_convertvector(n, integers);
  return p * (r * r) + r + 1.0f;
}

/// e^x for -87.3 < x < 88.4, saturating beyond; NaN stays NaN.
INLINE vector exponential(vector x) {
  integers exponent;
  vector p = reduced_exponential(x, splat(-87.33654f), splat(88.37626f), &exponent);
  return p * (vector)((exponent + 127) << 23);
}

/// e^x over the whole range, numbers below the smallest normal one included; NaN stays NaN.
INLINE vector whole_exponential(vector x) {
  integers exponent;
  vector p = reduced_exponential(x, splat(-105), splat(89), &exponent);
  // In two steps, as the power alone may be none that a float holds.
  integers half = exponent >> 1;
  return p * (vector)((half + 127) << 23) * (vector)((exponent - half + 127) << 23);
}

/// Lets numbers below the smallest normal one count as 0: states that fade away would slow some processors down.
INLINE unsigned flush_denormals(void) {
#if defined(__x86_64__)
  unsigned mode = _mm_getcsr();
  _mm_setcsr(mode | 0x8040);
  return mode;
#else
  return 0;
#endif
}

INLINE void restore_denormals(unsigned mode) {
#if defined(__x86_64__)
  _mm_setcsr(mode);
#else
  (void)mode;
#endif
}

/// 2^x for x <= 0 within 2e-7 of its value, 0 below the smallest normal number; exact near 0 to the last place of 1 - 2^x.
INLINE vector power_of_two(vector x) {
#if LANES == 16
  vector whole = (vector)_mm512_roundscale_ps((__m512)x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  vector r = x - whole;
#else
  const vector magic = splat(12582912.0f), low = splat(-126);
  x = choose(x < low, low - 1, x);
  vector shifted = x + magic;
  vector r = x - (shifted - magic);
#endif
  vector p = splat(1.326472731307149e-3f);
  p = p * r + 9.671512991189957e-3f;
  p = p * r + 5.550733581185341e-2f;
  p = p * r + 0.24022242426872253f;
  p = p * r + 0.6931470036506653f;
  p = p * r + 1.0f;
#if LANES == 16
  return (vector)_mm512_scalef_ps((__m512)p, (__m512)whole);
#else
  // The low bits of the shifted number are the whole part; 2^-127 has the exponent bits of 0.
  return (vector)((integers)p + ((integers)shifted << 23));
#endif
}

INLINE vector logistic(vector x) { return 1.0f / (1.0f + exponential(-x)); }

/// tanh to about two units in the last place: a polynomial near 0, else through e^2x (Cephes).
INLINE vector hyperbolic_tangent(vector x) {
  vector square = x * x;
  vector p = splat(-5.70498872745e-3f);
  p = p * square + 2.06390887954e-2f;
  p = p * square + -5.37397155531e-2f;
  p = p * square + 1.33314422036e-1f;
  p = p * square + -3.33332819422e-1f;
  // A product with -0 would lose its sign in the sum.
  vector near = choose(x == splat(0), x, p * square * x + x);
  vector far = 1.0f - 2.0f / (exponential(x + x) + 1.0f);
  return choose(square < splat(0.625f * 0.625f), near, far);
}

#if LANES == 16
/// x * log2(e) where 2 to its power and its inverse are finite; NaN stays NaN.
INLINE vector bounded_exponent(vector x) {
  __m512 most = _mm512_set1_ps(126), y = (__m512)(x * 1.44269504088896341f);
  return (vector)_mm512_max_ps(_mm512_sub_ps(_mm512_setzero_ps(), most), _mm512_min_ps(most, y));
}

/// The logistic function within 1e-7.
INLINE vector gate_logistic(vector x) { return 1.0f / (1.0f + power_of_two(bounded_exponent(-x))); }

/// tanh to about two units in the last place, as e / (e + 2) with e = 2^y - 1, whose polynomial is exact near 0.
INLINE vector gate_tangent(vector x) {
  vector y = bounded_exponent(x + x);
  vector whole = (vector)_mm512_roundscale_ps((__m512)y, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  vector r = y - whole;
  vector p = splat(1.54531634e-4f);
  p = p * r + 1.33908633e-3f;
  p = p * r + 9.61808301e-3f;
  p = p * r + 5.55035695e-2f;
  p = p * r + 0.240226507f;
  p = p * r + 0.693147182f;
  vector scale = (vector)_mm512_scalef_ps(_mm512_set1_ps(1), (__m512)whole);
  vector e = scale * (r * p) + (scale - 1.0f);
  return e / (e + 2.0f);
}
#else
INLINE vector gate_logistic(vector x) { return logistic(x); }
INLINE vector gate_tangent(vector x) { return hyperbolic_tangent(x); }
#endif
