#include "drivers/driver.h"

#include <stdlib.h>
#include <string.h>

const struct td_driver *const td_drivers[] = {
    &td_driver_cpython,
    &td_driver_gotest,
    &td_driver_exec,
    &td_driver_null,
    NULL,
};

const struct td_driver *td_driver_by_name(const char *name)
{
    for (size_t i = 0; td_drivers[i]; i++)
        if (strcmp(td_drivers[i]->name, name) == 0)
            return td_drivers[i];
    return NULL;
}

void td_runtime_release(struct td_runtime *runtime)
{
    free(runtime->name);
    free(runtime->family);
    free(runtime->version);
    free(runtime->path);
    free(runtime->hosting);
    free(runtime->problem);
    free(runtime->against);
    free(runtime->revision);
    json_decref(runtime->build);
    memset(runtime, 0, sizeof *runtime);
}

void td_runtimes_release(struct td_runtimes *runtimes)
{
    for (size_t i = 0; i < runtimes->count; i++)
        td_runtime_release(&runtimes->at[i]);
    free(runtimes->at);
    *runtimes = (struct td_runtimes){NULL, 0};
}

struct td_runtime *td_runtimes_add(struct td_runtimes *runtimes)
{
    struct td_runtime *added;
    runtimes->at =
        td_xrealloc(runtimes->at, (runtimes->count + 1) * sizeof *runtimes->at);
    added = &runtimes->at[runtimes->count++];
    memset(added, 0, sizeof *added);
    return added;
}

void td_runtimes_discover(const struct td_context *context,
                          struct td_runtimes *out)
{
    for (size_t i = 0; td_drivers[i]; i++) {
        const struct td_driver *driver = td_drivers[i];
        struct td_err why = TD_ERR_INIT;
        struct td_runtime *broken;
        if (!driver->discover || driver->discover(context, out, &why) == 0)
            continue;
        broken = td_runtimes_add(out);
        broken->driver = driver;
        broken->name = td_xstrdup(driver->name);
        broken->family = td_xstrdup(driver->family);
        broken->version = td_xstrdup("");
        broken->path = td_xstrdup("");
        broken->problem = td_xstrdup(why.msg);
        broken->build = json_object();
    }
}

static char *copy_text(const char *text)
{
    return text ? td_xstrdup(text) : NULL;
}

void td_runtime_copy(struct td_runtime *to, const struct td_runtime *from)
{
    *to = *from;
    to->name = copy_text(from->name);
    to->family = copy_text(from->family);
    to->version = copy_text(from->version);
    to->path = copy_text(from->path);
    to->hosting = copy_text(from->hosting);
    to->problem = copy_text(from->problem);
    to->against = copy_text(from->against);
    to->revision = copy_text(from->revision);
    to->build = json_incref(from->build);
}

/* Compares "3.9.2" and "3.11" number by number. */
static int compare_versions(const char *a, const char *b)
{
    while (*a || *b) {
        char *a_end, *b_end;
        unsigned long x = strtoul(a, &a_end, 10), y = strtoul(b, &b_end, 10);
        if (x != y)
            return x < y ? -1 : 1;
        if ((a_end == a && *a) || (b_end == b && *b))
            return strcmp(a, b); /* a suffix such as "rc1" */
        a = a_end + (*a_end == '.');
        b = b_end + (*b_end == '.');
    }
    return 0;
}

/* "cpython-3.11" stands for "cpython-3.11.2", not for "cpython-3.1" or a
 * hosting that was not asked for. */
static bool is_prefix(const char *word, const char *name)
{
    size_t len = strlen(word);
    return strncmp(word, name, len) == 0 && name[len] == '.' &&
           !strchr(name, ':');
}

enum closeness { NOT, BY_PREFIX, BY_FAMILY, BY_NAME };

static enum closeness match(const struct td_runtime *runtime, const char *word)
{
    if (strcmp(runtime->name, word) == 0)
        return BY_NAME;
    if (strcmp(runtime->family, word) == 0)
        return BY_FAMILY;
    return is_prefix(word, runtime->name) ? BY_PREFIX : NOT;
}

/* Is a to be preferred to b, both of which match equally closely? */
static bool better(const struct td_runtime *a, const struct td_runtime *b,
                   enum closeness how)
{
    if (!a->problem != !b->problem)
        return !a->problem;
    return how == BY_PREFIX && compare_versions(a->version, b->version) > 0;
}

/* The best match: closest first, usable first; of a prefix the newest, of a
 * family the one listed first. */
static const struct td_runtime *search(const struct td_runtimes *known,
                                       const char *word)
{
    const struct td_runtime *best = NULL;
    enum closeness closest = NOT;
    for (size_t i = 0; i < known->count; i++) {
        const struct td_runtime *runtime = &known->at[i];
        enum closeness how = match(runtime, word);
        if (how == NOT || how < closest)
            continue;
        if (how > closest || better(runtime, best, how)) {
            best = runtime;
            closest = how;
        }
    }
    return best;
}

static int unknown(const struct td_runtimes *known, const char *word,
                   struct td_err *err)
{
    struct td_strings names = TD_STRINGS_INIT;
    const char *nearest;
    int rc;
    for (size_t i = 0; i < known->count; i++)
        td_strings_add(&names, known->at[i].name);
    nearest = td_strings_nearest(&names, word);
    rc = td_err_set(err, TD_EUSAGE,
                    "no runtime \"%s\"%s%s%s (see `tandem runtimes`)", word,
                    nearest ? "; did you mean \"" : "", nearest ? nearest : "",
                    nearest ? "\"?" : "");
    td_strings_release(&names);
    return rc;
}

/* Asks every driver.  TD_EUSAGE: the name is none of theirs. */
static int resolve(const struct td_context *context, const char *word,
                   struct td_runtime *out, struct td_err *err)
{
    for (size_t i = 0; td_drivers[i]; i++) {
        struct td_err why = TD_ERR_INIT;
        int rc;
        if (!td_drivers[i]->resolve)
            continue;
        rc = td_drivers[i]->resolve(context, word, out, &why);
        if (rc == 0)
            return 0;
        td_runtime_release(out);
        if (rc != TD_EUSAGE)
            return td_err_set(err, rc, "%s", why.msg);
    }
    return TD_EUSAGE;
}

int td_runtime_find(const struct td_context *context,
                    const struct td_runtimes *known, const char *word,
                    struct td_runtime *out, struct td_err *err)
{
    const struct td_runtime *found = search(known, word);
    memset(out, 0, sizeof *out);
    if (found) {
        td_runtime_copy(out, found);
    } else {
        int rc = resolve(context, word, out, err);
        if (rc)
            return rc == TD_EUSAGE ? unknown(known, word, err) : rc;
    }
    if (!out->problem)
        return 0;
    td_err_set(err, TD_EDEPENDENCY, "%s cannot be used: %s", out->name,
               out->problem);
    td_runtime_release(out);
    return err->code;
}
