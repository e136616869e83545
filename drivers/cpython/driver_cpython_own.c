/*
 * CPython's own tool: timeit, in the interpreter's own executable.  The
 * operation is made by the worker's script, so that parameters mean the
 * same; the loop and the clock are timeit's alone.
 */
#include "drivers/cpython/cpython.h"

#include "base/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* With every further v timeit prints one digit more; 3 at first. */
#define NINE_DIGITS "-vvvvvvv"
#define RAW "raw times:"

/* A JSON text is a Python literal as well, as long as nothing in it is
 * escaped as a surrogate pair: UTF-8 is kept. */
static void add_literal(struct td_buf *out, json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY);
    td_buf_adds(out, text);
    free(text);
    json_decref(value);
}

/* timeit turns garbage collection off, the worker does not.  The first
 * operation is no part of tandem's figure either. */
static void add_setup(const struct td_context *context,
                      const struct td_case_spec *spec,
                      const struct td_fields *params, struct td_buf *out)
{
    json_t *fields = json_object();
    json_object_set_new(fields, "entry", td_json_text(spec->entry));
    for (size_t i = 0; i < params->count; i++) {
        char *name = td_xasprintf("p.%s", params->at[i].name);
        json_object_set_new(fields, name, td_json_text(params->at[i].value));
        free(name);
    }
    td_buf_adds(out, "import gc, sys; gc.enable(); sys.path.append(");
    add_literal(out, td_json_text(context->libexec_dir));
    td_buf_adds(out, "); import tandem_worker; f = "
                     "tandem_worker.make_operation(");
    add_literal(out, fields);
    td_buf_adds(out, "); f()");
}

static void launch(const struct td_context *context,
                   const struct td_case_spec *spec,
                   const struct td_launch *prepared,
                   const struct td_fields *params, uint64_t iterations,
                   struct td_launch *out)
{
    struct td_buf setup = TD_BUF_INIT;
    add_setup(context, spec, params, &setup);
    out->program = td_xstrdup(spec->runtime->path);
    out->cwd = td_xstrdup(prepared->cwd);
    td_fields_copy(&out->env, &prepared->env);
    td_strings_add(&out->argv, spec->runtime->path);
    td_strings_split(&out->argv, "-m timeit " NINE_DIGITS " -u nsec -r 1", " ");
    td_strings_addf(&out->argv, "-n%" PRIu64, iterations);
    td_strings_add(&out->argv, "-s");
    td_strings_add(&out->argv, td_buf_str(&setup));
    td_strings_add(&out->argv, "f()");
    td_buf_release(&setup);
}

/* "raw times: 1.23456789e+09 nsec": of all iterations. */
static int figure(const char *printed, uint64_t iterations, double *ns,
                  struct td_err *err)
{
    const char *raw = strstr(printed, RAW);
    char *end = NULL;
    double value = raw ? strtod(raw + strlen(RAW), &end) : 0;
    static const struct {
        const char *name;
        double ns;
    } units[] = {{" nsec", 1}, {" usec", 1e3}, {" msec", 1e6}, {" sec", 1e9}};
    for (size_t i = 0; value > 0 && i < sizeof units / sizeof *units; i++)
        if (strncmp(end, units[i].name, strlen(units[i].name)) == 0) {
            *ns = value * units[i].ns / (double)iterations;
            return 0;
        }
    return td_err_set(err, TD_EWORKER, "no \"" RAW "\" in \"%.200s\"", printed);
}

const struct td_own_tool td_cpython_own_tool = {
    .name = "timeit",
    .launch = launch,
    .figure = figure,
};
