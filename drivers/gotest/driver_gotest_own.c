/* Go's own tool: the very test binary, without a harness. */
#include "drivers/gotest/gotest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BENCHTIME "-test.benchtime="

/* Parameters as tandem.Int takes them by hand. */
static void launch(const struct td_context *context,
                   const struct td_case_spec *spec,
                   const struct td_launch *prepared,
                   const struct td_fields *params, uint64_t iterations,
                   struct td_launch *out)
{
    (void)context;
    (void)spec;
    out->program = td_xstrdup(prepared->program);
    out->cwd = td_xstrdup(prepared->cwd);
    td_fields_copy(&out->env, &prepared->env);
    for (size_t i = 0; i < prepared->argv.count; i++)
        if (strncmp(prepared->argv.at[i], BENCHTIME, strlen(BENCHTIME)) == 0)
            td_strings_addf(&out->argv, BENCHTIME "%" PRIu64 "x", iterations);
        else
            td_strings_add(&out->argv, prepared->argv.at[i]);
    for (size_t i = 0; i < params->count; i++) {
        char *name = td_xasprintf("TANDEM_P_%s", params->at[i].name);
        td_fields_set(&out->env, name, params->at[i].value);
        free(name);
    }
}

/* "BenchmarkTrial-2   217   1107315 ns/op   0 B/op": the name, the number of
 * iterations, then values with their units. */
static bool read_line(const char *line, uint64_t iterations, double *ns)
{
    struct td_strings words = TD_STRINGS_INIT;
    bool found = false;
    td_strings_split(&words, line, " \t");
    if (words.count >= 4 && strncmp(words.at[0], "Benchmark", 9) == 0 &&
        strtoull(words.at[1], NULL, 10) == iterations)
        for (size_t i = 2; i + 1 < words.count && !found; i += 2)
            if (strcmp(words.at[i + 1], "ns/op") == 0) {
                *ns = strtod(words.at[i], NULL);
                found = *ns > 0;
            }
    td_strings_release(&words);
    return found;
}

static int figure(const char *printed, uint64_t iterations, double *ns,
                  struct td_err *err)
{
    struct td_strings lines = TD_STRINGS_INIT;
    bool found = false;
    td_strings_split(&lines, printed, "\n");
    for (size_t i = 0; i < lines.count && !found; i++)
        found = read_line(lines.at[i], iterations, ns);
    td_strings_release(&lines);
    return found ? 0
                 : td_err_set(err, TD_EWORKER,
                              "no line with ns/op of %" PRIu64
                              " iterations in \"%.200s\"",
                              iterations, printed);
}

const struct td_own_tool td_go_own_tool = {
    .name = "go test -bench",
    .launch = launch,
    .figure = figure,
};
