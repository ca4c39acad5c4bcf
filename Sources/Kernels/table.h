#ifndef PIXELBYTES_KERNEL_TABLE_H
#define PIXELBYTES_KERNEL_TABLE_H

#include <stdint.h>

#include "kernels.h"

/// The kernels of one instruction set; kernels.h says what each does.
struct kernel_table {
  const char *name;
  void (*lstm_pack)(long, const float *, float *);
  void (*lstm_forward)(long, long, long, int, float *, const float *, float *, float *, float *, long, float *);
  void (*lstm_backward)(long, long, long, int, float *, const float *, const float *, const float *, const float *, long,
                        float *);
  void (*gather_sum)(long, long, long, long, const uint8_t *, const float *, const float *, float *);
  void (*scatter_sum)(long, long, long, long, const uint8_t *, const float *, float *);
  void (*layer_norm)(long, long, float, const float *, const float *, const float *, float *, float *, float *);
  void (*layer_norm_backward)(long, long, const float *, const float *, const float *, const float *, const float *,
                              float *, float *, float *);
  void (*rms_norm)(long, long, float, const float *, const float *, float *, float *);
  void (*rms_norm_backward)(long, long, const float *, const float *, const float *, const float *, float *, float *);
  void (*softmax)(long, long, const float *, float *);
  void (*adamw)(long, float *, const float *, float *, float *, float, float, float, float, float, float, float);
  void (*axpy)(long, float, const float *, float *);
  void (*add)(long, long, const float *, const float *, float *);
  void (*multiply)(long, long, const float *, const float *, float *);
  void (*matrix_vector)(long, long, const float *, long, const float *, float *, int);
  void (*column_sums)(long, long, long, const float *, float *);
  void (*column_totals)(long, long, const float *, double *);
  void (*fill_rows)(long, long, long, const float *, float *);
  void (*exp)(long, const float *, float *);
  void (*tanh)(long, const float *, float *);
  void (*sigmoid)(long, const float *, float *);
  void (*softplus)(long, const float *, float *);
  void (*softplus_backward)(long, const float *, const float *, float *);
  void (*gate)(long, const float *, const float *, float *);
  void (*gate_backward)(long, const float *, const float *, const float *, float *, float *);
  void (*forget_gate)(long, const float *, const float *, const float *, float *);
  void (*forget_gate_backward)(long, const float *, const float *, const float *, const float *, float *, float *,
                               float *);
  void (*convolution_silu)(const struct pb_convolution *, const float *, float *, float *, float *);
  void (*convolution_silu_backward)(const struct pb_convolution *, const float *, const float *, float *, float *,
                                    float *, float *);
  void (*scan_forward)(const struct pb_scan *, float *, float *, float *, float *);
  void (*scan_backward)(const struct pb_scan *, const float *, const float *, float *, float *, float *, float *,
                        float *, float *);
  void (*scan_last_forward)(const struct pb_scan *, float *, float *, float *);
  void (*scan_last_backward)(const struct pb_scan *, const float *, const float *, float *, float *, float *, float *,
                             float *, float *);
  void (*attention_forward)(const struct pb_attention *, float *, float *, float *);
  void (*attention_backward)(const struct pb_attention *, const float *, const float *, const float *, float *, float *,
                             float *, float *);
  void (*dropout)(long, uint32_t, float, const float *, float *);
  void (*relu_dropout)(long, uint32_t, float, const float *, float *);
  void (*relu_dropout_backward)(long, float, const float *, const float *, float *);
};

extern const struct kernel_table pb_table_portable;
#if defined(__x86_64__)
extern const struct kernel_table pb_table_avx2;
extern const struct kernel_table pb_table_avx512;
#endif

/// Whether the work of this thread must stop; asks each time that about a millisecond of work is done. `work` counts about
/// nanoseconds.
int pb_must_stop_after(long work);

/// What the number of an element is multiplied by before dropout hashes it.
#define PB_DROPOUT_STEP 0x9E3779B1u

/// Rows and vectors are padded to this many floats, the widest vector of any instruction set.
enum { PB_PAD = 16 };

/// The first place from p on where vectors do not cross cache lines; scratch memory has PB_PAD floats to spare for it.
static inline float *pb_aligned(float *p) { return p + (-(uintptr_t)p / sizeof(float)) % PB_PAD; }

/// The keys of the largest tile of attention to `time` of them.
static inline long pb_tile(long time) { return time < PB_ATTENTION_KEYS ? time : PB_ATTENTION_KEYS; }

static inline long pb_padded(long n) { return (n + PB_PAD - 1) / PB_PAD * PB_PAD; }

#endif
