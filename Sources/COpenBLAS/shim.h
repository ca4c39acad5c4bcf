/// Types and prototypes only: Tensors/BLAS.swift opens the library at run time, after it has chosen the kernels for this processor.
#include <cblas.h>
#include <dlfcn.h>
#include <link.h>

#ifndef RTLD_DEEPBIND
#define RTLD_DEEPBIND 0x00008
#endif

/// dlinfo is a GNU extension, which Swift's module of the C library leaves out.
int dlinfo(void *handle, int request, void *answer);

/// The file that an opened library came from; empty when the system does not tell.
static inline const char *pb_library_path(void *handle) {
  struct link_map *map = 0;
  return dlinfo(handle, 2 /* RTLD_DI_LINKMAP */, &map) == 0 && map ? map->l_name : "";
}
