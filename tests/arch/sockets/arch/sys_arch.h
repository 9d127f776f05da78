/* What lwIP asks of an RTOS. */
#ifndef TEST_SOCKETS_SYS_ARCH_H
#define TEST_SOCKETS_SYS_ARCH_H

typedef void *sys_sem_t;
typedef void *sys_mutex_t;
typedef void *sys_mbox_t;
typedef void *sys_thread_t;
typedef unsigned sys_prot_t;

#endif
