#ifndef PIXELBYTES_LINE_EDITOR_H
#define PIXELBYTES_LINE_EDITOR_H

#include <stdbool.h>

// GNU readline keeps everything in C globals, which Swift 6 refuses to touch; these functions are the only door to it.

/// Why `line_editor_wait` came back.
typedef enum {
  /// A line was entered: see `line_editor_text`.
  LINE_ENTERED,
  /// The input ended, or Ctrl-D was pressed on an empty line.
  LINE_CLOSED,
  /// Ctrl-C was pressed; the line is gone.
  LINE_CANCELED,
  /// The Up key was pressed in a line that goes on from a block; the line is still being edited.
  LINE_BLOCK,
  /// The Tab key was pressed; the line is still being edited.
  LINE_TAB,
  /// The line has changed and must be painted: see `line_editor_paint`.
  LINE_DRAWING,
  /// A signal arrived; the line is still being edited.
  LINE_SIGNAL,
} line_event;

/// Prepares readline; `to_stderr` draws the line on standard error, for when standard output is no terminal. `with_colors` draws it
/// in place of readline, when `line_editor_wait` asks for it.
void line_editor_open(const char *program, int history_size, bool to_stderr, bool with_colors);

/// Shows the prompt and starts to edit a line that begins as `text`, with the cursor at that byte; until the line ends,
/// signals come only while waiting. `continues` tells that the lines before it are part of the same input.
void line_editor_begin(const char *prompt, const char *text, int cursor, bool continues);

/// Whether a key waits to be read.
bool line_editor_has_input(void);

/// Waits for keys and signals until something happens.
line_event line_editor_wait(void);

/// Leaves the line that is being edited, marked with ^C, and gives the terminal back.
void line_editor_abandon(void);

/// Leaves the line that is being edited without a mark and gives the terminal back.
void line_editor_put_aside(void);

/// The line being edited, or the one entered last; valid until the next call.
const char *line_editor_text(void);

/// Draws the line, or the one entered last, with the colors of so many of its bytes: of each the number that selects it, or 0.
void line_editor_paint(const unsigned char *styles, int count);

/// Moves below a line that was entered and painted.
void line_editor_finish(void);

/// The place of the cursor in the line, in bytes.
int line_editor_cursor(void);

/// Replaces the bytes from `start` up to the cursor.
void line_editor_replace(int start, const char *text);

/// Moves below the line, so that something can be written there.
void line_editor_leave_line(void);

/// Shows the prompt and the line again after something was written.
void line_editor_show_line(void);

/// Waits for a key; true for y, Y, the space bar and Tab. A signal counts as another key.
bool line_editor_agrees(void);

/// Has the terminal show nothing that is typed, until `line_editor_show_typing` or the end of the program; false where the input is
/// no terminal.
bool line_editor_hush(void);

/// Has the terminal show what is typed again; safe in a signal handler.
void line_editor_show_typing(void);

/// Adds an entry, of one line or several, to what the arrow keys recall.
void line_editor_remember(const char *entry);

/// The number of columns of the terminal.
int line_editor_columns(void);

#endif
