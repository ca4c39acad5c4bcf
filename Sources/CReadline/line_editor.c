#define _GNU_SOURCE
#include "line_editor.h"
#include "line_display.h"

#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

static char *entered;
static sigset_t usual_signals;
// Whether the line is drawn here with colors, and whether it must be drawn again.
static bool paints, must_draw;
static bool is_closed, is_canceled, asks_completion, asks_suspension, is_continuation, asks_block;

// Signals are let in only while waiting for a key, so that none can come between a look at a flag and the wait.
static void hold_signals(void) {
  sigset_t all;
  sigfillset(&all);
  // Those that tell of a fault are never held.
  const int faults[] = {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV};
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) sigdelset(&all, faults[i]);
  pthread_sigmask(SIG_BLOCK, &all, &usual_signals);
}

// A Ctrl-C that came before it was a key found its work done already; released later it would stop the next line.
static void drop_late_interrupt(void) {
  sigset_t interrupt;
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGINT);
  const struct timespec at_once = {0};
  while (sigtimedwait(&interrupt, NULL, &at_once) == SIGINT) {}
}

static void note_display(void) { must_draw = true; }

static const char *entered_line(void) { return entered != NULL ? entered : rl_line_buffer; }

static void draw(void) {
  must_draw = false;
  const char *line = entered_line();
  int length = entered != NULL ? (int)strlen(line) : rl_end;
  line_display_draw(line, length, entered != NULL ? length : rl_point);
}

// Draws the line now, where readline does not.
static void redisplay(void) {
  if (paints) draw(); else rl_redisplay();
}

static void release_signals(void) { pthread_sigmask(SIG_SETMASK, &usual_signals, NULL); }

static void end_line(void) {
  rl_callback_handler_remove();
  release_signals();
}

static void take_line(char *line) {
  end_line();
  free(entered);
  entered = line;
  is_closed = line == NULL;
}

static int cancel(int count, int key) { (void)count, (void)key; is_canceled = true; return 0; }
static int ask_completion(int count, int key) { (void)count, (void)key; asks_completion = true; return 0; }
static int ask_suspension(int count, int key) { (void)count, (void)key; asks_suspension = true; return 0; }

static int line_start(int place) {
  while (place > 0 && rl_line_buffer[place - 1] != '\n') place--;
  return place;
}

static int line_end(int place) {
  while (place < rl_end && rl_line_buffer[place] != '\n') place++;
  return place;
}

static bool continues_character(int place) { return (rl_line_buffer[place] & 0xC0) == 0x80; }

// Puts the cursor as many characters behind `start` as it is now behind `from`, but not beyond the end of that line.
static void go_to_line(int from, int start) {
  int characters = 0;
  for (int i = from; i < rl_point; i++) characters += !continues_character(i);
  int end = line_end(start), place = start;
  while (place < end && (characters > 0 || continues_character(place))) characters -= !continues_character(place++);
  rl_point = place;
}

// The arrow keys move between the lines of a block, and from its first and last one through the history.
static int move_up(int count, int key) {
  int start = line_start(rl_point);
  if (start > 0) {
    go_to_line(start, line_start(start - 1));
    return 0;
  }
  if (is_continuation && where_history() == history_length) {
    asks_block = true;
    return 0;
  }
  return rl_get_previous_history(count, key);
}

static int move_down(int count, int key) {
  int end = line_end(rl_point);
  if (end == rl_end) return rl_get_next_history(count, key);
  go_to_line(line_start(rl_point), end + 1);
  return 0;
}

// Answers of a terminal to what another program asked come as keys; all bytes up to their end are dropped.
static int skip_answer(int count, int key) {
  (void)count;
  bool is_string = key != '?', was_escape = false;
  for (int i = 0; i < 65536; i++) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    if (poll(&input, 1, 50) <= 0) break;
    unsigned char byte;
    if (read(STDIN_FILENO, &byte, 1) != 1) break;
    if (is_string ? byte == 7 || (was_escape && byte == '\\') : byte >= 0x40 && byte < 0x7F) break;
    was_escape = byte == 033;
  }
  return 0;
}

static int clear_screen(int count, int key) {
  (void)count, (void)key;
  fputs("\033[H\033[2J", rl_outstream);
  line_display_forget();
  must_draw = true;
  return 0;
}

static int insert_line_end(int count, int key) { (void)count, (void)key; rl_insert_text("\n"); return 0; }

// Ctrl-C and Ctrl-Z come as keys while a line is edited, so that no signal can fall between two looks at a flag.
static void prepare_terminal(int meta) {
  rl_prep_terminal(meta);
  struct termios settings;
  if (tcgetattr(STDIN_FILENO, &settings) != 0) return;
  settings.c_cc[VINTR] = _POSIX_VDISABLE;
  settings.c_cc[VSUSP] = _POSIX_VDISABLE;
  tcsetattr(STDIN_FILENO, TCSADRAIN, &settings);
}

// A key that the user has given another meaning keeps it.
static void rebind(const char *keys, rl_command_func_t *usual, rl_command_func_t *ours, Keymap map) {
  if (rl_function_of_keyseq(keys, map, NULL) == usual) rl_bind_keyseq_in_map(keys, ours, map);
}

static void bind_keys(void) {
  Keymap maps[] = {emacs_standard_keymap, vi_insertion_keymap, vi_movement_keymap};
  for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
    rl_bind_key_in_map('C' & 0x1f, cancel, maps[i]);
    rl_bind_key_in_map('Z' & 0x1f, ask_suspension, maps[i]);
    rl_bind_key_in_map('\t', ask_completion, maps[i]);
    if (maps[i] != vi_movement_keymap) {
      rl_bind_keyseq_in_map("\033_", skip_answer, maps[i]);
      rl_bind_keyseq_in_map("\033P", skip_answer, maps[i]);
      rl_bind_keyseq_in_map("\033]", skip_answer, maps[i]);
      rl_bind_keyseq_in_map("\033[?", skip_answer, maps[i]);
    }
    rebind("\033[A", rl_get_previous_history, move_up, maps[i]);
    rebind("\033OA", rl_get_previous_history, move_up, maps[i]);
    rebind("\033[B", rl_get_next_history, move_down, maps[i]);
    rebind("\033OB", rl_get_next_history, move_down, maps[i]);
  }
  if (paints) rebind("\014", rl_clear_screen, clear_screen, emacs_standard_keymap);
  rebind("\020", rl_get_previous_history, move_up, emacs_standard_keymap);
  rebind("\016", rl_get_next_history, move_down, emacs_standard_keymap);
  rebind("\033\r", rl_vi_editing_mode, insert_line_end, emacs_standard_keymap);
}

void line_editor_open(const char *program, int history_size, bool to_stderr, bool with_colors) {
  paints = with_colors;
  rl_readline_name = program;
  rl_instream = stdin;
  rl_outstream = to_stderr ? stderr : stdout;
  rl_catch_signals = 0;
  rl_catch_sigwinch = 0;
  rl_change_environment = 0;
  rl_prep_term_function = prepare_terminal;
  // Without any locale everything that is not ASCII would be shown as bytes.
  const char *locale = setlocale(LC_CTYPE, "");
  if (locale == NULL || strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0) setenv("LC_CTYPE", "C.UTF-8", 1);
  using_history();
  stifle_history(history_size);
  rl_initialize();
  // Readline takes pastes as keys when others draw before it has begun.
  if (paints) rl_redisplay_function = note_display;
  bind_keys();
}

void line_editor_begin(const char *prompt, const char *text, int cursor, bool continues) {
  is_closed = is_canceled = asks_completion = asks_suspension = asks_block = false;
  is_continuation = continues;
  free(entered);
  entered = NULL;
  line_display_forget();
  hold_signals();
  rl_callback_handler_install(prompt, take_line);
  drop_late_interrupt();
  if (*text == '\0') return;
  rl_insert_text(text);
  rl_point = cursor;
  if (paints) must_draw = true; else rl_redisplay();
}

static void suspend(void) {
  line_editor_leave_line();
  rl_deprep_terminal();
  release_signals();
  kill(0, SIGTSTP);
  hold_signals();
  prepare_terminal(1);
  line_editor_show_line();
}

bool line_editor_has_input(void) {
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  return poll(&input, 1, 0) != 0;
}

line_event line_editor_wait(void) {
  for (;;) {
    // What was typed faster than it could be drawn is drawn once.
    if (must_draw && !line_editor_has_input()) return LINE_DRAWING;
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    if (ppoll(&input, 1, NULL, &usual_signals) < 0) {
      rl_resize_terminal();
      return LINE_SIGNAL;
    }
    rl_callback_read_char();
    if (is_closed) return LINE_CLOSED;
    if (entered != NULL) return LINE_ENTERED;
    if (is_canceled) {
      line_editor_abandon();
      return LINE_CANCELED;
    }
    if (asks_block) return LINE_BLOCK;
    if (asks_completion) {
      asks_completion = false;
      return LINE_TAB;
    }
    if (asks_suspension) {
      asks_suspension = false;
      suspend();
    }
  }
}

// Giving the terminal back moves to the start of the line, so the line must be over by then.
static void end_unfinished_line(const char *mark) {
  rl_point = rl_end;
  redisplay();
  fputs(mark, rl_outstream);
  rl_crlf();
  rl_replace_line("", 1);
  end_line();
}

void line_editor_abandon(void) { end_unfinished_line("^C"); }

void line_editor_put_aside(void) { end_unfinished_line(""); }

const char *line_editor_text(void) { return entered_line(); }

void line_editor_paint(const unsigned char *styles, int count) {
  if (!paints) return;
  line_display_style(styles, count);
  draw();
}

void line_editor_finish(void) { if (paints) line_display_leave(); }

int line_editor_cursor(void) { return rl_point; }

void line_editor_replace(int start, const char *text) {
  rl_begin_undo_group();
  rl_delete_text(start, rl_point);
  rl_point = start;
  rl_insert_text(text);
  rl_end_undo_group();
  if (paints) must_draw = true; else rl_redisplay();
}

void line_editor_leave_line(void) {
  int cursor = rl_point;
  rl_point = rl_end;
  redisplay();
  rl_point = cursor;
  if (paints) return line_display_leave();
  rl_crlf();
  fflush(rl_outstream);
}

void line_editor_show_line(void) {
  rl_on_new_line();
  redisplay();
}

bool line_editor_agrees(void) {
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  if (ppoll(&input, 1, NULL, &usual_signals) < 0) return false;
  int key = rl_read_key();
  return key == 'y' || key == 'Y' || key == ' ' || key == '\t';
}

static struct termios usual_terminal;
static volatile sig_atomic_t is_hushed;

void line_editor_show_typing(void) {
  if (!is_hushed) return;
  is_hushed = false;
  tcsetattr(STDIN_FILENO, TCSANOW, &usual_terminal);
}

bool line_editor_hush(void) {
  static bool is_registered;
  if (is_hushed || tcgetattr(STDIN_FILENO, &usual_terminal) != 0) return is_hushed;
  if (!is_registered) is_registered = atexit(line_editor_show_typing) == 0;
  struct termios silent = usual_terminal;
  silent.c_lflag &= ~(tcflag_t)ECHO;
  // Typed ahead, Ctrl-D is a key for the line that follows, not the end of what this program reads.
  silent.c_cc[VEOF] = _POSIX_VDISABLE;
  if (!is_registered || tcsetattr(STDIN_FILENO, TCSANOW, &silent) != 0) return false;
  is_hushed = true;
  return true;
}

void line_editor_remember(const char *entry) { add_history(entry); }

int line_editor_columns(void) {
  int lines, columns;
  line_display_screen(&lines, &columns);
  return columns;
}
