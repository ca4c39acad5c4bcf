#ifndef PIXELBYTES_ATTENTION_KERNELS_H
#define PIXELBYTES_ATTENTION_KERNELS_H

#include <stdint.h>

/// Queries of one block of attention, and keys of one tile at most.
enum { PB_ATTENTION_QUERIES = 64, PB_ATTENTION_KEYS = 1024 };

/// Attention: out = softmax(q k^T / sqrt(depth) + mask) v for every sequence and head.
struct pb_attention {
  /// Where these are some of the queries of some sequences: the first head and query among all, and all queries of a
  /// sequence, which are also the logarithms from one head to the next; else 0, 0 and `queries`.
  long first_head, first_query, all_queries;
  /// Whether the gradients of keys and values are added to what is there.
  int accumulate;
  long batch, time, queries, heads, depth;
  /// Floats between rows of q, between rows of k and of v, and between sequences of k and v.
  long q_stride, kv_stride, kv_batch;
  /// Rows of heads * depth numbers, those of a head side by side.
  const float *q, *k, *v;
  /// 0 or -infinity [time, mask_stride], for each key and query, the same in all sequences and heads; or NULL for none.
  const float *mask;
  /// The row stride of `queries`, at least.
  long mask_stride;
  /// For each PB_ATTENTION_QUERIES queries the first key that one of them sees and the one behind the last; or NULL.
  const int32_t *ranges;
  /// The share of probabilities that dropout keeps, and where its bits come from.
  float keep;
  uint32_t seed;
};

/// Floats of scratch memory that attention and its gradient need.
long pb_attention_scratch(long time, long depth);

/// out [batch * queries, heads * depth]; `logarithms` [batch, heads, queries] gets the logarithm of each query's sum.
void pb_attention_forward(const struct pb_attention *attention, float *out, float *logarithms, float *scratch);

/// The gradient of pb_attention_forward, written to rows laid out as those of q, k and v.
void pb_attention_backward(const struct pb_attention *attention, const float *out, const float *logarithms,
                           const float *dout, float *dq, float *dk, float *dv, float *scratch);

#endif
