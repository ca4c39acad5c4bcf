/// Vectors of LANES floats and the functions the kernels need of them. Included by body.h.

#include <math.h>
#include <stdint.h>
#include <string.h>

typedef float vector __attribute__((vector_size(LANES * 4)));
typedef int32_t integers __attribute__((vector_size(LANES * 4)));
typedef float unaligned_vector __attribute__((vector_size(LANES * 4), aligned(4)));

#define INLINE static inline __attribute__((always_inline))

INLINE vector load(const float *p) { return *(const unaligned_vector *)p; }
INLINE void store(float *p, vector v) { *(unaligned_vector *)p = v; }
INLINE vector splat(float x) { return x - (vector){}; }

/// The first n < LANES floats at p, the other lanes zero.
INLINE vector load_first(const float *p, long n) {
  vector v = {};
  memcpy(&v, p, (unsigned long)n * sizeof(float));
  return v;
}

INLINE void store_first(float *p, vector v, long n) { memcpy(p, &v, (unsigned long)n * sizeof(float)); }

INLINE float horizontal_sum(vector v) {
  float sum = 0;
  for (int k = 0; k < LANES; k++) sum += v[k];
  return sum;
}

INLINE vector choose(integers mask, vector yes, vector no) {
  return (vector)((mask & (integers)yes) | (~mask & (integers)no));
}

/// e^x to about one unit in the last place for |x| < 87.3, saturating beyond (Cephes' polynomial); NaN stays NaN.
INLINE vector exponential(vector x) {
  const vector low = splat(-87.33654f), high = splat(88.37626f), magic = splat(12582912.0f);
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
  p = p * (r * r) + r + 1.0f;
  integers exponent = __builtin_convertvector(n, integers);
  return p * (vector)((exponent + 127) << 23);
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
  vector near = p * square * x + x;
  vector far = 1.0f - 2.0f / (exponential(x + x) + 1.0f);
  return choose(square < splat(0.625f * 0.625f), near, far);
}
