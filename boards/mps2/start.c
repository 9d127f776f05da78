/* Reset, vectors, SysTick, faults. */
#include "boards/firmware/board.h"
#include "boards/firmware/say.h"
#include "boards/firmware/semihost.h"
#include "boards/firmware/task.h"
#include "boards/mps2/mps2.h"

#define SYST_CSR 0xE000E010u
#define SYST_RVR 0xE000E014u
#define SYST_CVR 0xE000E018u
#define ICSR     0xE000ED04u /* bit 26: SysTick is pending */
#define CFSR     0xE000ED28u /* why a fault came; bit 15: BFAR is of it */
#define BFAR     0xE000ED38u
#define RELOAD   (MPS2_HZ / 1000 - 1)

#define WATCHDOG_LOAD    0x00
#define WATCHDOG_CONTROL 0x08
#define WATCHDOG_CLEAR   0x0C
#define WATCHDOG_ON      3u

#define UART_DATA   0x00
#define UART_STATE  0x04
#define UART_CTRL   0x08
#define UART_BAUD   0x10
#define UART_TXFULL 1u
#define UART_TXEN   1u

extern uint32_t image_stack_end[]; /* of mps2.ld */

int main(void);
_Noreturn void reset(void);

static volatile uint32_t ticks;
static volatile bool woken;

/* ---- Time and sleep ----------------------------------------------------- */

static void systick(void)
{
    ticks++;
    task_tick();
}

uint32_t board_ms(void)
{
    return ticks;
}

/* SysTick counts down. With interrupts masked it may have begun anew without
 * `ticks` knowing. */
uint64_t board_cycles(void)
{
    uint32_t ms, left;
    bool pending;

    __asm__ volatile("cpsid i" ::: "memory");
    left = MPS2_REG(SYST_CVR);
    pending = (MPS2_REG(ICSR) & (1u << 26)) != 0;
    if (pending)
        left = MPS2_REG(SYST_CVR);
    ms = ticks + pending;
    __asm__ volatile("cpsie i" ::: "memory");
    return mps2_cycles_at(ms, left);
}

uint32_t board_us(uint64_t cycles)
{
    /* To 171 seconds: libgcc's division of 64 bits would be half a kilobyte. */
    return (uint32_t)(cycles < UINT32_MAX ? cycles : UINT32_MAX) /
           (MPS2_HZ / 1000000);
}

void mps2_wake(void)
{
    woken = true;
}

/* wfi ends at a pending interrupt even while they are masked, so that none is
 * lost between the look and the sleep. */
void board_idle(void)
{
    __asm__ volatile("cpsid i" ::: "memory");
    if (!woken)
        __asm__ volatile("wfi" ::: "memory");
    woken = false;
    __asm__ volatile("cpsie i" ::: "memory");
}

bool board_in_interrupt(void)
{
    uint32_t ipsr;

    __asm__ volatile("mrs %0, ipsr" : "=r"(ipsr));
    return ipsr != 0;
}

/* ---- UART, lights, debugger --------------------------------------------- */

void board_putc(char c)
{
    while (MPS2_REG(MPS2_UART0 + UART_STATE) & UART_TXFULL)
        ;
    MPS2_REG(MPS2_UART0 + UART_DATA) = (uint8_t)c;
}

void board_light(bool is_on)
{
    MPS2_REG(MPS2_LEDS) = is_on;
}

intptr_t board_semihost(int operation, const void *block)
{
    register intptr_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = block;

    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

/* ---- Watchdog ----------------------------------------------------------- */

void board_watchdog(uint32_t ms)
{
    MPS2_REG(MPS2_WATCHDOG + WATCHDOG_LOAD) = ms * (MPS2_HZ / 1000);
    MPS2_REG(MPS2_WATCHDOG + WATCHDOG_CONTROL) = WATCHDOG_ON;
}

void board_kick(void)
{
    MPS2_REG(MPS2_WATCHDOG + WATCHDOG_CLEAR) = 1;
}

static void watchdog(void)
{
    board_panic("watchdog: the main loop has stood still for too long");
}

/* ---- Faults ------------------------------------------------------------- */

static void fault(void)
{
    uint32_t why = MPS2_REG(CFSR);

    say("\nfault: CFSR ");
    say_hex(why);
    if (why & (1u << 15)) {
        say(", at ");
        say_hex(MPS2_REG(BFAR));
    }
    board_panic("processor fault (right below RAM: a stack overflow)");
}

/* see mps2.h */
__attribute__((weak, alias("fault"))) void mps2_switch(void);

/* ---- Reset -------------------------------------------------------------- */

_Noreturn void reset(void)
{
    board_begin();
    MPS2_REG(MPS2_UART0 + UART_BAUD) = 16; /* the least it takes */
    MPS2_REG(MPS2_UART0 + UART_CTRL) = UART_TXEN;
    MPS2_REG(SYST_RVR) = RELOAD;
    MPS2_REG(SYST_CVR) = 0;
    MPS2_REG(SYST_CSR) = 7; /* processor clock, interrupt, on */
    semihost_exit(main());
}

/* clang-format off */
__attribute__((section(".vectors"), used))
static const struct {
    uint32_t *stack;
    void (*handlers[15 + MPS2_IRQS])(void);
} vectors = {image_stack_end, {
    reset, watchdog, fault, fault, fault, fault, NULL, NULL, NULL, NULL,
    fault, fault, NULL, mps2_switch, systick,
    [15 + MPS2_IRQ_ETHERNET] = lan9118_interrupt,
}};
/* clang-format on */
