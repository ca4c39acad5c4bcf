/// Convolutions over padded planes. Included by body.h, after layout.h.
///
/// What a filter sees of a plane at some place lies at fixed distances from that place, as a plane is laid out with its padding and,
/// for a stride, in one part for each rest of the coordinates. So a convolution is a product of filters with vectors of
/// neighboring places, which are read where they are.

#if LANES == 16
/// Short rows of x, `rows` of them `width` floats apart, with some of their elements at even distances in each of the rows of a plane: as lanes
/// of two vectors, those outside 0.
INLINE void pack_short_rows(const struct pb_planes *s, long shift, long rows, long apart, const float *x, float *plane) {
  const long width = s->width, columns = s->columns;
  integers places = lane_numbers() * (int32_t)s->column_stride - (int32_t)shift, behind = places + LANES * (int32_t)s->column_stride;
  const __mmask16 inside = (__mmask16)mask_bits((places >= 0) & (places < (int32_t)width));
  const __mmask16 inside_behind = (__mmask16)mask_bits((behind >= 0) & (behind < (int32_t)width));
  for (long r = 0; r < rows; r++, x += apart, plane += columns) {
    vector a = load_rest(x, width), b = width > LANES ? load_rest(x + LANES, width - LANES) : splat(0);
    store_rest(plane, (vector)_mm512_maskz_permutex2var_ps(inside, (__m512)a, (__m512i)places, (__m512)b), columns);
    if (columns > LANES)
      store_rest(plane + LANES, (vector)_mm512_maskz_permutex2var_ps(inside_behind, (__m512)a, (__m512i)behind, (__m512)b), columns - LANES);
  }
}
#endif

static void pack_planes(const struct pb_planes *s, const float *x, float *planes) {
  for (long c = 0; c < s->channels; c++)
    for (long a = 0; a < s->row_parts; a++)
      for (long b = 0; b < s->column_parts; b++) {
        float *plane = planes + c * s->channel_stride + (a * s->column_parts + b) * s->rows * s->columns;
        // The columns of this part that lie inside.
        long shift = s->column_padding - b, step = s->column_stride;
        long first = shift <= 0 ? 0 : (shift + step - 1) / step;
        long end = s->width + shift <= 0 ? 0 : (s->width + shift - 1) / step + 1;
        if (end > s->columns) end = s->columns;
        if (first > end) first = end;
#if LANES == 16
        if (s->columns <= 2 * LANES && s->width <= 2 * LANES) {
          // The rows of this part that lie inside, 0 before and behind them.
          long above = s->row_padding - a, top = above <= 0 ? 0 : (above + s->row_stride - 1) / s->row_stride;
          long bottom = s->height + above <= 0 ? 0 : (s->height + above - 1) / s->row_stride + 1;
          if (bottom > s->rows) bottom = s->rows;
          if (top > bottom) top = bottom;
          memset(plane, 0, (unsigned long)(top * s->columns) * sizeof(float));
          pack_short_rows(s, shift, bottom - top, s->row_stride * s->width,
                          x + (c * s->height + top * s->row_stride - above) * s->width, plane + top * s->columns);
          memset(plane + bottom * s->columns, 0, (unsigned long)((s->rows - bottom) * s->columns) * sizeof(float));
          continue;
        }
#endif
        for (long r = 0; r < s->rows; r++, plane += s->columns) {
          long row = r * s->row_stride + a - s->row_padding;
          if (row < 0 || row >= s->height || first == end) {
            memset(plane, 0, (unsigned long)s->columns * sizeof(float));
            continue;
          }
          if (first > 0) memset(plane, 0, (unsigned long)first * sizeof(float));
          copy_row(end - first, x + (c * s->height + row) * s->width + first * step - shift, step, plane + first, 1);
          if (end < s->columns) memset(plane + end, 0, (unsigned long)(s->columns - end) * sizeof(float));
        }
      }
}

/// The inverse: what lies outside of x is left out.
static void unpack_planes(const struct pb_planes *s, const float *planes, float *x) {
  for (long c = 0; c < s->channels; c++)
    for (long a = 0; a < s->row_parts; a++)
      for (long b = 0; b < s->column_parts; b++) {
        const float *plane = planes + c * s->channel_stride + (a * s->column_parts + b) * s->rows * s->columns;
        long shift = s->column_padding - b, step = s->column_stride;
        long first = shift <= 0 ? 0 : (shift + step - 1) / step;
        long end = s->width + shift <= 0 ? 0 : (s->width + shift - 1) / step + 1;
        if (end > s->columns) end = s->columns;
        if (first >= end) continue;
        const long n = end - first;
        for (long r = 0; r < s->rows; r++, plane += s->columns) {
          long row = r * s->row_stride + a - s->row_padding;
          if (row < 0 || row >= s->height) continue;
          if (step == 1 && n <= 2 * LANES) {
            float *to = x + (c * s->height + row) * s->width + first - shift;
            store_rest(to, load_rest(plane + first, n), n);
            if (n > LANES) store_rest(to + LANES, load_rest(plane + first + LANES, n - LANES), n - LANES);
            continue;
          }
          copy_row(end - first, plane + first, 1, x + (c * s->height + row) * s->width + first * step - shift, step);
        }
      }
}

/// Filters at `vectors` vectors of places, of which the last may be cut to n.
INLINE void convolve_places(const int filters, const int vectors, long taps, const long *offsets, const float *weight,
                            const float *bias, const float *x, float *y, long stride, long n) {
  vector sums[8][3];
  for (int f = 0; f < filters; f++)
    for (int v = 0; v < vectors; v++) sums[f][v] = splat(bias ? bias[f] : 0);
  for (long t = 0; t < taps; t++, weight += PB_FILTERS) {
    vector value[3];
    for (int v = 0; v < vectors; v++) value[v] = load(x + offsets[t] + v * LANES);
    for (int f = 0; f < filters; f++) {
      vector factor = splat(weight[f]);
      for (int v = 0; v < vectors; v++) sums[f][v] += factor * value[v];
    }
  }
  for (int f = 0; f < filters; f++)
    for (int v = 0; v < vectors; v++) store_rest(y + f * stride + v * LANES, sums[f][v], n - v * LANES);
}

static void convolve_planes(long filters, long taps, const long *offsets, const float *weight, const float *bias, long places,
                     const float *x, float *y, long stride) {
  // Chunks of places small enough that what the filters see of them stays near.
  for (long begin = 0; begin < places; begin += 24 * LANES) {
    long stop = places - begin < 24 * LANES ? places : begin + 24 * LANES;
    for (long f = 0; f < filters; f += BLOCK_ROWS) {
      const float *packed = weight + f / PB_FILTERS * PB_FILTERS * taps + f % PB_FILTERS, *added = bias ? bias + f : bias;
      float *out = y + f * stride;
      long p = begin;
#define PART(rows)                                                                                                  \
  for (; p + 2 * LANES < stop; p += 3 * LANES)                                                                      \
    convolve_places(rows, 3, taps, offsets, packed, added, x + p, out + p, stride, stop - p);                       \
  if (p + LANES < stop)                                                                                             \
    convolve_places(rows, 2, taps, offsets, packed, added, x + p, out + p, stride, stop - p);                       \
  else if (p < stop)                                                                                                \
    convolve_places(rows, 1, taps, offsets, packed, added, x + p, out + p, stride, stop - p);
      switch (filters - f < BLOCK_ROWS ? filters - f : BLOCK_ROWS) {
        case 1: PART(1) break;
        case 2: PART(2) break;
        case 3: PART(3) break;
        case 4: PART(4) break;
#if BLOCK_ROWS > 4
        case 5: PART(5) break;
        case 6: PART(6) break;
        case 7: PART(7) break;
        default: PART(8)
#endif
      }
#undef PART
    }
  }
}

/// Adds to `sums` [rows, taps] the products of rows of dy with what taps see.
INLINE void correlate_rows(const int rows, const int count, const long *offsets, long places, const float *dy, long stride,
                           const float *x, float *sums, long taps) {
  vector products[32] = {};
  vector totals[8][3] = {};
  for (long p = 0; p < places; p += LANES) {
    vector value[3];
    // Beyond the places dy counts as 0.
    integers inside = first_lanes(places - p);
    int whole = places - p >= LANES;
    for (int t = 0; t < count; t++) {
      value[t] = load(x + offsets[t] + p);
      if (!whole) value[t] = (vector)(inside & (integers)value[t]);
    }
    for (int r = 0; r < rows; r++) {
      vector gradient = load_rest(dy + r * stride + p, places - p);
      for (int t = 0; t < count; t++) totals[r][t] += gradient * value[t];
    }
  }
  for (int r = 0; r < rows; r++)
    for (int t = 0; t < count; t++) products[r * count + t] = totals[r][t];
  float found[32];
  lane_sums((rows * count + LANES - 1) / LANES * LANES, products, found);
  for (int r = 0; r < rows; r++)
    for (int t = 0; t < count; t++) sums[r * taps + t] += found[r * count + t];
}

static void correlate(long filters, long taps, const long *offsets, long places, const float *dy, long stride,
                      const float *x, float *sums) {
  for (long begin = 0; begin < places; begin += 256 * LANES) {
    long n = places - begin < 256 * LANES ? places - begin : 256 * LANES;
    for (long f = 0; f < filters; f += BLOCK_ROWS) {
      const float *rows = dy + f * stride + begin;
      for (long t = 0; t < taps; t += 3) {
        float *out = sums + f * taps + t;
#define TAPS(rows_, count) correlate_rows(rows_, count, offsets + t, n, rows, stride, x + begin, out, taps)
#define ROWS(rows_)                                                      \
  if (taps - t >= 3)                                                     \
    TAPS(rows_, 3);                                                      \
  else if (taps - t == 2)                                                \
    TAPS(rows_, 2);                                                      \
  else                                                                   \
    TAPS(rows_, 1);                                                      \
  break;
        switch (filters - f < BLOCK_ROWS ? filters - f : BLOCK_ROWS) {
          case 1: ROWS(1)
          case 2: ROWS(2)
          case 3: ROWS(3)
          case 4: ROWS(4)
#if BLOCK_ROWS > 4
          case 5: ROWS(5)
          case 6: ROWS(6)
          case 7: ROWS(7)
          default: ROWS(8)
#endif
        }
#undef ROWS
#undef TAPS
      }
    }
  }
}
