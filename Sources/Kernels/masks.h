/// Elements that a mask takes. Included by body.h, after elementwise.h.

enum { PACKED = 256 };

/// Bytes `step` apart as floats.
INLINE void widen_bytes(long n, const uint8_t *x, long step, float *y) {
  if (step == 1)
    for (long k = 0; k < n; k++) y[k] = x[k];
  else
    for (long k = 0; k < n; k++) y[k] = x[k * step];
}

/// Some of a mask as floats, for which there is room in `near`.
INLINE const float *near_mask(long n, int bytes, const void *mask, long first, float *near) {
  if (!bytes) return (const float *)mask + first;
  widen_bytes(n, (const uint8_t *)mask + first, 1, near);
  return near;
}

static void compare_row(int comparison, long n, const float *a, long step_a, const float *b, long step_b, uint8_t *y) {
  switch (comparison) {
#define COMPARE(name, holds)                                       \
  case name:                                                       \
    if (step_a && step_b)                                          \
      for (long k = 0; k < n; k++) y[k] = a[k] holds b[k];         \
    else if (step_a)                                               \
      for (long k = 0; k < n; k++) y[k] = a[k] holds *b;           \
    else                                                           \
      for (long k = 0; k < n; k++) y[k] = *a holds b[k * step_b];  \
    break;
    COMPARE(PB_EQUAL, ==)
    COMPARE(PB_NOT_EQUAL, !=)
    COMPARE(PB_LESS, <)
    COMPARE(PB_LESS_OR_EQUAL, <=)
#undef COMPARE
  }
}

static void join_bytes(int logic, long n, const uint8_t *a, const uint8_t *b, uint8_t *y) {
  switch (logic) {
#define JOIN(name, value)                           \
  case name:                                        \
    for (long k = 0; k < n; k++) y[k] = (uint8_t)(value); \
    break;
    JOIN(PB_AND, a[k] & b[k])
    JOIN(PB_OR, a[k] | b[k])
    JOIN(PB_EITHER, a[k] ^ b[k])
    JOIN(PB_ALIKE, a[k] ^ b[k] ^ 1)
    JOIN(PB_BELOW, (a[k] ^ 1) & b[k])
    JOIN(PB_AT_MOST, (a[k] ^ 1) | b[k])
#undef JOIN
  }
}

static void flip_bytes(long n, const uint8_t *x, uint8_t *y) {
  for (long k = 0; k < n; k++) y[k] = x[k] != 1;
}

/// The elements of x where those of the mask are not 0, side by side; what their number was. Neither this nor the inverse branches
/// on the mask, which no processor could foresee.
static void compress(long n, int bytes, const void *all, const float *x, float *y, long *count) {
  long found = 0;
  for (long first = 0; first < n; first += PACKED) {
    float packed[PACKED + LANES];
    long more = 0, size = n - first < PACKED ? n - first : PACKED, k = 0;
    float near[PACKED];
    const float *mask = near_mask(size, bytes, all, first, near);
#if LANES == 16
    for (; k + LANES <= size; k += LANES) {
      __mmask16 taken = (__mmask16)mask_bits(load(mask + k) != splat(0));
      store(packed + more, (vector)_mm512_maskz_compress_ps(taken, (__m512)load(x + first + k)));
      more += __builtin_popcount(taken);
    }
#endif
    for (; k < size; k++) {
      packed[more] = x[first + k];
      more += mask[k] != 0;
    }
    memcpy(y + found, packed, (unsigned long)more * sizeof(float));
    found += more;
  }
  *count = found;
}

/// What `compress` took put back to where it was, zeros elsewhere.
static void expand(long n, int bytes, const void *all, const float *x, float *y) {
  for (long first = 0; first < n; first += PACKED) {
    float packed[PACKED + 1];
    long more = 0, size = n - first < PACKED ? n - first : PACKED;
    float near[PACKED];
    const float *mask = near_mask(size, bytes, all, first, near);
    for (long k = 0; k < size; k++) more += mask[k] != 0;
    memcpy(packed, x, (unsigned long)more * sizeof(float));
    packed[more] = 0;
    x += more;
    more = 0;
    for (long k = 0; k < size; k++) {
      uint32_t taken = mask[k] != 0, bits;
      memcpy(&bits, packed + more, sizeof bits);
      bits &= -taken;
      memcpy(y + first + k, &bits, sizeof bits);
      more += taken;
    }
  }
}

static void count_wholes(long n, float low, float limit, const float *x, long *count) {
  long found = 0;
  for (long k = 0; k < n; k++) found += (x[k] >= low) & (x[k] < limit) & (x[k] == __builtin_truncf(x[k]));
  *count = found;
}

static void count_within(long n, float size, const float *x, long *count) {
  long found = 0;
  for (long first = 0; first < n; first += PACKED) {
    long end = n - first < PACKED ? n : first + PACKED;
    int32_t some = 0;
    for (long k = first; k < end; k++) some += __builtin_fabsf(x[k]) <= size;
    found += some;
  }
  *count = found;
}

static void count_set(long n, int bytes, const void *mask, long *count) {
  const uint8_t *small = mask;
  const float *large = mask;
  long found = 0;
  if (bytes)
    for (long first = 0; first < n; first += PACKED / 2) {
      // So few that their number is a byte.
      long end = n - first < PACKED / 2 ? n : first + PACKED / 2;
      uint8_t some = 0;
      for (long k = first; k < end; k++) some += small[k] != 0;
      found += some;
    }
  else
    for (long k = 0; k < n; k++) found += large[k] != 0;
  *count = found;
}
