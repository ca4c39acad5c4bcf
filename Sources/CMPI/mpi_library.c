#include "mpi_library.h"

#include <dlfcn.h>
#include <stdlib.h>

/// What Open MPI calls its versions 4 and 5: their binary interface, declared below, is the same.
static const char *const file = "libmpi.so.40";

enum { any_source = -1, thread_funneled = 1 };

typedef struct {
  int source, tag, error, cancelled;
  size_t count;
} status_t;

struct pb_mpi {
  int (*init)(int *, char ***, int, int *);
  int (*comm_rank)(void *, int *);
  int (*comm_size)(void *, int *);
  int (*isend)(const void *, int, void *, int, int, void *, void **);
  int (*irecv)(void *, int, void *, int, int, void *, void **);
  int (*send)(const void *, int, void *, int, int, void *);
  int (*test)(void **, int *, status_t *);
  int (*iprobe)(int, int, void *, int *, status_t *);
  int (*recv)(void *, int, void *, int, int, void *, status_t *);
  int (*abort)(void *, int);
  int (*finalize)(void);
  void *world, *byte;
  void *request;
  int rank, size;
};

pb_mpi *pb_mpi_open(const char **reason) {
  // Its parts look for its names in the whole program.
  void *handle = dlopen(file, RTLD_NOW | RTLD_GLOBAL);
  if (!handle) {
    const char *message = dlerror();
    *reason = message ? message : "unknown reason";
    return NULL;
  }
  pb_mpi *library = calloc(1, sizeof *library);
  if (!library) {
    *reason = "there is no memory for it";
    return NULL;
  }
  struct {
    const char *name;
    void *place;
  } const calls[] = {
      {"MPI_Init_thread", &library->init}, {"MPI_Comm_rank", &library->comm_rank}, {"MPI_Comm_size", &library->comm_size},
      {"MPI_Irecv", &library->irecv}, {"MPI_Isend", &library->isend},      {"MPI_Send", &library->send},           {"MPI_Test", &library->test},
      {"MPI_Iprobe", &library->iprobe},    {"MPI_Recv", &library->recv},           {"MPI_Abort", &library->abort},
      {"MPI_Finalize", &library->finalize}, {"ompi_mpi_comm_world", &library->world}, {"ompi_mpi_byte", &library->byte},
  };
  for (size_t index = 0; index < sizeof calls / sizeof calls[0]; index++) {
    void *symbol = dlsym(handle, calls[index].name);
    if (!symbol) {
      *reason = "libmpi.so.40 is not Open MPI: it lacks one of its names";
      free(library);
      return NULL;
    }
    *(void **)calls[index].place = symbol;
  }
  int provided = 0;
  if (library->init(NULL, NULL, thread_funneled, &provided) != 0 || library->comm_rank(library->world, &library->rank) != 0 ||
      library->comm_size(library->world, &library->size) != 0) {
    *reason = "Open MPI could not join the other ranks";
    free(library);
    return NULL;
  }
  return library;
}

int pb_mpi_rank(const pb_mpi *library) { return library->rank; }

int pb_mpi_size(const pb_mpi *library) { return library->size; }

int pb_mpi_begin_to_send(pb_mpi *library, const void *bytes, int count, int rank, int tag) {
  return library->isend(bytes, count, library->byte, rank, tag, library->world, &library->request);
}

int pb_mpi_begin_to_receive(pb_mpi *library, void *bytes, int count, int rank, int tag) {
  int found = 0;
  status_t status;
  if (library->iprobe(rank, tag, library->world, &found, &status) != 0 || !found || status.count != (size_t)count) return -1;
  return library->irecv(bytes, count, library->byte, rank, tag, library->world, &library->request);
}

int pb_mpi_is_done(pb_mpi *library) {
  int done = 0;
  status_t status;
  return library->test(&library->request, &done, &status) == 0 && done;
}

void pb_mpi_tell(pb_mpi *library, const void *bytes, int count, int rank, int tag) {
  library->send(bytes, count, library->byte, rank, tag, library->world);
}

int pb_mpi_sender(pb_mpi *library, int rank, int tag) {
  int found = 0;
  status_t status;
  int source = rank < 0 ? any_source : rank;
  return library->iprobe(source, tag, library->world, &found, &status) == 0 && found ? status.source : -1;
}

long pb_mpi_receive(pb_mpi *library, void *bytes, int room, int rank, int tag) {
  int found = 0;
  status_t status;
  if (library->iprobe(rank, tag, library->world, &found, &status) != 0 || !found || status.count > (size_t)room) return -1;
  if (library->recv(bytes, room, library->byte, rank, tag, library->world, &status) != 0) return -1;
  return (long)status.count;
}

void pb_mpi_abort(pb_mpi *library, int status) {
  library->abort(library->world, status);
  _Exit(status);
}

void pb_mpi_close(pb_mpi *library) { library->finalize(); }
