#include <png.h>

/// Compound macros do not reach Swift; this one does.
static const png_uint_32 pb_png_format_rgba = PNG_FORMAT_RGBA;
