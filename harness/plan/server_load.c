#include "plan/server_load.h"

#include "base/opt.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_CONNECTIONS = 100000 };

const char *const td_arrivals_words[] = {"constant", "poisson", NULL};

#define ROW(field) offsetof(struct td_server_load, field)

static const struct td_opt table[] = {
    {"rate", TD_OPT_DOUBLE, ROW(rate), "0", 0, 1e7, NULL, "N",
     "requests a second; 0 = closed loop"},
    {"arrivals", TD_OPT_CHOICE, ROW(arrivals), "constant", 0, 0,
     td_arrivals_words, NULL, "how the intended times lie"},
    {"connections", TD_OPT_INT, ROW(connections), "64", 1, MOST_CONNECTIONS,
     NULL, "N", "connections open at once"},
    {"requests", TD_OPT_STRING, ROW(requests), NULL, 0, 0, NULL, "FILE",
     "a mix of requests"},
    {"get", TD_OPT_STRING, ROW(get), NULL, 0, 0, NULL, "PATH",
     "what one GET asks for"},
    {"keepalive", TD_OPT_FLAG, ROW(keepalive), "yes", 0, 0, NULL, NULL,
     "several requests a connection"},
    {"timeout", TD_OPT_DURATION, ROW(timeout_ns), "10s", 0, 0, NULL, "TIME",
     "of one request"},
    {"memory", TD_OPT_SIZE, ROW(memory_bytes), "0", 0, 0, NULL, "SIZE",
     "a limit of the server's memory; 0 = none"},
    TD_OPT_END};

bool td_server_load_has(const char *name)
{
    for (const struct td_opt *row = table; row->name; row++)
        if (strcmp(row->name, name) == 0)
            return true;
    return false;
}

/* Every set has the same keys: one that needs none gives it no value. */
static void unset_if_empty(char **text)
{
    if (*text && !**text) {
        free(*text);
        *text = NULL;
    }
}

int td_server_load_read(struct td_server_load *out,
                        const struct td_fields *params, const char *where,
                        int code, struct td_err *err)
{
    int rc;
    memset(out, 0, sizeof *out);
    rc = td_opt_defaults(table, out, err);
    for (size_t i = 0; !rc && i < params->count; i++)
        if (td_server_load_has(params->at[i].name))
            rc = td_opt_set(table, out, params->at[i].name, params->at[i].value,
                            where, code, err);
    unset_if_empty(&out->requests);
    unset_if_empty(&out->get);
    if (!rc && out->requests && out->get)
        rc = td_err_set(err, code, "%s: requests and get: give one of them",
                        where);
    if (!rc && out->rate <= 0 && out->arrivals)
        rc = td_err_set(err, code,
                        "%s: arrivals = %s needs a rate: in a closed loop "
                        "answers decide when the next request is sent",
                        where, td_arrivals_words[out->arrivals]);
    if (!rc && !out->timeout_ns)
        rc = td_err_set(err, code, "%s: timeout = 0: no answer is that fast",
                        where);
    if (!rc && !out->requests && !out->get)
        out->get = td_xstrdup("/");
    return rc;
}

void td_server_load_release(struct td_server_load *load)
{
    td_opt_release(table, load);
}
