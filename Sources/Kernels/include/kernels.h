#ifndef PIXELBYTES_KERNELS_H
#define PIXELBYTES_KERNELS_H

/// The instruction set that the kernels run with on this processor: "avx512", "avx2" or "portable".
const char *pb_instruction_set(void);

#endif
