/// The places of elements by their rank. Included by body.h, after elementwise.h.

/// keys[k] = a whole number that orders as the element x[k * step] does, NaN as the largest; the other way round with `descending`.
static void order_keys(long n, long step, int descending, const float *x, uint32_t *keys) {
  const uint32_t flips = descending ? 0x7fffffffu : 0x80000000u;
  for (long k = 0; k < n; k++) {
    float value = x[k * step] + 0.0f;  // -0 becomes 0.
    int32_t bits;
    memcpy(&bits, &value, sizeof bits);
    bits ^= (bits >> 31) & 0x7fffffff;
    keys[k] = (uint32_t)(value != value ? 0x7fffffff : bits) ^ flips;
  }
}

enum { LOOKED_AT = 1 << 16, KEYS = 64 };

/// How many of the keys are at most `limit`.
INLINE long count_up_to(long n, const uint32_t *keys, uint32_t limit) {
  long found = 0;
  for (long first = 0; first < n; first += LOOKED_AT) {
    long size = n - first < LOOKED_AT ? n - first : LOOKED_AT;
    uint32_t count = 0;
    for (long k = 0; k < size; k++) count += keys[first + k] <= limit;
    found += count;
  }
  return found;
}

/// The least and the greatest key.
INLINE void key_bounds(long n, const uint32_t *keys, uint32_t *low, uint32_t *high) {
  uint32_t least = UINT32_MAX, most = 0;
  for (long k = 0; k < n; k++) {
    least = keys[k] < least ? keys[k] : least;
    most = keys[k] > most ? keys[k] : most;
  }
  *low = least;
  *high = most;
}

/// The keys from `low` to `high`, side by side in `kept`, which may be `keys` itself and has room for LANES more; their number.
INLINE long keep_between(long n, const uint32_t *keys, uint32_t low, uint32_t high, uint32_t *kept) {
  long found = 0, k = 0;
#if LANES == 16
  for (; k + LANES <= n; k += LANES) {
    __m512i some = _mm512_sub_epi32(_mm512_loadu_si512(keys + k), _mm512_set1_epi32((int)low));
    __mmask16 inside = _mm512_cmple_epu32_mask(some, _mm512_set1_epi32((int)(high - low)));
    __m512i packed = _mm512_maskz_compress_epi32(inside, _mm512_loadu_si512(keys + k));
    _mm512_storeu_si512(kept + found, packed);
    found += __builtin_popcount(inside);
  }
#endif
  for (; k < n; k++) {
    uint32_t key = keys[k];
    kept[found] = key;
    found += key - low <= high - low;
  }
  return found;
}

/// The key with `rank` others before it in order, found by halving between the least and the greatest; `less` becomes how many keys
/// are less. `spare` has room for n / 2 + LANES + 1 keys.
static uint32_t key_of_rank(long n, long rank, const uint32_t *keys, uint32_t *spare, long *less) {
  uint32_t low, high;
  key_bounds(n, keys, &low, &high);
  if (rank == n - 1 && low < high) {
    *less = count_up_to(n, keys, high - 1);
    return high;
  }
  // Of all keys `below` are less than `low` and `up_to` are at most `high`; those in [low, high] are among the n that are left.
  long below = 0, up_to = n, out = 0;
  while (low < high && !pb_must_stop_after(n / 16)) {
    uint32_t middle = low + (high - low) / 2;
    long count = out + count_up_to(n, keys, middle);
    if (rank < count)
      high = middle, up_to = count;
    else
      low = middle + 1, below = count;
    if (up_to - below > n / 2) continue;
    n = keep_between(n, keys, low, high, spare);
    keys = spare;
    out = below;
    key_bounds(n, keys, &low, &high);
  }
  *less = below;
  return low;
}

/// The places of the k least of n keys, of equal ones the first, in the order of the places.
static void least_places(long n, long k, const uint32_t *keys, uint32_t *spare, int32_t *places) {
  if (k <= 0) return;
  long less, found = 0;
  uint32_t last = key_of_rank(n, k - 1, keys, spare, &less);
  long equal = k - less;
  for (long first = 0; first < n && found < k; first += KEYS) {
    long size = n - first < KEYS ? n - first : KEYS;
    uint32_t any = 0;
    for (long j = 0; j < size; j++) any |= keys[first + j] <= last;
    if (!any) continue;
    for (long j = first; j < first + size && found < k; j++)
      if (keys[j] < last || (keys[j] == last && equal-- > 0)) places[found++] = (int32_t)j;
  }
}

/// The place of the key that has `before` equal ones before it.
static long place_of_equal(long n, const uint32_t *keys, uint32_t key, long before) {
  for (long first = 0; first < n; first += KEYS) {
    long size = n - first < KEYS ? n - first : KEYS;
    uint32_t count = 0;
    for (long j = 0; j < size; j++) count += keys[first + j] == key;
    if (before < count)
      for (long j = first; j < first + size; j++)
        if (keys[j] == key && before-- == 0) return j;
    before -= count;
  }
  return n - 1;
}

/// places[j] = the place of the key with ranks[j] others before it in order, of equal ones in theirs.
static void ranked_places(long n, long count, const long *ranks, const uint32_t *keys, uint32_t *spare, int32_t *places) {
  for (long j = 0; j < count; j++) {
    long less;
    uint32_t key = key_of_rank(n, ranks[j], keys, spare, &less);
    places[j] = (int32_t)place_of_equal(n, keys, key, ranks[j] - less);
  }
}

/// The few first of a short row of keys in order: each is the least behind the one before, of equal ones the first.
static void first_places(long n, long taken, const uint32_t *keys, int32_t *places) {
  uint64_t numbered[PB_SHORT_ROW], last = 0;
  for (long j = 0; j < n; j++) numbered[j] = (uint64_t)keys[j] << 16 | (uint64_t)(j + 1);
  for (long k = 0; k < taken; k++) {
    uint64_t least = UINT64_MAX;
    for (long j = 0; j < n; j++) {
      uint64_t next = numbered[j] > last ? numbered[j] : UINT64_MAX;
      least = next < least ? next : least;
    }
    places[k] = (int32_t)(least & 0xffff) - 1;
    last = least;
  }
}

/// The bits in which keys differ; none where the work must stop.
static uint32_t differing_bits(long n, const uint32_t *keys) {
  uint32_t any = 0, all = UINT32_MAX;
  for (long first = 0; first < n; first += LOOKED_AT) {
    if (pb_must_stop_after(LOOKED_AT / 8)) return 0;
    long size = n - first < LOOKED_AT ? n - first : LOOKED_AT;
    for (long k = first; k < first + size; k++) any |= keys[k], all &= keys[k];
  }
  return any ^ all;
}

/// The places of keys in ascending order, equal ones in theirs: by digits of the bits in which they differ, from the last to the first.
/// `pairs` and `spare` have room for n; where the work is stopped all places are 0.
static void sort_places(long n, const uint32_t *keys, uint64_t *pairs, uint64_t *spare, int32_t *places) {
  enum { DIGITS = 3, BITS = 11, VALUES = 1 << BITS, PIECE = 1 << 16 };
  _Static_assert(DIGITS * BITS >= 32, "all bits of a key");
  uint32_t ends[DIGITS][VALUES] = {}, differing = differing_bits(n, keys);
  if (pb_must_stop_after(0)) goto stopped;
  if (differing == 0) {
    for (long k = 0; k < n; k++) places[k] = (int32_t)k;
    return;
  }
  const int low = __builtin_ctz(differing), width = 32 - __builtin_clz(differing) - low, digits = (width + BITS - 1) / BITS;
  const int bits = (width + digits - 1) / digits;
  const uint32_t values = 1u << bits;
#define DIGIT(key, d) ((uint32_t)(key) >> (low + (d) * bits) & (values - 1))
  for (long first = 0; first < n; first += PIECE) {
    if (pb_must_stop_after(PIECE)) goto stopped;
    for (long k = first; k < n && k < first + PIECE; k++)
      for (int d = 0; d < digits; d++) ends[d][DIGIT(keys[k], d)]++;
  }
  const uint64_t *from = NULL;
  for (int d = 0; d < digits; d++) {
    // A digit that all have orders nothing; the last is none of those.
    if (ends[d][DIGIT(keys[0], d)] == n) continue;
    uint32_t before = 0;
    for (uint32_t v = 0; v < values; v++) {
      uint32_t count = ends[d][v];
      ends[d][v] = before;
      before += count;
    }
    uint64_t *to = from == pairs ? spare : pairs;
    for (long first = 0; first < n; first += PIECE) {
      if (pb_must_stop_after(2 * PIECE)) goto stopped;
      for (long k = first; k < n && k < first + PIECE; k++) {
        uint64_t pair = from == NULL ? (uint64_t)keys[k] << 32 | (uint64_t)k : from[k];
        uint32_t place = ends[d][DIGIT(pair >> 32, d)]++;
        if (d == digits - 1)
          places[place] = (int32_t)pair;
        else
          to[place] = pair;
      }
    }
    from = to;
  }
#undef DIGIT
  return;
stopped:
  memset(places, 0, (unsigned long)n * sizeof(int32_t));
}

/// The longest row of which as many as a vector has lanes are ordered at once.
enum { TINY_ROW = 16 };

/// order_rows for `rows` of at most TINY_ROW elements, `step` apart, that begin `next` apart: as many as a vector has lanes.
static void order_tiny_rows(long rows, long n, long step, long next, int descending, long taken, const float *x, int32_t *places) {
  integers keys[TINY_ROW], ranks[TINY_ROW];
  for (long k = 0; k < n; k++) {
    // -0 becomes 0.
    vector v = (next == 1 ? load_rest(x + k * step, rows) : load_column(rows, next, x + k * step)) + 0.0f;
    integers bits = (integers)v;
    bits ^= (bits >> 31) & 0x7fffffff;
    bits = ((v != v) & 0x7fffffff) | (~(v != v) & bits);
    keys[k] = descending ? ~bits : bits;
    ranks[k] = (int32_t)(n - 1 - k) - (integers){};
  }
  for (long k = 1; k < n; k++)
    for (long j = 0; j < k; j++) {
      integers stays = keys[j] <= keys[k];
      ranks[k] -= stays;
      ranks[j] += stays;
    }
  for (long k = 0; k < n; k++) {
    int32_t rank[LANES];
    memcpy(rank, ranks + k, sizeof rank);
    for (long r = 0; r < rows; r++)
      if (rank[r] < taken) places[r * taken + rank[r]] = (int32_t)k;
  }
}

/// order[rank] = the place of each key, of as many as a vector has lanes at once; there is room for a whole vector more behind the keys.
INLINE void rank_row(long n, uint32_t *keys, int32_t *order) {
  const integers lanes = lane_numbers();
  // Signed numbers order so; those behind the last are beside no key.
  for (long k = 0; k < n; k++) keys[k] ^= 0x80000000u;
  for (long first = 0; first < n; first += LANES) {
    integers own, ranks = {};
    memcpy(&own, keys + first, sizeof own);
    long count = at_most_lanes(n - first), j = 0;
#define OTHER (int32_t)keys[j] - (integers){}
    for (; j < first; j++) ranks -= OTHER <= own;
    for (; j < first + count; j++) ranks -= (OTHER < own) | ((OTHER == own) & (lanes > (int32_t)(j - first)));
    for (; j < n; j++) ranks -= OTHER < own;
#undef OTHER
    for (long k = 0; k < count; k++) order[ranks[k]] = (int32_t)(first + k);
  }
}

/// places[r][j] = where the element of rank j of a row stands, for rows `first` and on of [outer, n, inner] of at most PB_SHORT_ROW
/// elements and the first `taken` ranks: as many are before it as are less, or equal and before it.
static void order_rows(long first, long rows, long n, long inner, int descending, long taken, const float *x, int32_t *places) {
  uint32_t keys[PB_SHORT_ROW + LANES] = {};
  int32_t order[PB_SHORT_ROW];
  for (long r = first, end = first + rows, count; r < end; r += count, places += count * taken) {
    const float *row = x + r / inner * n * inner + r % inner;
    count = 1;
    if (n <= TINY_ROW) {
      // Those that begin at even distances.
      count = at_most_lanes(inner == 1 ? end - r : end - r < inner - r % inner ? end - r : inner - r % inner);
      order_tiny_rows(count, n, inner, inner == 1 ? n : 1, descending, taken, row, places);
      continue;
    }
    order_keys(n, inner, descending, row, keys);
    if (8 * taken <= n) {
      first_places(n, taken, keys, places);
      continue;
    }
    rank_row(n, keys, order);
    memcpy(places, order, (unsigned long)taken * sizeof(int32_t));
  }
}
