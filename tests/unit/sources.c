/* Sources that a test only compares, where core does not link them: weak, so
 * that core's own win wherever both are. */
#define SOURCE(name) \
    __attribute__((weak)) extern const char name[1]; \
    const char name[1] = ""

SOURCE(cilp_creds_imds);
SOURCE(cilp_creds_container);
SOURCE(cilp_creds_web_identity);
SOURCE(cilp_creds_assume_role);
SOURCE(cilp_creds_sso);
SOURCE(cilp_creds_json);
