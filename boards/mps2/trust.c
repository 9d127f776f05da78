#include "boards/mps2/trust.h"

/* see trust.h */
struct trust *board_trust(const char *anchor)
{
    static struct trust roots;

    if (anchor)
        return NULL; /* an image for use takes none from outside */
    trust_init_roots(&roots);
    return &roots;
}
