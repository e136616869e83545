#include "drivers/cpython/cpython.h"

#include "base/files.h"

#include <stdlib.h>
#include <string.h>

/*
 * What runs, and with which arguments:
 *
 *     static  worker-cpython-static  PYTHON SCRIPT
 *     shared  worker-cpython-shared  PYTHON LIBPYTHON MODULE SCRIPT
 *     stock   PYTHON                 PYTHON SCRIPT
 *
 * PYTHON, the interpreter's path, is argv[0] throughout.
 */
#define STATIC_WORKER "worker-cpython-static"
#define SHARED_WORKER "worker-cpython-shared"
#define MODULE "_tandem"
#define LIMITED_API ".abi3.so"
#define SCRIPT "tandem_worker.py"

static char *in_libexec(const struct td_context *context, const char *name)
{
    return td_xasprintf("%s/%s", context->libexec_dir, name);
}

bool td_cpython_is_free_threaded(const json_t *facts)
{
    return json_is_true(json_object_get(facts, "free_threaded"));
}

char *td_cpython_hosting_module(const struct td_context *context,
                                const json_t *facts)
{
    const char *own = td_cpython_fact(facts, "extension");
    bool limited = !td_cpython_is_free_threaded(facts) || !own;
    char *name = td_xasprintf(MODULE "%s", limited ? LIMITED_API : own);
    char *path = in_libexec(context, name);
    free(name);
    return path;
}

bool td_cpython_is_hosting(const char *word)
{
    return strcmp(word, "static") == 0 || strcmp(word, "shared") == 0 ||
           strcmp(word, "stock") == 0;
}

/* What sys.version is in the static worker; "" without one. */
static void static_build(const struct td_context *context, struct td_buf *out)
{
    char *path = in_libexec(context, STATIC_WORKER ".build");
    struct td_err none = TD_ERR_INIT;
    if (td_file_read(path, out, &none) < 0)
        td_buf_clear(out);
    while (out->len && out->data[out->len - 1] == '\n')
        out->data[--out->len] = '\0';
    free(path);
}

static char *static_problem(const struct td_context *context,
                            const json_t *facts)
{
    const char *mine = td_cpython_fact(facts, "sys_version");
    struct td_buf build = TD_BUF_INIT;
    char *problem = NULL;

    static_build(context, &build);
    if (!build.len)
        problem =
            td_xstrdup("there is no static worker: the Python that tandem"
                       " was built with came without libpython's archive");
    else if (!mine || strcmp(mine, build.data) != 0)
        problem = td_xasprintf("the static worker is of another build, %s; "
                               "make PYTHON=... makes it anew",
                               build.data);
    td_buf_release(&build);
    return problem;
}

char *td_cpython_hosting_problem(const struct td_context *context,
                                 const json_t *facts, const char *hosting)
{
    if (td_cpython_is_free_threaded(facts))
        return strcmp(hosting, "stock") == 0
                   ? NULL
                   : td_xstrdup("a free-threaded build runs in its own "
                                "executable only (stock)");
    if (strcmp(hosting, "static") == 0)
        return static_problem(context, facts);
    if (strcmp(hosting, "shared") == 0 && !td_cpython_fact(facts, "libpython"))
        return td_xstrdup("it came without a shared libpython");
    return NULL;
}

const char *td_cpython_hosting_default(const struct td_context *context,
                                       const json_t *facts)
{
    char *problem = static_problem(context, facts);
    const char *own = problem ? "stock" : "static";
    free(problem);
    if (td_cpython_is_free_threaded(facts))
        return "stock";
    return td_cpython_fact(facts, "library") ? "shared" : own;
}

void td_cpython_hosting_interpreter(const struct td_context *context,
                                    const struct td_runtime *runtime,
                                    struct td_launch *out,
                                    struct td_strings *files)
{
    bool is_static = strcmp(runtime->hosting, "static") == 0;
    bool is_shared = strcmp(runtime->hosting, "shared") == 0;
    const char *library =
        td_cpython_fact(runtime->build, is_shared ? "libpython" : "library");
    char *module = td_cpython_hosting_module(context, runtime->build);

    out->program = is_static   ? in_libexec(context, STATIC_WORKER)
                   : is_shared ? in_libexec(context, SHARED_WORKER)
                               : td_xstrdup(runtime->path);
    td_strings_add(&out->argv, runtime->path);
    if (is_shared) {
        td_strings_add(&out->argv, library);
        td_strings_add(&out->argv, module);
    }
    td_strings_add(files, out->program);
    if (!is_static)
        td_strings_add(files, module);
    if (!is_static && library)
        td_strings_add(files, library);
    free(module);
}

void td_cpython_hosting_launch(const struct td_context *context,
                               const struct td_runtime *runtime,
                               struct td_launch *out, struct td_strings *files)
{
    char *script = in_libexec(context, SCRIPT);
    td_cpython_hosting_interpreter(context, runtime, out, files);
    td_strings_add(&out->argv, script);
    td_strings_add(files, script);
    free(script);
}
