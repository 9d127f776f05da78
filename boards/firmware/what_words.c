#include "boards/firmware/report.h"
#include "boards/firmware/say.h"

/* see report.h */
void report_what(enum cilp_what what)
{
    say(cilp_what_text(what));
}
