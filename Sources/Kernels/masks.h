/// Elements that a mask takes. Included by body.h, after elementwise.h.

enum { PACKED = 256 };

/// The elements of x where those of the mask are not 0, side by side; what their number was. Neither this nor the inverse branches
/// on the mask, which no processor could foresee.
static void compress(long n, const float *mask, const float *x, float *y, long *count) {
  long found = 0;
  for (long first = 0; first < n; first += PACKED) {
    float packed[PACKED + LANES];
    long more = 0, size = n - first < PACKED ? n - first : PACKED, k = 0;
#if LANES == 16
    for (; k + LANES <= size; k += LANES) {
      __mmask16 taken = (__mmask16)mask_bits(load(mask + first + k) != splat(0));
      store(packed + more, (vector)_mm512_maskz_compress_ps(taken, (__m512)load(x + first + k)));
      more += __builtin_popcount(taken);
    }
#endif
    for (; k < size; k++) {
      packed[more] = x[first + k];
      more += mask[first + k] != 0;
    }
    memcpy(y + found, packed, (unsigned long)more * sizeof(float));
    found += more;
  }
  *count = found;
}

/// What `compress` took put back to where it was, zeros elsewhere.
static void expand(long n, const float *mask, const float *x, float *y) {
  for (long first = 0; first < n; first += PACKED) {
    float packed[PACKED + 1];
    long more = 0, size = n - first < PACKED ? n - first : PACKED;
    for (long k = 0; k < size; k++) more += mask[first + k] != 0;
    memcpy(packed, x, (unsigned long)more * sizeof(float));
    packed[more] = 0;
    x += more;
    more = 0;
    for (long k = 0; k < size; k++) {
      uint32_t taken = mask[first + k] != 0, bits;
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

static void count_set(long n, const float *mask, long *count) {
  long found = 0;
  for (long k = 0; k < n; k++) found += mask[k] != 0;
  *count = found;
}
