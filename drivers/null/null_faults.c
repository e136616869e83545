#include "drivers/null/null.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

static const uint64_t LIE_NS = 1000000000;

int null_fault_read(struct null_fault *out, const char *runtime,
                    const struct td_fields *setup, struct td_err *err)
{
    const char *kind = td_fields_get(setup, "p.fault");
    const char *only = td_fields_get(setup, "p.fault_runtime");
    const char *invocation = td_fields_get(setup, "invocation");
    const char *wanted = td_fields_get(setup, "p.fault_invocation");
    if (!kind || !strcmp(kind, "none") || (only && strcmp(only, runtime)) ||
        (wanted && (!invocation || strcmp(wanted, invocation))))
        return 0;
    out->kind = td_xstrdup(kind);
    return td_fields_u64(setup, "p.fault_batch", 1, &out->batch, err);
}

bool null_fault_is(const struct null_fault *fault, uint64_t batch,
                   const char *kind)
{
    return fault->kind && fault->batch == batch && !strcmp(fault->kind, kind);
}

static void say(int fd, const char *text)
{
    (void)!write(fd, text, strlen(text));
}

static void hang(void)
{
    for (;;)
        pause();
}

static void flood(void)
{
    char block[4096];
    memset(block, 'x', sizeof block);
    block[sizeof block - 1] = '\n';
    while (write(1, block, sizeof block) > 0)
        ;
}

/* A limit of its own, so that the machine's memory stays out of it. */
static void exhaust_memory(void)
{
    const struct rlimit limit = {512u << 20, 512u << 20};
    const size_t step = 64u << 20;
    void *p;
    setrlimit(RLIMIT_AS, &limit);
    do
        p = mmap(NULL, step, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    while (p != MAP_FAILED);
    say(2, "tandem-null: out of memory\n");
    abort();
}

/* Two children that outlive their parent: one stays in its process group,
 * one leaves it. */
static void leave_children(void)
{
    for (int i = 0; i < 2; i++)
        if (fork() == 0) {
            if (i)
                setsid();
            hang();
        }
}

void null_fault_act(const struct null_fault *fault, uint64_t batch, int control)
{
    const char *kind = fault->kind;
    if (!kind || fault->batch != batch)
        return;
    if (!strcmp(kind, "crash")) {
        say(2, "tandem-null: these are my last words\n");
        abort();
    } else if (!strcmp(kind, "kill")) {
        kill(getpid(), SIGKILL);
    } else if (!strcmp(kind, "exit")) {
        exit(3);
    } else if (!strcmp(kind, "hang")) {
        hang();
    } else if (!strcmp(kind, "flood")) {
        flood();
    } else if (!strcmp(kind, "oom")) {
        exhaust_memory();
    } else if (!strcmp(kind, "orphan")) {
        leave_children();
    } else if (!strcmp(kind, "mute")) {
        close(control);
        hang();
    } else if (!strcmp(kind, "garbage")) {
        (void)!write(control, "\x00\x01\xfe\xff not a line\x7f", 16);
        hang();
    } else if (!strcmp(kind, "nonsense")) {
        say(control, "Hello, world!\n");
        hang();
    } else if (!strcmp(kind, "endless")) {
        for (;;)
            say(control, "on-and-on-and-on-and-on-and-on-and-on-and-on");
    } else if (!strcmp(kind, "error")) {
        say(control, "error message=Traceback%20(most%20recent%20call%20last)"
                     "%3A%0A%20%20line%201%0AValueError%3A%20no%20luck%0A\n");
    }
}

void null_fault_lie(const struct null_fault *fault, uint64_t batch,
                    struct td_interval *at, uint64_t count)
{
    if (!count)
        return;
    if (null_fault_is(fault, batch, "early"))
        at[0].start_ns -= LIE_NS;
    if (null_fault_is(fault, batch, "late"))
        at[count - 1].end_ns += LIE_NS;
    if (null_fault_is(fault, batch, "backwards"))
        at[0].end_ns = at[0].start_ns - 1;
    if (null_fault_is(fault, batch, "overlap") && count > 1)
        at[1].start_ns = at[0].end_ns - 1;
    if (null_fault_is(fault, batch, "extra"))
        at[count] = at[count - 1];
    if (null_fault_is(fault, batch, "absent"))
        memset(&at[count - 1], 0, sizeof *at);
}
