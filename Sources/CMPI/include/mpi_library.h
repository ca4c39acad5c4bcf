#ifndef PIXELBYTES_MPI_LIBRARY_H
#define PIXELBYTES_MPI_LIBRARY_H

/// Open MPI, opened while the program runs: the few calls that training on several machines needs. One thread makes them all.
typedef struct pb_mpi pb_mpi;

/// Opens the library and joins the other ranks; null and a reason, which stays, where that cannot be done.
pb_mpi *pb_mpi_open(const char **reason);

/// The number of this process among the ranks, and their number.
int pb_mpi_rank(const pb_mpi *library);
int pb_mpi_size(const pb_mpi *library);

/// Begins to send bytes, which must stay until pb_mpi_is_done says so; only one message at a time is under way. 0, or an error.
int pb_mpi_begin_to_send(pb_mpi *library, const void *bytes, int count, int rank, int tag);

/// Begins to take a message of exactly `count` bytes that has come; 0, or an error, such as that it has another size.
int pb_mpi_begin_to_receive(pb_mpi *library, void *bytes, int count, int rank, int tag);

/// Whether the message that was begun last has been handed on, or is here.
int pb_mpi_is_done(pb_mpi *library);

/// Sends a few bytes, which are handed on at once.
void pb_mpi_tell(pb_mpi *library, const void *bytes, int count, int rank, int tag);

/// The rank that a message with the tag has come from, `rank` alone where it is not negative; -1 when there is none.
int pb_mpi_sender(pb_mpi *library, int rank, int tag);

/// Takes a message of a few bytes that has come, at most `room` bytes of it; its size, or -1 when it is larger.
long pb_mpi_receive(pb_mpi *library, void *bytes, int room, int rank, int tag);

/// Ends this process and all others; it does not return.
void pb_mpi_abort(pb_mpi *library, int status);

/// Leaves the other ranks, all of which leave too.
void pb_mpi_close(pb_mpi *library);

#endif
