/* Reset, vectors, SysTick, faults. */
#include <string.h>

#include "boards/mps2/mps2.h"
#include "boards/mps2/say.h"
#include "boards/mps2/semihost.h"

#define SYST_CSR 0xE000E010u
#define SYST_RVR 0xE000E014u
#define SYST_CVR 0xE000E018u
#define ICSR     0xE000ED04u /* bit 26: SysTick is pending */
#define CFSR     0xE000ED28u /* why a fault came */
#define RELOAD   (MPS2_HZ / 1000 - 1)

#define PAINT       0xA5A5A5A5u
#define PANIC       70
#define UART_DATA   0x00
#define UART_STATE  0x04
#define UART_CTRL   0x08
#define UART_BAUD   0x10
#define UART_TXFULL 1u
#define UART_TXEN   1u

/* From mps2.ld. */
extern uint32_t image_data_load[], image_data[], image_data_end[];
extern uint32_t image_bss[], image_bss_end[];
extern uint32_t image_stack[], image_stack_end[];

int main(void);
_Noreturn void reset(void);

static volatile uint32_t ticks;
static volatile bool woken;

/* ---- Time and sleep ----------------------------------------------------- */

static void systick(void)
{
    ticks++;
}

uint32_t mps2_ms(void)
{
    return ticks;
}

/* SysTick counts down. With interrupts masked it may have begun anew without
 * `ticks` knowing. */
uint64_t mps2_cycles(void)
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

void mps2_wake(void)
{
    woken = true;
}

/* wfi ends at a pending interrupt even while they are masked, so that none is
 * lost between the look and the sleep. */
void mps2_idle(void)
{
    __asm__ volatile("cpsid i" ::: "memory");
    if (!woken)
        __asm__ volatile("wfi" ::: "memory");
    woken = false;
    __asm__ volatile("cpsie i" ::: "memory");
}

bool mps2_in_interrupt(void)
{
    uint32_t ipsr;

    __asm__ volatile("mrs %0, ipsr" : "=r"(ipsr));
    return ipsr != 0;
}

/* ---- UART --------------------------------------------------------------- */

void mps2_putc(char c)
{
    while (MPS2_REG(MPS2_UART0 + UART_STATE) & UART_TXFULL)
        ;
    MPS2_REG(MPS2_UART0 + UART_DATA) = (uint8_t)c;
}

/* ---- Stack -------------------------------------------------------------- */

static void paint_stack(void)
{
    uint32_t *here = __builtin_frame_address(0);

    for (volatile uint32_t *p = image_stack; p < here - 16; p++)
        *p = PAINT;
}

size_t mps2_stack_size(void)
{
    return (size_t)((char *)image_stack_end - (char *)image_stack);
}

size_t mps2_stack_used(void)
{
    const uint32_t *p = image_stack;

    while (p < image_stack_end && *p == PAINT)
        p++;
    return (size_t)((const char *)image_stack_end - (const char *)p);
}

/* ---- Ends --------------------------------------------------------------- */

_Noreturn void mps2_panic(const char *why)
{
    say("\npanic: ");
    say(why);
    say("\n");
    semihost_exit(PANIC);
}

static void fault(void)
{
    say("\nfault: CFSR ");
    say_hex(MPS2_REG(CFSR));
    mps2_panic("processor fault (a stack overflow is a write below RAM)");
}

/* ---- Reset -------------------------------------------------------------- */

_Noreturn void reset(void)
{
    memcpy(image_data, image_data_load,
           (size_t)((char *)image_data_end - (char *)image_data));
    memset(image_bss, 0, (size_t)((char *)image_bss_end - (char *)image_bss));
    paint_stack();
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
    reset, fault, fault, fault, fault, fault, NULL, NULL, NULL, NULL,
    fault, fault, NULL, fault, systick,
    [15 + MPS2_IRQ_ETHERNET] = lan9118_interrupt,
}};
/* clang-format on */
