/// Calls of the C library that its Swift module leaves out because they are GNU extensions.

/// rename with flags; RENAME_EXCHANGE makes two names trade places in one step.
int renameat2(int old_folder, const char *old_path, int new_folder, const char *new_path, unsigned int flags);

static const unsigned int pb_rename_exchange = 2;
