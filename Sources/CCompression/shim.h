#include <brotli/decode.h>
#include <lz4.h>
#include <snappy-c.h>
#include <zlib.h>
#include <zstd.h>

/// Starts inflating a gzip member or a zlib stream, whichever the bytes are; the macro of zlib does not reach Swift.
static inline int pb_inflate_init(z_stream *stream) { return inflateInit2(stream, MAX_WBITS + 32); }
/// The same for a deflated part of a zip archive, which has no header.
static inline int pb_inflate_raw_init(z_stream *stream) { return inflateInit2(stream, -MAX_WBITS); }
