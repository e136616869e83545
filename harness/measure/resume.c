/* What a journal says about how far its run came. */
#include "base/json.h"
#include "measure/session.h"

#include <string.h>

static struct td_case *case_of(struct td_session *session, const json_t *line)
{
    uint64_t index = td_json_u64(line, "case", UINT64_MAX);
    return index < session->plan->ncases ? &session->plan->cases[index] : NULL;
}

/* What went wrong before still decides the exit code. */
static void take_case_line(struct td_session *session, const char *type,
                           const json_t *line)
{
    struct td_case *c = case_of(session, line);
    const char *answer = td_json_str(line, "answer", "");
    if (!c)
        return;
    if (strcmp(type, "invocation") == 0) {
        c->invocations = (uint32_t)td_json_u64(line, "invocation", 0) + 1;
    } else if (strcmp(type, "calibrated") == 0) {
        c->loops = td_json_u64(line, "loops", 1);
        c->count = td_json_u64(line, "count", 1);
        c->operation_ns = td_json_num(line, "operation_ns", 1);
    } else if (strcmp(type, "dropped") == 0) {
        c->dropped = true;
        td_session_blame(session, false);
    } else if (strcmp(type, "end") == 0) {
        struct td_group *group = &session->plan->groups[c->group];
        const char *status = td_json_str(line, "status", "");
        if (strcmp(status, "ok") == 0 && !group->answer && answer[0])
            group->answer = td_xstrdup(answer);
        if (strcmp(status, "failed") == 0)
            td_session_blame(session,
                             json_is_true(json_object_get(line, "wrong")));
    }
}

static void take_pair(struct td_session *session, uint64_t group,
                      const json_t *line)
{
    if (json_object_get(line, "set_aside"))
        session->pairs_aside[group]++;
    else if (!json_is_true(json_object_get(line, "cut")))
        session->pairs_done[group]++;
}

static void take_group_line(struct td_session *session, const char *type,
                            const json_t *line)
{
    uint64_t g = td_json_u64(line, "group", UINT64_MAX);
    if (g >= session->plan->ngroups)
        return;
    if (strcmp(type, "pair") == 0)
        session->next_pair[g] = (uint32_t)td_json_u64(line, "pair", 0) + 1;
    else if (strcmp(type, "pair_end") == 0)
        take_pair(session, g, line);
    else if (strcmp(type, "stop") == 0)
        session->stopped[g] =
            strcmp(td_json_str(line, "why", ""), "interrupted") != 0;
}

int td_session_resume(struct td_session *session, struct td_err *err)
{
    json_t *journal = NULL, *line;
    size_t i;
    int torn, rc = td_run_dir_journal(session->run, &journal, &torn, err);
    if (rc)
        return rc;
    json_array_foreach(journal, i, line)
    {
        const char *type = td_json_str(line, "type", "");
        take_case_line(session, type, line);
        take_group_line(session, type, line);
    }
    json_decref(journal);
    return 0;
}
