/// Products with a matrix that was packed beforehand. Included by body.h, after layout.h.
///
/// PANEL columns stand together, [depth, PANEL] floats one after the other, so that a product reads them in order. A sum is that of
/// its terms in order, SPAN at a time, so that its bits depend neither on the rows beside it nor on how rows are shared out.

enum { PANEL = PB_PANEL, SPAN = 256 };

/// Where a matrix stands: rows `step` floats apart, and `apart` from the columns of one panel to those of the next.
struct panels {
  const float *start;
  long step, apart;
};

/// The same from row k and column n on.
INLINE struct panels panels_from(struct panels w, long k, long n) {
  w.start += k * w.step + n / PANEL * w.apart + n % PANEL;
  return w;
}

/// c[ROWS, columns] (rows `c_row` apart) = (accumulate ? c : 0) + a x the matrix for up to VECTORS vectors of columns, where a has
/// rows `a_row` apart and terms `a_step`. Kept in registers: ROWS x VECTORS accumulators.
#define BLOCK(ROWS, VECTORS)                                                                                          \
  INLINE void block_##ROWS##x##VECTORS(long depth, const float *a, long a_row, long a_step, struct panels panels,     \
                                       float *c, long c_row, long columns, int accumulate) {              \
    enum { EACH = PANEL / LANES };                                                                                    \
    vector sum[ROWS][VECTORS] = {};                                                                                   \
    for (long k = 0; k < depth; k++) {                                                                                \
      vector w[VECTORS];                                                                                              \
      for (int v = 0; v < VECTORS; v++) w[v] = load(panels.start + k * panels.step + v / EACH * panels.apart + v % EACH * LANES); \
      for (int r = 0; r < ROWS; r++) {                                                                                \
        vector x = splat(a[r * a_row + k * a_step]);                                                                  \
        for (int v = 0; v < VECTORS; v++) sum[r][v] += x * w[v];                                                      \
      }                                                                                                               \
    }                                                                                                                 \
    for (int r = 0; r < ROWS; r++)                                                                                    \
      for (int v = 0; v < VECTORS; v++) {                                                                             \
        float *to = c + r * c_row + v * LANES;                                                                        \
        long left = columns - v * LANES;                                                                              \
        if (left >= LANES)                                                                                            \
          store(to, accumulate ? sum[r][v] + load(to) : sum[r][v]);                                                   \
        else if (left > 0)                                                                                            \
          store_first(to, accumulate ? sum[r][v] + load_first(to, left) : sum[r][v], left);                           \
      }                                                                                                               \
  }

#if LANES == 16
BLOCK(12, 2)
BLOCK(12, 1)
BLOCK(8, 2)
BLOCK(8, 1)
BLOCK(4, 4)
#endif
BLOCK(4, 2)
BLOCK(4, 1)
BLOCK(1, 8)
BLOCK(1, 2)
BLOCK(1, 1)

/// ROWS rows of a product, in blocks of WIDE vectors and then of two and one.
#define ROW_BLOCK(ROWS, WIDE)                                                                                        \
  INLINE void rows_of_##ROWS(long depth, const float *a, long a_row, long a_step, struct panels panels, float *c,    \
                             long c_row, long columns, int accumulate, int reverse) {                                \
    const long wide = WIDE * LANES, blocks = columns / wide;                                                         \
    for (long k = 0; k < blocks; k++) {                                                                              \
      long n = (reverse ? blocks - 1 - k : k) * wide;                                                                \
      block_##ROWS##x##WIDE(depth, a, a_row, a_step, panels_from(panels, 0, n), c + n, c_row, wide, accumulate);     \
    }                                                                                                                \
    for (long n = blocks * wide; n < columns; n += 2 * LANES) {                                                      \
      struct panels rest = panels_from(panels, 0, n);                                                                \
      if (columns - n > LANES)                                                                                       \
        block_##ROWS##x2(depth, a, a_row, a_step, rest, c + n, c_row, columns - n, accumulate);                      \
      else                                                                                                           \
        block_##ROWS##x1(depth, a, a_row, a_step, rest, c + n, c_row, columns - n, accumulate);                      \
    }                                                                                                                \
  }

#if LANES == 16
ROW_BLOCK(12, 2)
ROW_BLOCK(8, 2)
ROW_BLOCK(4, 4)
#else
ROW_BLOCK(4, 2)
#endif
ROW_BLOCK(1, 8)

/// c = (accumulate ? c : 0) + a x a matrix; `reverse` goes through its columns from the last one.
INLINE void multiply_strided(long rows, long depth, long columns, const float *a, long a_row, long a_step,
                             struct panels panels, float *c, long c_row, int accumulate, int reverse) {
  // Many rows go through what stays in the second cache; a few go through all of a panel before the next.
  const long spread = rows >= 48 || depth <= SPAN ? 256 : rows >= 8 ? 64 : 128, parts = (columns + spread - 1) / spread;
  for (long part = 0; part < parts; part++) {
    long n = (reverse ? parts - 1 - part : part) * spread, width = columns - n < spread ? columns - n : spread;
    for (long k = 0; k < depth; k += SPAN) {
      long terms = depth - k < SPAN ? depth - k : SPAN;
      int adds = accumulate || k > 0;
      if (pb_must_stop_after(rows * (terms * width / 32 + 1))) return;
      struct panels from = panels_from(panels, k, n);
      for (long r = 0; r < rows;) {
        const float *x = a + r * a_row + k * a_step;
        float *y = c + r * c_row + n;
        long left = rows - r;
#define ROWS_OF(ROWS) rows_of_##ROWS(terms, x, a_row, a_step, from, y, c_row, width, adds, reverse), r += ROWS
#if LANES == 16
        // Two times eight rather than twelve and four.
        if (left >= 12 && left != 16)
          ROWS_OF(12);
        else if (left >= 8)
          ROWS_OF(8);
        else
#endif
          if (left >= 4)
          ROWS_OF(4);
        else
          ROWS_OF(1);
      }
    }
  }
}

/// c = (accumulate ? c : 0) + a x the packed matrix, where one of `a_row` and `a_step` is 1.
static void multiply_packed(const struct pb_packed_product *p, const float *a, const float *packed, float *c) {
  struct panels panels = {packed, PANEL, p->depth * PANEL};
  if (p->a_step == 1)
    multiply_strided(p->rows, p->depth, p->columns, a, p->a_row, 1, panels, c, p->c_row, p->accumulate, p->reverse);
  else
    multiply_strided(p->rows, p->depth, p->columns, a, 1, p->a_step, panels, c, p->c_row, p->accumulate, p->reverse);
}

/// c = (accumulate ? c : 0) + a x b, with b [depth, columns].
static void multiply_rows(long rows, long depth, long columns, const float *a, long a_row, const float *b, float *c,
                          long c_row, int accumulate) {
  struct panels panels = {b, columns, PANEL};
  multiply_strided(rows, depth, columns, a, a_row, 1, panels, c, c_row, accumulate, 0);
}

/// Packs the matrix whose element (k, n) stands at b[k * row + n * step], where one of both is 1; columns beyond the last are 0.
static void pack_panels(long depth, long columns, const float *b, long row, long step, float *packed) {
  for (long n = 0; n < columns; n += PANEL, packed += depth * PANEL) {
    long width = columns - n < PANEL ? columns - n : PANEL;
    if (pb_must_stop_after(depth * PANEL / 8)) return;
    if (width < PANEL) memset(packed, 0, (unsigned long)(depth * PANEL) * sizeof(float));
    if (step == 1)
      for (long k = 0; k < depth; k++) {
        const float *from = b + k * row + n;
        for (long j = 0; j < width; j += LANES)
          store_rest(packed + k * PANEL + j, load_rest(from + j, width - j), width - j);
      }
    else
      transpose_part(depth, width, b + n * step, step, packed, PANEL);
  }
}
