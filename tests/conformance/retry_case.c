/*
 * retry_case.c - plays one case of the public retry tables to core/retry.c.
 *
 * stdin, a line each: "quota N", "max N", then one "reply STATUS CODE|-
 * AFTER_MS|-1" for every response. The jitter is 1.0.
 * stdout, a line for each reply: "OUTCOME QUOTA DELAY_MS".
 */
#include <stdio.h>
#include <string.h>

#include "core/retry.h"

int main(void)
{
    struct cilp_retry retry;
    unsigned max = 3, quota, status;
    uint8_t attempt = 0;
    int after;
    char line[256], code[128];

    cilp_retry_init(&retry);
    while (fgets(line, sizeof line, stdin)) {
        enum cilp_retry_class class;
        uint32_t delay = 0;

        if (sscanf(line, "quota %u", &quota) == 1)
            retry.quota = (uint16_t)quota;
        if (sscanf(line, "max %u", &max) == 1 ||
            sscanf(line, "reply %u %127s %d", &status, code, &after) != 3)
            continue;
        attempt++;
        class = cilp_retry_classify(cilp_code_means(
            (uint16_t)status, strcmp(code, "-") ? code : "", ""));
        if (status < 300) {
            cilp_retry_succeeded(&retry);
            printf("success %u 0\n", retry.quota);
            attempt = 0;
        } else if (cilp_retry_ask(&retry, class, attempt, (uint8_t)max, after,
                                  CILP_RETRY_ONE, &delay)) {
            printf("retry_request %u %u\n", retry.quota, (unsigned)delay);
        } else {
            printf("%s %u 0\n",
                   attempt >= max ? "max_attempts_exceeded"
                                  : "retry_quota_exceeded",
                   retry.quota);
        }
    }
    return 0;
}
