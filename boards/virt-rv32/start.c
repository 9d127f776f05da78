/* Reset, vectors, the clock, UART, faults. One core, in machine mode. */
#include "boards/firmware/board.h"
#include "boards/firmware/say.h"
#include "boards/firmware/semihost.h"
#include "boards/firmware/task.h"
#include "boards/virt-rv32/virt.h"

#define MTIME    0x0200BFF8u
#define MTIMECMP 0x02004000u
#define HZ       10000000u
#define PERIOD   (HZ / 1000)

#define PLIC_PRIORITY 0x0C000000u
#define PLIC_ENABLE   0x0C002000u
#define PLIC_LIMIT    0x0C200000u
#define PLIC_CLAIM    0x0C200004u

#define UART         0x10000000u /* an NS16550A */
#define UART_DATA    0
#define UART_STATE   5
#define UART_TXEMPTY 0x20u

#define MIE_TIMER    (1u << 7)
#define MIE_EXTERNAL (1u << 11)
#define PMP_FLASH    0x9Du /* locked; a power of two; readable, executable */
#define FLASH_ORIGIN 0x80000000u
#define FLASH_LENGTH 0x00400000u

#define CSR_READ(name, v)  __asm__ volatile("csrr %0, " #name : "=r"(v))
#define CSR_WRITE(name, v) __asm__ volatile("csrw " #name ", %0" ::"r"(v))

int main(void);
_Noreturn void reset(void);
_Noreturn void fault(void);
void timer_interrupt(void);
void external_interrupt(void);

static volatile uint32_t ticks, kicked, patience; /* 0: no watchdog */
static volatile bool woken, is_inside;

/* ---- Time and sleep ----------------------------------------------------- */

/* It may change between its halves. */
static uint64_t mtime(void)
{
    uint32_t high, low;

    do {
        high = VIRT_REG(MTIME + 4);
        low = VIRT_REG(MTIME);
    } while (high != VIRT_REG(MTIME + 4));
    return (uint64_t)high << 32 | low;
}

/* Never below what is there, on the way. */
static void set_alarm(uint64_t at)
{
    VIRT_REG(MTIMECMP + 4) = 0xFFFFFFFFu;
    VIRT_REG(MTIMECMP) = (uint32_t)at;
    VIRT_REG(MTIMECMP + 4) = (uint32_t)(at >> 32);
}

__attribute__((interrupt("machine"))) void timer_interrupt(void)
{
    static uint64_t next;

    is_inside = true;
    if (next == 0)
        next = mtime();
    next += PERIOD;
    ticks++;
    task_tick();
    set_alarm(next);
    if (patience && ticks - kicked > patience)
        board_panic("watchdog: the main loop has stood still for too long");
    is_inside = false;
}

uint32_t board_ms(void)
{
    return ticks;
}

uint64_t board_cycles(void)
{
    return mtime();
}

uint32_t board_us(uint64_t cycles)
{
    /* To 7 minutes: libgcc's division of 64 bits would be half a kilobyte. */
    return (uint32_t)(cycles < UINT32_MAX ? cycles : UINT32_MAX) /
           (HZ / 1000000);
}

/* This machine has no watchdog: the clock's interrupt stands for it. */
void board_watchdog(uint32_t ms)
{
    kicked = ticks;
    patience = ms;
}

void board_kick(void)
{
    kicked = ticks;
}

void virt_wake(void)
{
    woken = true;
}

/* wfi ends at a pending interrupt even while they are masked, so that none is
 * lost between the look and the sleep. */
void board_idle(void)
{
    __asm__ volatile("csrci mstatus, 8" ::: "memory");
    if (!woken)
        __asm__ volatile("wfi" ::: "memory");
    woken = false;
    __asm__ volatile("csrsi mstatus, 8" ::: "memory");
}

bool board_in_interrupt(void)
{
    return is_inside;
}

/* ---- Interrupts of devices ---------------------------------------------- */

void virt_listen(uint32_t number)
{
    VIRT_REG(PLIC_PRIORITY + 4 * number) = 1;
    VIRT_REG(PLIC_ENABLE) |= 1u << number;
}

__attribute__((interrupt("machine"))) void external_interrupt(void)
{
    uint32_t number = VIRT_REG(PLIC_CLAIM);

    is_inside = true;
    virtio_net_interrupt();
    VIRT_REG(PLIC_CLAIM) = number;
    is_inside = false;
}

/* ---- UART, light, debugger ---------------------------------------------- */

static volatile uint8_t *uart(uint32_t offset)
{
    return (volatile uint8_t *)(UART + offset);
}

void board_putc(char c)
{
    while (!(*uart(UART_STATE) & UART_TXEMPTY))
        ;
    *uart(UART_DATA) = (uint8_t)c;
}

/* This machine has none: the dot that is said is all. */
void board_light(bool is_on)
{
    (void)is_on;
}

/* The three instructions are one sign, and lie in one page, uncompressed. */
intptr_t board_semihost(int operation, const void *block)
{
    register intptr_t a0 __asm__("a0") = operation;
    register const void *a1 __asm__("a1") = block;

    __asm__ volatile(".option push\n"
                     ".option norvc\n"
                     ".balign 16\n"
                     "slli zero, zero, 0x1f\n"
                     "ebreak\n"
                     "srai zero, zero, 7\n"
                     ".option pop"
                     : "+r"(a0)
                     : "r"(a1)
                     : "memory");
    return a0;
}

/* ---- Faults ------------------------------------------------------------- */

/* By mcause. */
static const char *const causes[] = {
    "an instruction that is not aligned",
    "no instructions there",
    "an unknown instruction",
    "a breakpoint",
    "a read that is not aligned",
    "a read of what is not there",
    "a write that is not aligned",
    "a write to what is not there, or is flash: a stack overflow?",
};

/* On the stack's beginning, whatever was on it: there is no way back. */
_Noreturn void fault(void)
{
    uint32_t cause, at, value;

    CSR_READ(mcause, cause);
    CSR_READ(mepc, at);
    CSR_READ(mtval, value);
    say("\nfault: ");
    say(cause < sizeof causes / sizeof causes[0] ? causes[cause] : "unknown");
    say(" (mcause ");
    say_hex(cause);
    say("), before ");
    say_hex(at);
    say(", of ");
    say_hex(value);
    board_panic("processor fault");
}

/* One word an interrupt, and the first for all faults. */
__attribute__((naked, aligned(64), section(".text.traps"))) static void traps(
    void)
{
    __asm__ volatile(".option push\n"
                     ".option norvc\n"
                     "j broken\n"
                     ".rept 6\n"
                     "j broken\n"
                     ".endr\n"
                     "j timer_interrupt\n"
                     ".rept 3\n"
                     "j broken\n"
                     ".endr\n"
                     "j external_interrupt\n"
                     ".option pop\n"
                     "broken:\n"
                     "la sp, image_stack_end\n"
                     "j fault");
}

/* ---- Reset -------------------------------------------------------------- */

static void protect_flash(void)
{
    CSR_WRITE(pmpaddr0, FLASH_ORIGIN >> 2 | (FLASH_LENGTH / 2 - 1) >> 2);
    CSR_WRITE(pmpcfg0, PMP_FLASH);
}

/* After _start. */
_Noreturn void reset(void)
{
    CSR_WRITE(mtvec, (uint32_t)(uintptr_t)traps | 1u); /* a table */
    protect_flash();
    board_begin();
    VIRT_REG(PLIC_LIMIT) = 0;
    set_alarm(mtime());
    CSR_WRITE(mie, MIE_TIMER | MIE_EXTERNAL);
    __asm__ volatile("csrsi mstatus, 8" ::: "memory");
    semihost_exit(main());
}

/* Where QEMU begins: the first word of memory. */
__attribute__((naked, used, section(".vectors"))) void _start(void);
void _start(void)
{
    __asm__ volatile(".option push\n"
                     ".option norelax\n"
                     "la gp, __global_pointer$\n"
                     ".option pop\n"
                     "la sp, image_stack_end\n"
                     "j reset");
}
