#ifndef PIXELBYTES_LINE_DISPLAY_H
#define PIXELBYTES_LINE_DISPLAY_H

#include <stdbool.h>

// Draws the line being edited in place of readline, which counts each byte of a color as a column.

/// The lines and columns of the screen.
void line_display_screen(int *lines, int *columns);

/// Draws readline's prompt and a text of so many bytes over what was drawn before, with the cursor before the byte at `point`; of
/// rows that stand there already nothing is written.
void line_display_draw(const char *text, int length, int point);

/// Sets the colors of the bytes of the text: of each the number that selects it, such as 31 for red, or 0.
void line_display_style(const unsigned char *styles, int count);

/// Moves below what is drawn, which stays; the next drawing begins there.
void line_display_leave(void);

/// Forgets what is drawn: the cursor stands where the next drawing begins.
void line_display_forget(void);

#endif
