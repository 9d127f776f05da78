/* Memory as the linker script lays it out, and the end of a broken program. */
#include <string.h>

#include "boards/firmware/board.h"
#include "boards/firmware/say.h"
#include "boards/firmware/semihost.h"

#define PAINT 0xA5A5A5A5u
#define PANIC 70

/* From the linker script. */
extern uint32_t image_data_load[], image_data[], image_data_end[];
extern uint32_t image_bss[], image_bss_end[];
extern uint32_t image_stack[], image_stack_end[];

/* ---- Stack -------------------------------------------------------------- */

static void paint_stack(void)
{
    uint32_t *here = __builtin_frame_address(0);

    for (volatile uint32_t *p = image_stack; p < here - 16; p++)
        *p = PAINT;
}

/* see board.h */
size_t board_stack_size(void)
{
    return (size_t)((char *)image_stack_end - (char *)image_stack);
}

/* see board.h */
size_t board_stack_used(void)
{
    const uint32_t *p = image_stack;

    while (p < image_stack_end && *p == PAINT)
        p++;
    return (size_t)((const char *)image_stack_end - (const char *)p);
}

/* ---- Start and end ------------------------------------------------------ */

/* see board.h */
void board_begin(void)
{
    memcpy(image_data, image_data_load,
           (size_t)((char *)image_data_end - (char *)image_data));
    memset(image_bss, 0, (size_t)((char *)image_bss_end - (char *)image_bss));
    paint_stack();
}

/* see board.h */
_Noreturn void board_panic(const char *why)
{
    say("\npanic: ");
    say(why);
    say("\n");
    semihost_exit(PANIC);
}
