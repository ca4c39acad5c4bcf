#define LANES 4
#define BLOCK_ROWS 4
#define TABLE pb_table_portable
#define TABLE_NAME "portable"
#include "../body.h"
