/*
 * cpython - the parts of the cpython driver, for its own files.
 *
 * An interpreter is known by a *path* that is never resolved further than to
 * an absolute one (a virtual environment's python is a link, and what it
 * stands for depends on the name it is called by), and by its *facts*: the
 * JSON object that tandem_probe.py prints in it.
 */
#ifndef TD_DRIVERS_CPYTHON_CPYTHON_H
#define TD_DRIVERS_CPYTHON_CPYTHON_H

#include "drivers/driver.h"

/* Appends the absolute paths of all interpreters worth a look, the preferred
 * one first, each installation and virtual environment once.  Scripts that
 * stand for an interpreter (pyenv's shims) are among them. */
void td_cpython_find(const struct td_context *context, struct td_strings *out);
char *td_cpython_absolute(const char *path);
/* The pyvenv.cfg of the virtual environment whose interpreter this is
 * (malloc'd); NULL: it is in none. */
char *td_cpython_venv(const char *path);

/* Facts, remembered in cache_dir until the files they depend on change. */
struct td_cpython_probes {
    const struct td_context *context;
    char *script;
    char *file;
    json_t *known; /* path -> {stamp, facts} */
    bool changed;
};
void td_cpython_probes_open(struct td_cpython_probes *probes,
                            const struct td_context *context);
/* Borrowed, valid until the close; NULL: it is not an interpreter that could
 * be asked, and err says why. */
json_t *td_cpython_probe(struct td_cpython_probes *probes, const char *path,
                         struct td_err *err);
/* Writes the cache if it changed; not being able to is no failure. */
void td_cpython_probes_close(struct td_cpython_probes *probes);

/* A build without the GIL: it has a binary interface of its own. */
bool td_cpython_is_free_threaded(const json_t *facts);

/* Path of the _tandem that the interpreter can import; malloc'd. */
char *td_cpython_hosting_module(const struct td_context *context,
                                const json_t *facts);
/* Why the interpreter cannot be used in this hosting (malloc'd), or NULL. */
char *td_cpython_hosting_problem(const struct td_context *context,
                                 const json_t *facts, const char *hosting);
/* The hosting that equals the interpreter's own build. */
const char *td_cpython_hosting_default(const struct td_context *context,
                                       const json_t *facts);
bool td_cpython_is_hosting(const char *word);
/* Fills program and argv so that the interpreter's own arguments may follow,
 * and adds what runs to `files`. */
void td_cpython_hosting_interpreter(const struct td_context *context,
                                    const struct td_runtime *runtime,
                                    struct td_launch *out,
                                    struct td_strings *files);
/* The same with the worker's script. */
void td_cpython_hosting_launch(const struct td_context *context,
                               const struct td_runtime *runtime,
                               struct td_launch *out, struct td_strings *files);

/* Hashes the files, and all Python files of the workload's directory, since
 * one may import another. */
int td_cpython_add_hashes(const struct td_workload *workload,
                          struct td_strings *files, json_t *hashes,
                          struct td_err *err);
int td_cpython_prepare_program(const struct td_context *context,
                               const struct td_case_spec *spec,
                               struct td_launch *out, json_t *hashes,
                               struct td_err *err);

extern const struct td_own_tool td_cpython_own_tool;

/* A fact that is a string; NULL when it is absent or null. */
const char *td_cpython_fact(const json_t *facts, const char *name);

#endif
