/// Functions of every number of a column, in double precision. Included by body.h, after elementwise.h.
///
/// Each is within one unit in the last place of the exact value, or of the C library's (fdlibm's reductions and polynomials); lanes that
/// these do not reach are left to the C library. NaN stays as it is, with all its bits: those of a missing number mean something.

typedef double unaligned_doubles __attribute__((vector_size(LANES * 8), aligned(8)));

INLINE doubles load_doubles(const double *p) { return *(const unaligned_doubles *)p; }
INLINE void store_doubles(double *p, doubles v) { *(unaligned_doubles *)p = v; }
INLINE doubles splat_double(double x) { return x - (doubles){}; }
INLINE doubles choose_doubles(longs mask, doubles yes, doubles no) {
  return (doubles)((mask & (longs)yes) | (~mask & (longs)no));
}
INLINE doubles magnitude_of(doubles x) { return (doubles)((longs)x & INT64_MAX); }
/// Whether no lane of a mask is unset.
INLINE int all_longs(longs mask) { return all_lanes(__builtin_convertvector(mask, integers)); }

/// e^(x + rest) where |x| is at most 708, and the rest less than its last place.
INLINE doubles exponential_of(doubles x, doubles rest) {
  const double magic = 6755399441055744.0;
  doubles shifted = x * 1.44269504088896338700e+00 + magic, n = shifted - magic;
  doubles high = x - n * 6.93147180369123816490e-01, low = n * 1.90821492927058770002e-10 - rest;
  doubles r = high - low, t = r * r;
  doubles c = t * 4.13813679705723846039e-08 + -1.65339022054652515390e-06;
  c = c * t + 6.61375632143793436117e-05;
  c = c * t + -2.77777777770155933842e-03;
  c = c * t + 1.66666666666666019037e-01;
  c = r - t * c;
  doubles y = 1.0 - ((low - (r * c) / (2.0 - c)) - high);
  // The low bits of the shifted number are n.
  return (doubles)((longs)y + ((longs)shifted << 52));
}

INLINE doubles plain_exponential(doubles x) { return exponential_of(x, splat_double(0)); }

/// The natural logarithm of a positive normal number, or that to the base 2, which is exact for powers of 2.
INLINE doubles plain_logarithm(int is_natural, doubles x) {
  longs bits = (longs)x, exponent = (bits - 0x3fe6a09e667f3bcdLL) >> 52;
  doubles f = (doubles)(bits - (exponent << 52)) - 1.0, k = __builtin_convertvector(exponent, doubles);
  doubles s = f / (2.0 + f), z = s * s, w = z * z;
  doubles t1 = (w * 1.531383769920937332e-01 + 2.222219843214978396e-01) * w + 3.999999999940941908e-01;
  doubles t2 = (w * 1.479819860511658591e-01 + 1.818357216161805012e-01) * w + 2.857142874366239149e-01;
  doubles rest = t1 * w + (t2 * w + 6.666666666666735130e-01) * z, half = f * f * 0.5;
  if (is_natural)
    return k * 6.93147180369123816490e-01 - ((half - (s * (half + rest) + k * 1.90821492927058770002e-10)) - f);
  // The high part has so few bits that its product with that of the factor is exact.
  doubles high = (doubles)((longs)(f - half) & ~0xffffffffLL), low = (f - high) - half + s * (half + rest);
  doubles value = high * 1.44269504072144627571e+00;
  doubles tail = (low + high) * 1.67517131648865118353e-10 + low * 1.44269504072144627571e+00, sum = k + value;
  return tail + ((k - sum) + value) + sum;
}

/// What is left of x where |x| is at most 2^19, less a multiple of a quarter of a circle, in two parts, and the quarters.
struct reduced {
  doubles y, rest;
  longs quarter;
};
INLINE struct reduced quarters_off(doubles x) {
  const double magic = 6755399441055744.0;
  doubles shifted = x * 6.36619772367581382433e-01 + magic, n = shifted - magic;
  // Each step takes a part of the quarter whose product with n is exact, and keeps what rounding loses.
  doubles first = x - n * 1.57079632673412561417e+00, w = n * 6.07710050630396597660e-11, r = first - w;
  w = n * 2.02226624879595063154e-21 - ((first - r) - w);
  doubles y = r - w;
  return (struct reduced){y, (r - y) - w, (longs)shifted};
}

INLINE doubles sine_near(doubles x, doubles rest) {
  doubles z = x * x, v = z * x;
  doubles r = z * 1.58969099521155010221e-10 + -2.50507602534068634195e-08;
  r = r * z + 2.75573137070700676789e-06;
  r = r * z + -1.98412698298579493134e-04;
  r = r * z + 8.33333333332248946124e-03;
  return x - ((z * (rest * 0.5 - v * r) - rest) - v * -1.66666666666666324348e-01);
}
INLINE doubles cosine_near(doubles x, doubles rest) {
  doubles z = x * x;
  doubles r = z * -1.13596475577881948265e-11 + 2.08757232129817482790e-09;
  r = r * z + -2.75573143513906633035e-07;
  r = r * z + 2.48015872894767294178e-05;
  r = r * z + -1.38888888888741095749e-03;
  r = r * z + 4.16666666666666019037e-02;
  doubles half = 0.5 * z, w = 1.0 - half;
  return w + (((1.0 - w) - half) + (z * (z * r) - x * rest));
}

/// The sine, or `more` quarters of a circle further on.
INLINE doubles plain_circular(doubles x, int64_t more) {
  struct reduced part = quarters_off(x);
  longs quarter = part.quarter + more;
  doubles y = choose_doubles((quarter & 1) != 0, cosine_near(part.y, part.rest), sine_near(part.y, part.rest));
  y = (doubles)((longs)y ^ ((quarter & 2) << 62));
  // The sine of a tiny number, and of -0, is the number.
  return more ? y : choose_doubles(magnitude_of(x) < splat_double(0x1p-26), x, y);
}

INLINE doubles plain_tangent(doubles number) {
  struct reduced part = quarters_off(number);
  longs sign = (longs)part.y & INT64_MIN, is_large = magnitude_of(part.y) >= splat_double(0.67434);
  doubles x = (doubles)((longs)part.y ^ (sign & is_large)), y = (doubles)((longs)part.rest ^ (sign & is_large));
  // Beyond that the distance to an eighth of a circle is smaller.
  x = choose_doubles(is_large, (7.85398163397448278999e-01 - x) + (3.06161699786838301793e-17 - y), x);
  y = choose_doubles(is_large, splat_double(0), y);
  doubles z = x * x, w = z * z;
  doubles r = w * -1.85586374855275456654e-05 + 7.81794442939557092300e-05;
  r = r * w + 5.88041240820264096874e-04;
  r = r * w + 3.59207910759131235356e-03;
  r = r * w + 2.18694882948595424599e-02;
  r = r * w + 1.33333333333201242699e-01;
  doubles v = w * 2.59073051863633712884e-05 + 7.14072491382608190305e-05;
  v = v * w + 2.46463134818469906812e-04;
  v = v * w + 1.45620945432529025516e-03;
  v = v * w + 8.86323982359930005737e-03;
  v = v * w + 5.39682539762260521377e-02;
  v = v * z;
  doubles s = z * x;
  r = y + z * (s * (r + v) + y) + s * 3.33333333333334091986e-01;
  w = x + r;
  longs is_odd = (part.quarter & 1) != 0;
  doubles side = choose_doubles(is_odd, splat_double(-1), splat_double(1));
  doubles far = side - 2.0 * (x - (w * w / (w + side) - r));
  far = (doubles)((longs)far ^ sign);
  // -1 / (x + r), in parts whose products are exact.
  doubles top = (doubles)((longs)w & ~0xffffffffLL), low = r - (top - x), a = -1.0 / w;
  doubles t = (doubles)((longs)a & ~0xffffffffLL), inverse = t + a * (1.0 + t * top + t * low);
  doubles result = choose_doubles(is_large, far, choose_doubles(is_odd, inverse, w));
  return choose_doubles(magnitude_of(number) < splat_double(0x1p-27), number, result);
}

/// tanh by m = e^(-2|x|) - 1, which is -m / (m + 2): m and the sum in two parts, so that no more than the quotient is rounded.
INLINE doubles plain_tanh(doubles x) {
  doubles size = magnitude_of(x);
  // tanh(22) is 1.
  doubles held = choose_doubles(size > splat_double(22), splat_double(22), size), u = -2.0 * held;
  const double magic = 6755399441055744.0;
  doubles shifted = u * 1.44269504088896338700e+00 + magic, n = shifted - magic;
  doubles high = u - n * 6.93147180369123816490e-01, low = n * 1.90821492927058770002e-10;
  doubles r = high - low, lost = (high - r) - low;
  // expm1 of fdlibm: r + (r e - lost - h), of which 2^n and 1 are made.
  doubles half = 0.5 * r, square = r * half;
  doubles p = square * -2.01099218183624371326e-07 + 4.00821782732936239552e-06;
  p = p * square + -7.93650757867487942473e-05;
  p = p * square + 1.58730158725481460165e-03;
  p = p * square + -3.33333333333331316428e-02;
  p = p * square + 1.0;
  doubles t = 3.0 - p * half, e = square * ((p - t) / (6.0 - r * t));
  e = r * (e - lost) - lost - square;
  doubles two = (doubles)(((longs)shifted + 1023) << 52);
  doubles more = r - e, down = two - 1.0, m = down + two * more;
  doubles m_rest = ((down - m) + two * more) + (two * ((r - more) - e) + (two - (down + 1.0)));
  doubles sum = m + 2.0, sum_rest = ((2.0 - sum) + m) + m_rest;
  // Parts whose products are exact.
  doubles sum_top = (doubles)((longs)sum & ~0xffffffffLL), top = (doubles)((longs)(m / sum) & ~0xffffffffLL);
  doubles y = -(top + (((m - top * sum_top) - top * (sum - sum_top)) + (m_rest - top * sum_rest)) / sum);
  y = choose_doubles(size < splat_double(0x1p-28), size, y);
  return (doubles)((longs)y | ((longs)x & INT64_MIN));
}

/// The nearest number with so many digits behind the point that `unit` is ten to their number, from 10 to 10^22; a half goes to the even
/// neighbor. Of numbers so large that the product with `unit` is no exact place the number itself is nearest.
INLINE doubles plain_round(doubles x, double unit) {
  doubles product = x * unit, n = __builtin_elementwise_roundeven(product), rest = product - n;
  longs is_half = magnitude_of(rest) == splat_double(0.5);
  if (!all_longs(~is_half)) {
    // What rounding lost of the product tells on which side of the half it is.
    for (int k = 0; k < LANES; k++) {
      if (!is_half[k]) continue;
      double lost = fma(x[k], unit, -product[k]);
      if (lost > 0 && rest[k] > 0) n[k] += 1;
      if (lost < 0 && rest[k] < 0) n[k] -= 1;
    }
  }
  doubles y = n / unit;
  y = (doubles)(((longs)y & INT64_MAX) | ((longs)x & INT64_MIN));
  return choose_doubles(magnitude_of(product) < splat_double(0x1p53), y, x);
}

/// `fast` of a vector whose numbers satisfy `common`, or are NaN, which stays as it is; else `slow` of each of them.
#define RARELY(common, fast, slow)                                                    \
  longs is_nan = x != x;                                                              \
  if (all_longs((common) | is_nan)) return choose_doubles(is_nan, x, fast);           \
  doubles y;                                                                          \
  for (int k = 0; k < LANES; k++) y[k] = is_nan[k] ? x[k] : slow(x[k]);               \
  return y

INLINE doubles exponential_doubles(doubles x) {
  RARELY(magnitude_of(x) <= splat_double(708), plain_exponential(x), exp);
}
#define IS_POSITIVE ((x >= splat_double(0x1p-1022)) & (x < splat_double(INFINITY)))
INLINE doubles logarithm_doubles(doubles x) { RARELY(IS_POSITIVE, plain_logarithm(1, x), log); }
INLINE doubles binary_logarithm_doubles(doubles x) { RARELY(IS_POSITIVE, plain_logarithm(0, x), log2); }
#define IS_NEAR (magnitude_of(x) <= splat_double(524288))
INLINE doubles sine_doubles(doubles x) { RARELY(IS_NEAR, plain_circular(x, 0), sin); }
INLINE doubles cosine_doubles(doubles x) { RARELY(IS_NEAR, plain_circular(x, 1), cos); }
INLINE doubles tangent_doubles(doubles x) { RARELY(IS_NEAR, plain_tangent(x), tan); }

INLINE doubles kept_nan(doubles x, doubles y) { return choose_doubles(x != x, x, y); }

#define DOUBLE_FUNCTIONS(F)                                       \
  F(PB_DOUBLE_EXP, exponential_doubles(x))                        \
  F(PB_DOUBLE_LOG, logarithm_doubles(x))                          \
  F(PB_DOUBLE_LOG2, binary_logarithm_doubles(x))                  \
  F(PB_DOUBLE_SIN, sine_doubles(x))                               \
  F(PB_DOUBLE_COS, cosine_doubles(x))                             \
  F(PB_DOUBLE_TAN, tangent_doubles(x))                            \
  F(PB_DOUBLE_TANH, kept_nan(x, plain_tanh(x)))                   \
  F(PB_DOUBLE_SQRT, kept_nan(x, __builtin_elementwise_sqrt(x)))   \
  F(PB_DOUBLE_ABS, kept_nan(x, magnitude_of(x)))                  \
  F(PB_DOUBLE_NEGATE, -x)                                         \
  F(PB_DOUBLE_FLOOR, kept_nan(x, __builtin_elementwise_floor(x))) \
  F(PB_DOUBLE_CEIL, kept_nan(x, __builtin_elementwise_ceil(x)))   \
  F(PB_DOUBLE_ROUND, kept_nan(x, __builtin_elementwise_roundeven(x))) \
  F(PB_DOUBLE_DIGITS, kept_nan(x, plain_round(x, p)))

static void map_doubles(int function, long n, double p, const double *from, double *to) {
  const long whole = n / LANES * LANES;
  switch (function) {
#define CASE(name, value)                                                       \
  case name:                                                                    \
    for (long k = 0; k < whole; k += LANES) {                                   \
      doubles x = load_doubles(from + k);                                       \
      store_doubles(to + k, value);                                             \
    }                                                                           \
    break;
    DOUBLE_FUNCTIONS(CASE)
#undef CASE
  }
  if (whole == n) return;
  // What is left is a vector of its own.
  double x[LANES] = {}, y[LANES];
  const unsigned long rest = (unsigned long)(n - whole) * sizeof x[0];
  memcpy(x, from + whole, rest);
  map_doubles(function, LANES, p, x, y);
  memcpy(to + whole, y, rest);
}
