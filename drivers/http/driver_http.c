#include "drivers/http/http.h"

#include "drivers/program/program.h"
#include "plan/server_load.h"

#include <arpa/inet.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The kernel's own range begins at 32768 where nobody has changed it. */
enum { FIRST_PORT = 18000, LAST_PORT = 32000, STEP = 7 };

/* Stays in argv until the port is known. */
#define LATER "{port}"
#define SCRATCH "{scratch}"

/* What {name} stands for in an entry and in a command. */
static void known_names(const struct td_case_spec *spec,
                        const struct td_fields *params, unsigned cores,
                        struct td_fields *out)
{
    td_fields_copy(out, params);
    td_fields_set(out, "workload", spec->workload->name);
    td_fields_set(out, "implementation", spec->implementation->name);
    td_fields_setf(out, "cores", "%u", cores);
    td_fields_set(out, "port", LATER);
}

int td_http_prepare(const struct td_context *context,
                    const struct td_case_spec *spec,
                    const struct td_fields *params, unsigned cores,
                    struct td_launch *out, json_t *hashes, struct td_err *err)
{
    struct td_fields names = TD_FIELDS_INIT;
    int rc;
    if (!spec->runtime->driver->prepare_program)
        return td_err_set(err, TD_EINPUT, "runtime %s runs no servers",
                          spec->runtime->name);
    known_names(spec, params, cores, &names);
    rc = td_program_prepare(context, spec, &names, out, hashes, err);
    td_fields_release(&names);
    return rc;
}

static void add_argv(const struct td_strings *words, uint16_t port,
                     struct td_strings *argv)
{
    char *number = td_xasprintf("%u", port);
    for (size_t i = 0; i < words->count; i++) {
        char *word = td_program_replace(words->at[i], LATER, number);
        td_strings_add(argv, word);
        free(word);
    }
    free(number);
}

static void add_parameters(const struct td_fields *params, uint16_t port,
                           const char *scratch, struct td_fields *env)
{
    char *number = td_xasprintf("%u", port);
    for (size_t i = 0; i < params->count; i++) {
        char *name, *with_port, *value;
        if (td_server_load_has(params->at[i].name))
            continue;
        name = td_xasprintf("TANDEM_P_%s", params->at[i].name);
        with_port = td_program_replace(params->at[i].value, LATER, number);
        value = td_program_replace(with_port, SCRATCH, scratch);
        td_fields_set(env, name, value);
        free(value);
        free(with_port);
        free(name);
    }
    free(number);
}

void td_http_launch(const struct td_launch *prepared,
                    const struct td_fields *params, uint16_t port,
                    const char *scratch, struct td_launch *out)
{
    out->program = td_xstrdup(prepared->program);
    out->cwd = prepared->cwd ? td_xstrdup(prepared->cwd) : NULL;
    out->cpus = prepared->cpus ? td_xstrdup(prepared->cpus) : NULL;
    out->memory_limit_bytes = prepared->memory_limit_bytes;
    out->memory_by = prepared->memory_by;
    add_argv(&prepared->argv, port, &out->argv);
    td_fields_copy(&out->env, &prepared->env);
    td_fields_set(&out->env, "HOST", TD_HTTP_HOST);
    td_fields_setf(&out->env, "PORT", "%u", port);
    td_fields_set(&out->env, "TANDEM_SCRATCH", scratch);
    add_parameters(params, port, scratch, &out->env);
}

static bool is_free(uint16_t port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool free_now;
    inet_pton(AF_INET, TD_HTTP_HOST, &at.sin_addr);
    free_now = fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0;
    if (fd >= 0)
        close(fd);
    return free_now;
}

/* Each process begins elsewhere, so that two of them seldom meet. */
int td_http_free_port(uint16_t *next, uint16_t *port, struct td_err *err)
{
    enum { PORTS = LAST_PORT - FIRST_PORT };
    unsigned at = *next ? (unsigned)(*next - FIRST_PORT)
                        : (unsigned)getpid() * 101u % (unsigned)PORTS;
    for (int i = 0; i < PORTS; i++) {
        at = (at + STEP) % PORTS;
        *port = (uint16_t)(FIRST_PORT + at);
        if (is_free(*port)) {
            *next = *port;
            return 0;
        }
    }
    return td_err_set(err, TD_EDEPENDENCY,
                      "no port between %d and %d is free on " TD_HTTP_HOST,
                      FIRST_PORT, LAST_PORT);
}

unsigned td_http_cores(const char *cpus)
{
    unsigned count = 0;
    cpu_set_t set;
    while (cpus && *cpus) {
        unsigned first = 0, last = 0;
        int used = 0;
        if (sscanf(cpus, "%u-%u%n", &first, &last, &used) == 2)
            count += last - first + 1;
        else if (sscanf(cpus, "%u%n", &first, &used) == 1)
            count++;
        else
            break;
        cpus += used + (cpus[used] == ',');
    }
    if (!count && sched_getaffinity(0, sizeof set, &set) == 0)
        count = (unsigned)CPU_COUNT(&set);
    return count ? count : 1;
}
