/// Attention of many heads and its gradient, a block of queries at a time. Included by body.h.
///
/// Scores stand transposed, [keys, queries]: the softmax of 16 queries then runs in the lanes of a vector, without sums
/// across lanes. Only the logarithm of each query's sum is kept; the gradient works the scores out again.
///
/// The keys are gone through in tiles whose scores stay in the cache (Dao et al. 2022, FlashAttention): what was summed is
/// scaled down when a later tile has a larger score.

/// Whether element `index + lane` of a dropout survives: 1 / keep or 0. The bits come from hashing the element's number,
/// so that the gradient finds the same ones without their being kept.
INLINE vector dropout_factors(uint32_t seed, uint32_t index, float keep) {
  integers x;
  for (int k = 0; k < LANES; k++) x[k] = (int32_t)(index + (uint32_t)k);
  typedef uint32_t bits __attribute__((vector_size(LANES * 4)));
  bits h = (bits)x * PB_DROPOUT_STEP + seed;
  h ^= h >> 16;
  h *= 0x7FEB352Du;
  h ^= h >> 15;
  h *= 0x846CA68Bu;
  h ^= h >> 16;
  integers kept = (integers)(h >> 8) < (int32_t)(keep * 16777216.0f);
  return choose(kept, splat(1 / keep), splat(0));
}

/// out [depth, columns] = the transpose of `count` rows of `x`, scaled, zero beyond them.
static void pack_transposed(long count, long depth, const float *x, long stride, float scale, long columns,
                            float *out) {
  for (long d = 0; d < depth; d++) {
    for (long k = 0; k < count; k++) out[d * columns + k] = x[k * stride + d] * scale;
    for (long k = count; k < columns; k++) out[d * columns + k] = 0;
  }
}

/// out [count, padded depth] = `count` rows of `x`, scaled, zero beyond `depth`.
static void pack_rows(long count, long depth, const float *x, long stride, float scale, float *out) {
  long padded = pb_padded(depth);
  for (long k = 0; k < count; k++) {
    for (long d = 0; d < depth; d++) out[k * padded + d] = x[k * stride + d] * scale;
    for (long d = depth; d < padded; d++) out[k * padded + d] = 0;
  }
}

/// The keys that a block of queries sees, as far as is known: the others are passed over.
struct key_range {
  long first, count;
};

INLINE struct key_range block_keys(const struct pb_attention *a, long first_query) {
  if (!a->ranges) return (struct key_range){0, a->time};
  const int32_t *range = a->ranges + 2 * (first_query / PB_ATTENTION_QUERIES);
  return (struct key_range){range[0], range[1] - range[0]};
}

/// The number of a probability among those of all queries and heads, for dropout.
INLINE uint32_t element(const struct pb_attention *a, long head, long key, long query) {
  return (uint32_t)(((a->first_head + head) * a->time + key) * a->all_queries + a->first_query + query);
}

/// The keys of a tile, from `first` keys behind the first of a range on.
INLINE struct key_range tile_keys(struct key_range keys, long first) {
  long count = keys.count - first < PB_ATTENTION_KEYS ? keys.count - first : PB_ATTENTION_KEYS;
  return (struct key_range){keys.first + first, count};
}

/// Scores of a tile become e^(score - largest), dropped out. `sums` [columns] of these before dropout and `largest` of each query
/// take the tile in, or begin with it; `results` [depth, columns] of the tiles before are scaled down to the new largest.
static void exponentiate(const struct pb_attention *a, struct key_range keys, long head, long first, long columns,
                         float *scores, float *largest, float *sums, float *results, int begins) {
  const float *mask = a->mask ? a->mask + keys.first * a->mask_stride + first : NULL;
  for (long n = 0; n < columns; n += LANES) {
    vector before = begins ? splat(-INFINITY) : load(largest + n), top = before, sum = {};
    for (long k = 0; k < keys.count; k++) {
      vector score = load(scores + k * columns + n);
      if (mask) {
        score += load(mask + k * a->mask_stride + n);
        store(scores + k * columns + n, score);
      }
      top = choose(score > top, score, top);
    }
    // A query that has seen no key yet has no largest score to take away.
    vector shift = choose(top > -INFINITY, top, splat(0));
    for (long k = 0; k < keys.count; k++) {
      vector e = full_exponential(load(scores + k * columns + n) - shift);
      sum += e;
      if (a->keep < 1)
        e *= dropout_factors(a->seed, element(a, head, keys.first + k, first + n), a->keep);
      store(scores + k * columns + n, e);
    }
    store(largest + n, top);
    if (begins) {
      store(sums + n, sum);
      continue;
    }
    vector factor = full_exponential(before - shift);
    store(sums + n, load(sums + n) * factor + sum);
    for (long d = 0; d < a->depth; d++) store(results + d * columns + n, load(results + d * columns + n) * factor);
  }
}

/// Attention of a single query to its keys, whose scores stand side by side.
static void attend_single(const struct pb_attention *a, const float *query, const float *k, const float *v, long head,
                          float *scores, float *out, float *logarithm) {
  struct key_range keys = block_keys(a, 0);
  matrix_vector(keys.count, a->depth, k + keys.first * a->kv_stride, a->kv_stride, query, scores, 0);
  for (long t = 0; a->mask && t < keys.count; t++) scores[t] += a->mask[(keys.first + t) * a->mask_stride];
  float largest = -INFINITY;
  for (long t = 0; t < keys.count; t++) largest = scores[t] > largest ? scores[t] : largest;
  vector sums = {};
  for (long t = 0; t < keys.count; t += LANES) {
    long rest = keys.count - t;
    vector e = full_exponential(load_rest(scores + t, rest) - largest);
    if (rest < LANES) e = choose(first_lanes(rest), e, splat(0));
    sums += e;
    if (a->keep < 1) e *= dropout_factors(a->seed, element(a, head, keys.first + t, 0), a->keep);
    store_rest(scores + t, e, rest);
  }
  float sum = horizontal_sum(sums);
  for (long d = 0; d < a->depth; d += LANES) {
    vector result = {};
    const float *row = v + keys.first * a->kv_stride + d;
    for (long t = 0; t < keys.count; t++, row += a->kv_stride) result += scores[t] * load_rest(row, a->depth - d);
    store_rest(out + d, result / sum, a->depth - d);
  }
  *logarithm = largest + logf(sum);
}

static void attention_forward(const struct pb_attention *a, float *out, float *logarithms, float *scratch) {
  long depth = a->depth, width = a->heads * depth;
  float *values = scratch, *queries = values + pb_padded(depth * a->time), *result = queries + depth * PB_ATTENTION_QUERIES;
  float *largest = result + depth * PB_ATTENTION_QUERIES, *sums = largest + PB_ATTENTION_QUERIES;
  float *scores = sums + PB_ATTENTION_QUERIES;
  for (long b = 0; b < a->batch; b++)
    for (long h = 0; h < a->heads; h++) {
      if (pb_must_stop_after(a->time * depth / 4)) return;
      const float *q = a->q + b * a->queries * a->q_stride + h * depth;
      const float *k = a->k + b * a->kv_batch + h * depth, *v = a->v + b * a->kv_batch + h * depth;
      long head = b * a->heads + h;
      if (a->queries == 1) {
        for (long d = 0; d < depth; d++) queries[d] = q[d] / sqrtf((float)depth);
        attend_single(a, queries, k, v, head, scores, out + b * width + h * depth, logarithms + head * a->all_queries);
        continue;
      }
      pack_transposed(a->time, depth, v, a->kv_stride, 1, a->time, values);
      for (long first = 0; first < a->queries; first += PB_ATTENTION_QUERIES) {
        long count = a->queries - first < PB_ATTENTION_QUERIES ? a->queries - first : PB_ATTENTION_QUERIES;
        long columns = pb_padded(count);
        struct key_range keys = block_keys(a, first);
        if (pb_must_stop_after(keys.count * columns * (depth + 16) / 16)) return;
        pack_transposed(count, depth, q + first * a->q_stride, a->q_stride, 1 / sqrtf((float)depth), columns, queries);
        for (long begin = 0; begin < keys.count; begin += PB_ATTENTION_KEYS) {
          struct key_range tile = tile_keys(keys, begin);
          multiply_rows(tile.count, depth, columns, k + tile.first * a->kv_stride, a->kv_stride, queries, scores,
                          columns, 0);
          exponentiate(a, tile, head, first, columns, scores, largest, sums, result, begin == 0);
          multiply_rows(depth, tile.count, columns, values + tile.first, a->time, scores, result, columns, begin > 0);
        }
        for (long j = 0; j < count; j++) {
          float *row = out + (b * a->queries + first + j) * width + h * depth;
          for (long d = 0; d < depth; d++) row[d] = result[d * columns + j] / sums[j];
          logarithms[head * a->all_queries + first + j] = largest[j] + logf(sums[j]);
        }
      }
    }
}

/// Scores become the dropped-out probabilities, the gradients of those become the gradients of the scores.
static void score_gradients(const struct pb_attention *a, struct key_range keys, long head, long first, long columns,
                            const float *logarithms, const float *products, float *scores, float *gradients) {
  const float *mask = a->mask ? a->mask + keys.first * a->mask_stride + first : NULL;
  for (long n = 0; n < columns; n += LANES) {
    vector logarithm = load(logarithms + n), product = load(products + n);
    for (long k = 0; k < keys.count; k++) {
      vector score = load(scores + k * columns + n), gradient = load(gradients + k * columns + n);
      if (mask) score += load(mask + k * a->mask_stride + n);
      vector p = full_exponential(score - logarithm), factor = splat(1);
      if (a->keep < 1)
        factor =
            dropout_factors(a->seed, element(a, head, keys.first + k, first + n), a->keep);
      store(scores + k * columns + n, p * factor);
      store(gradients + k * columns + n, p * (gradient * factor - product));
    }
  }
}

static void attention_backward(const struct pb_attention *a, const float *out, const float *logarithms,
                               const float *dout, float *dq, float *dk, float *dv, float *scratch) {
  long depth = a->depth, width = a->heads * depth, padded = pb_padded(depth), block = PB_ATTENTION_QUERIES;
  float scale = 1 / sqrtf((float)depth);
  float *keys = scratch, *queries = keys + pb_padded(depth * a->time), *outer = queries + depth * block;
  float *query_rows = outer + depth * block, *outer_rows = query_rows + block * padded;
  float *result = outer_rows + block * padded, *products = result + depth * block, *logs = products + block;
  float *key_sums = logs + block, *value_sums = key_sums + a->time * padded;
  float *scores = value_sums + a->time * padded, *gradients = scores + pb_tile(a->time) * block;
  for (long b = 0; b < a->batch; b++)
    for (long h = 0; h < a->heads; h++) {
      const float *q = a->q + b * a->queries * a->q_stride + h * depth;
      const float *k = a->k + b * a->kv_batch + h * depth, *v = a->v + b * a->kv_batch + h * depth;
      long head = b * a->heads + h;
      pack_transposed(a->time, depth, k, a->kv_stride, 1, a->time, keys);
      memset(key_sums, 0, (unsigned long)(2 * a->time * padded) * sizeof(float));
      for (long first = 0; first < a->queries; first += block) {
        long count = a->queries - first < block ? a->queries - first : block, columns = pb_padded(count);
        struct key_range seen = block_keys(a, first);
        if (pb_must_stop_after(seen.count * columns * (depth + 16) / 6)) return;
        const float *row = out + (b * a->queries + first) * width + h * depth;
        const float *drow = dout + (b * a->queries + first) * width + h * depth;
        for (long j = 0; j < columns; j++) {
          products[j] = logs[j] = 0;
          if (j >= count) continue;
          logs[j] = logarithms[head * a->all_queries + first + j];
          for (long d = 0; d < depth; d++) products[j] += row[j * width + d] * drow[j * width + d];
        }
        pack_transposed(count, depth, q + first * a->q_stride, a->q_stride, scale, columns, queries);
        pack_transposed(count, depth, drow, width, 1, columns, outer);
        pack_rows(count, depth, q + first * a->q_stride, a->q_stride, scale, query_rows);
        pack_rows(count, depth, drow, width, 1, outer_rows);
        for (long begin = 0; begin < seen.count; begin += PB_ATTENTION_KEYS) {
          struct key_range tile = tile_keys(seen, begin);
          long start = tile.first * a->kv_stride, sum = tile.first * padded;
          multiply_rows(tile.count, depth, columns, k + start, a->kv_stride, queries, scores, columns, 0);
          multiply_rows(tile.count, depth, columns, v + start, a->kv_stride, outer, gradients, columns, 0);
          score_gradients(a, tile, head, first, columns, logs, products, scores, gradients);
          multiply_rows(tile.count, count, padded, scores, columns, outer_rows, value_sums + sum, padded, 1);
          multiply_rows(tile.count, count, padded, gradients, columns, query_rows, key_sums + sum, padded, 1);
          multiply_rows(depth, tile.count, columns, keys + tile.first, a->time, gradients, result, columns, begin > 0);
        }
        for (long j = 0; j < count; j++)
          for (long d = 0; d < depth; d++)
            dq[(b * a->queries + first + j) * a->q_stride + h * depth + d] = result[d * columns + j] * scale;
      }
      for (long t = 0; t < a->time; t++) {
        long place = b * a->kv_batch + t * a->kv_stride + h * depth;
        if (a->accumulate) {
          axpy(depth, 1, key_sums + t * padded, dk + place);
          axpy(depth, 1, value_sums + t * padded, dv + place);
          continue;
        }
        memcpy(dk + place, key_sums + t * padded, (unsigned long)depth * sizeof(float));
        memcpy(dv + place, value_sums + t * padded, (unsigned long)depth * sizeof(float));
      }
    }
}

static void dropout(long n, uint32_t seed, float keep, const float *x, float *y) {
  long k = 0;
  for (; k + LANES <= n; k += LANES) store(y + k, load(x + k) * dropout_factors(seed, (uint32_t)k, keep));
  if (k < n) store_first(y + k, load_first(x + k, n - k) * dropout_factors(seed, (uint32_t)k, keep), n - k);
}

static void relu_dropout(long n, uint32_t seed, float keep, const float *x, float *y) {
  for (long k = 0; k < n; k += LANES) {
    vector value = load_rest(x + k, n - k);
    value = choose(value > 0, value, splat(0));
    store_rest(y + k, keep < 1 ? value * dropout_factors(seed, (uint32_t)k, keep) : value, n - k);
  }
}

static void relu_dropout_backward(long n, float keep, const float *y, const float *dy, float *dx) {
  float factor = 1 / keep;
  for (long k = 0; k < n; k++) dx[k] = y[k] > 0 ? dy[k] * factor : 0;
}
