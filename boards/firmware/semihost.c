#include "boards/firmware/semihost.h"

#include <string.h>

#include "boards/firmware/board.h"

#define SYS_OPEN          0x01
#define SYS_CLOSE         0x02
#define SYS_READ          0x06
#define SYS_GET_CMDLINE   0x15
#define SYS_EXIT_EXTENDED 0x20
#define OPEN_RB           1
#define APPLICATION_EXIT  0x20026u

static uint32_t word(const void *p)
{
    return (uint32_t)(uintptr_t)p;
}

/* see semihost.h */
_Noreturn void semihost_exit(int status)
{
    uint32_t block[2] = {APPLICATION_EXIT, (uint32_t)status};

    for (;;)
        board_semihost(SYS_EXIT_EXTENDED, block);
}

/* see semihost.h */
bool semihost_arguments(char *line, size_t cap)
{
    uint32_t block[2] = {word(line), (uint32_t)cap};

    line[0] = '\0';
    return board_semihost(SYS_GET_CMDLINE, block) == 0;
}

/* see semihost.h */
int semihost_open(const char *path)
{
    uint32_t block[3] = {word(path), OPEN_RB, (uint32_t)strlen(path)};

    return (int)board_semihost(SYS_OPEN, block);
}

/* see semihost.h. It answers how many bytes were not read. */
size_t semihost_read(int file, void *p, size_t n)
{
    uint32_t block[3] = {(uint32_t)file, word(p), (uint32_t)n};
    size_t left = (size_t)board_semihost(SYS_READ, block);

    return left <= n ? n - left : 0;
}

/* see semihost.h */
void semihost_close(int file)
{
    uint32_t block[1] = {(uint32_t)file};

    board_semihost(SYS_CLOSE, block);
}
