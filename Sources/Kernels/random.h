/// Random numbers of a stream of xoshiro256** (Blackman and Vigna 2018). Included by body.h, after elementwise.h.

INLINE uint64_t rotated(uint64_t x, int by) { return (x << by) | (x >> (64 - by)); }

/// The next n numbers of the stream.
static void draw(uint64_t *state, long n, uint64_t *numbers) {
  uint64_t a = state[0], b = state[1], c = state[2], d = state[3];
  for (long k = 0; k < n; k++) {
    numbers[k] = rotated(b * 5, 7) * 9;
    uint64_t shifted = b << 17;
    c ^= a, d ^= b, b ^= c, a ^= d, c ^= shifted;
    d = rotated(d, 45);
  }
  state[0] = a, state[1] = b, state[2] = c, state[3] = d;
}

enum { DRAWN = 512 };

/// y = low + (high - low) u, u of 24 bits in [0, 1); low where rounding gives high.
static void uniform(uint64_t *state, long n, float low, float high, float *y) {
#pragma clang fp contract(off)
  uint64_t numbers[DRAWN];
  for (long first = 0; first < n; first += DRAWN) {
    long count = n - first < DRAWN ? n - first : DRAWN;
    draw(state, count, numbers);
    for (long k = 0; k < count; k++) {
      float value = low + (high - low) * (float)(int32_t)(numbers[k] >> 40) * 0x1p-24f;
      y[first + k] = value < high ? value : low;
    }
  }
}

/// Whole numbers from `low` on, fewer than `bound` of them, by the high halves of products (Lemire 2019), as floats, which hold them. Where a
/// draw might have to be made again for all to be as likely, *doubtful is set, and the numbers are not to be used.
static void whole(uint64_t *state, long n, uint64_t bound, float low, float *y, int *doubtful) {
  uint64_t numbers[DRAWN];
  for (long first = 0; first < n; first += DRAWN) {
    long count = n - first < DRAWN ? n - first : DRAWN;
    draw(state, count, numbers);
    int found = 0;
    for (long k = 0; k < count; k++) {
      unsigned __int128 product = (unsigned __int128)numbers[k] * bound;
      found |= (uint64_t)product < bound;
      y[first + k] = low + (float)(int32_t)(uint32_t)(product >> 64);
    }
    *doubtful |= found;
  }
}

/// Puts x[k] and one of those before it, or itself, in each other's place, for k from `end` down to `end - n + 1`: drawn without bias by the
/// high halves of products, and again where they say so (Lemire 2019).
static void permute(uint64_t *from, long end, long n, float *x) {
  uint64_t state[4] = {from[0], from[1], from[2], from[3]};
  for (long k = end; k > end - n; k--) {
    uint64_t bound = (uint64_t)k + 1, number;
    draw(state, 1, &number);
    unsigned __int128 product = (unsigned __int128)number * bound;
    if ((uint64_t)product < bound)
      for (uint64_t least = -bound % bound; (uint64_t)product < least; product = (unsigned __int128)number * bound) draw(state, 1, &number);
    float *other = x + (uint64_t)(product >> 64), value = *other;
    *other = x[k], x[k] = value;
  }
  memcpy(from, state, sizeof state);
}

/// Normal numbers (Box and Muller) of two draws each, in double precision. The same operations in the same order with every
/// instruction set, none contracted: so they have the same bits everywhere.
static void normal(uint64_t *state, long n, float *y) {
#pragma clang fp contract(off)
  uint64_t numbers[2 * DRAWN];
  double radii[DRAWN], turns[DRAWN];
  for (long first = 0; first < n; first += DRAWN) {
    long count = n - first < DRAWN ? n - first : DRAWN;
    draw(state, 2 * count, numbers);
    for (long k = 0; k < count; k++) {
      // 1 - u of 53 bits, and its logarithm: the exponent, and a series in (m - 1) / (m + 1).
      double u = 1 - (double)(int64_t)(numbers[2 * k] >> 11) * 0x1p-53;
      uint64_t bits;
      memcpy(&bits, &u, sizeof bits);
      // The exponent that leaves a number from the root of a half to that of two.
      uint64_t shifted = bits + (0x3ff0000000000000u - 0x3fe6a09e667f3bcdu);
      uint64_t biased = shifted >> 52;
      uint64_t mantissa = (shifted & 0xfffffffffffffu) + 0x3fe6a09e667f3bcdu;
      double m, exponent = (double)(int64_t)biased - 1023;
      memcpy(&m, &mantissa, sizeof m);
      double s = (m - 1) / (m + 1), z = s * s;
      double p = z * (1.0 / 23) + 1.0 / 21;
      p = p * z + 1.0 / 19;
      p = p * z + 1.0 / 17;
      p = p * z + 1.0 / 15;
      p = p * z + 1.0 / 13;
      p = p * z + 1.0 / 11;
      p = p * z + 1.0 / 9;
      p = p * z + 1.0 / 7;
      p = p * z + 1.0 / 5;
      p = p * z + 1.0 / 3;
      double logarithm = exponent * 0.69314718055994530942 + (2 * s + 2 * s * (z * p));
      radii[k] = -2 * logarithm;
    }
    for (long k = 0; k < count; k++) radii[k] = __builtin_sqrt(radii[k]);
    for (long k = 0; k < count; k++) {
      // The cosine of a whole turn's share: quarters, and a series of what is left.
      double t = (double)(int64_t)(numbers[2 * k + 1] >> 11) * 0x1p-51;
      double quarter = (t + 6755399441055744.0) - 6755399441055744.0;
      double r = (t - quarter) * 1.57079632679489661923, z = r * r;
      double c = z * (1.0 / 20922789888000) - 1.0 / 87178291200;
      c = c * z + 1.0 / 479001600;
      c = c * z - 1.0 / 3628800;
      c = c * z + 1.0 / 40320;
      c = c * z - 1.0 / 720;
      c = c * z + 1.0 / 24;
      c = c * z - 0.5;
      c = c * z + 1;
      double s = z * (1.0 / 355687428096000) - 1.0 / 1307674368000;
      s = s * z + 1.0 / 6227020800;
      s = s * z - 1.0 / 39916800;
      s = s * z + 1.0 / 362880;
      s = s * z - 1.0 / 5040;
      s = s * z + 1.0 / 120;
      s = s * z - 1.0 / 6;
      s = s * z * r + r;
      // Quarters 0 and 4 are c, 1 is -s, 2 is -c and 3 is s.
      double odd = quarter == 1 || quarter == 3 ? s : c;
      turns[k] = quarter == 1 || quarter == 2 ? -odd : odd;
    }
    for (long k = 0; k < count; k++) y[first + k] = (float)(radii[k] * turns[k]);
  }
}

/// y[k] = start + (first + k) * step in double precision, each operation rounded on its own, whatever the instruction set.
static void evenly(long first, long n, double start, double step, float *y) {
#pragma clang fp contract(off)
  doubles lanes;
  for (int j = 0; j < LANES; j++) lanes[j] = j;
  for (long k = 0; k < n; k += LANES) {
    doubles way = ((double)(first + k) + lanes) * step;
    store_rest(y + k, __builtin_convertvector(start + way, vector), n - k);
  }
}
