#include "core/account.h"

#include <stddef.h>

/* see account.h */
bool cilp_is_account(const char *s)
{
    size_t n = 0;

    while (s && n < CILP_ACCOUNT_LEN && s[n] >= '0' && s[n] <= '9')
        n++;
    return n == CILP_ACCOUNT_LEN && s[n] == '\0';
}
