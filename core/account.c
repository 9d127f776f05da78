#include "core/account.h"

#include <stddef.h>

#include "core/text.h"

/* see account.h */
bool cilp_is_account(const char *s)
{
    size_t n = 0;

    while (s && n < CILP_ACCOUNT_LEN && cilp_text_is_digit(s[n]))
        n++;
    return n == CILP_ACCOUNT_LEN && s[n] == '\0';
}
