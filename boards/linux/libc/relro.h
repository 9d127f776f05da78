/* relro.h - makes read-only what was relocated at the start. First thing in main(). */
#ifndef LINUX_RELRO_H
#define LINUX_RELRO_H

void relro_apply(void);

#endif
