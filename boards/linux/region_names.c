#include "boards/linux/region_names.h"

#include <string.h>

#include "core/cilp_config.h"

/* One byte more: what is too long is not cut to another name. */
static char names[REGIONS_MAX][CILP_REGION_MAX + 2];
static uint32_t n_names;

/* see region_names.h */
const char *region_names_find(const char *name)
{
    for (uint32_t i = 0; i < n_names; i++)
        if (strcmp(names[i], name) == 0)
            return names[i];
    return NULL;
}

/* see region_names.h */
const char *region_names_keep(const char *name)
{
    const char *found = region_names_find(name);

    if (found || n_names == REGIONS_MAX)
        return found;
    strncpy(names[n_names], name, sizeof names[0] - 1);
    return names[n_names++];
}

/* see region_names.h */
uint32_t region_names_count(void)
{
    return n_names;
}

/* see region_names.h */
const char *region_names_at(uint32_t i)
{
    return names[i];
}
