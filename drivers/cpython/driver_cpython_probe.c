#include "drivers/cpython/cpython.h"

#include "base/files.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROBE_TIMEOUT_NS 10000000000ull
enum { FACTS_BYTES = 65536 };

const char *td_cpython_fact(const json_t *facts, const char *name)
{
    return json_string_value(json_object_get(facts, name));
}

void td_cpython_probes_open(struct td_cpython_probes *probes,
                            const struct td_context *context)
{
    *probes = (struct td_cpython_probes){.context = context};
    probes->script = td_xasprintf("%s/tandem_probe.py", context->libexec_dir);
    probes->file = td_xasprintf("%s/cpython.json", context->cache_dir);
    probes->known = json_load_file(probes->file, 0, NULL);
    if (!json_is_object(probes->known)) {
        json_decref(probes->known);
        probes->known = json_object();
    }
}

void td_cpython_probes_close(struct td_cpython_probes *probes)
{
    struct td_err ignored = TD_ERR_INIT;
    if (probes->changed &&
        td_dir_make(probes->context->cache_dir, &ignored) == 0) {
        char *text = json_dumps(probes->known, JSON_INDENT(1) | JSON_SORT_KEYS);
        if (text)
            td_file_write_atomic(probes->file, text, strlen(text), &ignored);
        free(text);
    }
    json_decref(probes->known);
    free(probes->script);
    free(probes->file);
}

static void stamp_file(struct td_buf *stamp, const char *path)
{
    struct stat st;
    if (stat(path, &st) < 0)
        st = (struct stat){.st_size = -1};
    td_buf_addf(stamp, "%jd:%jd.%09ld ", (intmax_t)st.st_size,
                (intmax_t)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}

/* Changes when the interpreter, its virtual environment or the questions
 * do. */
static void stamp_of(const struct td_cpython_probes *probes, const char *path,
                     struct td_buf *stamp)
{
    char *venv = td_cpython_venv(path);

    stamp_file(stamp, path);
    stamp_file(stamp, probes->script);
    if (venv)
        stamp_file(stamp, venv);
    free(venv);
}

static bool is_script(const char *path)
{
    char magic[2] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read(fd, magic, sizeof magic);
    if (fd >= 0)
        close(fd);
    return got == 2 && memcmp(magic, "#!", 2) == 0;
}

/* The facts from what the probe printed; a site hook may have printed
 * before it. */
static json_t *read_facts(const struct td_child_result *result,
                          struct td_err *err)
{
    const char *text = strstr(td_buf_str(&result->out), "{\"");
    json_t *facts =
        text ? json_loads(text, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
    if (result->exit_status == 0 && td_cpython_fact(facts, "version"))
        return facts;
    json_decref(facts);
    td_err_set(err, TD_EDEPENDENCY, "it does not say what it is: %s",
               td_buf_str(&result->err));
    return NULL;
}

static json_t *ask(struct td_cpython_probes *probes, const char *path,
                   struct td_err *err)
{
    struct td_launch launch = TD_LAUNCH_INIT;
    struct td_child_result result = {.exit_status = -1};
    char *venv = td_cpython_venv(path);
    json_t *facts = NULL;

    launch.program = td_xstrdup(path);
    td_launch_env_base(&launch);
    td_strings_add(&launch.argv, path);
    /* Without site where that finds no virtual environment: it may be slow. */
    td_strings_add(&launch.argv, venv ? "-I" : "-IS");
    free(venv);
    td_strings_add(&launch.argv, probes->script);
    if (td_child_run(probes->context->loop, &launch, PROBE_TIMEOUT_NS,
                     FACTS_BYTES, &result, err) == 0)
        facts = read_facts(&result, err);
    td_child_result_release(&result);
    td_launch_release(&launch);
    return facts;
}

json_t *td_cpython_probe(struct td_cpython_probes *probes, const char *path,
                         struct td_err *err)
{
    struct td_buf stamp = TD_BUF_INIT;
    json_t *entry = json_object_get(probes->known, path), *facts;
    const char *old = td_cpython_fact(entry, "stamp");

    if (is_script(path)) {
        td_err_set(err, TD_EDEPENDENCY,
                   "a script that picks an interpreter when it is run, as "
                   "pyenv's shims do; name the interpreter itself");
        return NULL;
    }
    stamp_of(probes, path, &stamp);
    if (!old || strcmp(old, td_buf_str(&stamp)) != 0) {
        facts = ask(probes, path, err);
        if (facts) {
            entry = json_pack("{s:s, s:o}", "stamp", td_buf_str(&stamp),
                              "facts", facts);
            json_object_set_new(probes->known, path, entry);
            probes->changed = true;
        } else {
            entry = NULL;
        }
    }
    td_buf_release(&stamp);
    return json_object_get(entry, "facts");
}
