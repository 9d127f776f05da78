#include "boards/firmware/report.h"
#include "boards/firmware/say.h"

/* see report.h */
void report_what(enum cilp_what what)
{
    say("check ");
    say_uint((uint32_t)what);
    say(" of core/what.h");
}
