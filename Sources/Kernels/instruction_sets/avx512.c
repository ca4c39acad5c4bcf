#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512vl,avx512dq,avx512bw"))), apply_to = function)
#define LANES 16
#define BLOCK_ROWS 8
#define TABLE pb_table_avx512
#define TABLE_NAME "avx512"
#include "../body.h"
#pragma clang attribute pop
#endif
