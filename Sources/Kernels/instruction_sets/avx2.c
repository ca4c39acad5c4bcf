#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 8
#define BLOCK_ROWS 4
#define TABLE pb_table_avx2
#define TABLE_NAME "avx2"
#include "../body.h"
#pragma clang attribute pop
#endif
