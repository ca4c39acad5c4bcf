/// Types and prototypes only: Tensors/BLAS.swift opens the library at run time, after it has chosen the kernels for this processor.
#include <cblas.h>
#include <dlfcn.h>
