#include "port/port.h"

/* see port.h. Weak: a program's own comes before it, also where each source is
 * linked for itself. */
__attribute__((weak)) void cilp_port_tick(void)
{
}
