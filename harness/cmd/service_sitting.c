#include "cmd/service_sitting.h"

#include <stdio.h>
#include <string.h>

/* The group's answer is what was known before, or what the first one said. */
static int agree(struct td_seat *seat, struct td_err *why)
{
    struct td_group *group = &seat->session->plan->groups[seat->c->group];
    if (!group->answer) {
        group->answer = td_xstrdup(seat->stand->answer);
        group->answers = json_incref(seat->stand->answers);
    }
    if (strcmp(group->answer, seat->stand->answer) != 0)
        seat->kind->explain(seat, why);
    return why->code;
}

/* The last line that it wrote, where it has died: what it died of. */
static void add_last_words(const struct td_seat *seat, struct td_err *why)
{
    const char *words = seat->kind->last_words(seat), *line;
    size_t len = strlen(words);
    while (len && words[len - 1] == '\n')
        len--;
    for (line = words + len; line > words && line[-1] != '\n'; line--)
        ;
    len -= (size_t)(line - words);
    if (why->code == TD_EWORKER && len)
        snprintf(why->msg + strlen(why->msg),
                 sizeof why->msg - strlen(why->msg), ": %.*s", (int)len, line);
}

int td_sitting_begin(struct td_sitting *sitting, struct td_session *session,
                     struct td_service_case *service, struct td_err *why)
{
    int rc;
    sitting->seat = td_xcalloc(1, sizeof *sitting->seat);
    td_seat_init(sitting->seat, session, service->index);
    sitting->seat->c = &service->c;
    sitting->seat->invocation = service->row;
    rc = sitting->seat->kind->bring_up(sitting->seat, &sitting->setup_ns, why);
    if (!rc)
        rc = agree(sitting->seat, why);
    if (rc) {
        add_last_words(sitting->seat, why);
        td_sitting_end(sitting);
    }
    return rc;
}

const char *td_sitting_memory_by(const struct td_sitting *sitting,
                                 const struct td_service_case *service)
{
    if (service->limited_by)
        return service->limited_by;
    return td_server_memory_by(sitting->seat->stand->server);
}

int td_sitting_load(struct td_sitting *sitting, double rate,
                    const struct td_stint *stint, struct td_stint_result *out,
                    struct td_err *why)
{
    sitting->seat->stand->load.rate = rate;
    return td_stand_stint(sitting->seat, stint, out, why);
}

void td_sitting_rest(struct td_sitting *sitting, uint64_t ns)
{
    struct td_err ignored = TD_ERR_INIT;
    td_server_rest(sitting->seat->stand->server, ns, &ignored);
}

void td_sitting_end(struct td_sitting *sitting)
{
    struct td_usage usage;
    struct td_err ignored = TD_ERR_INIT;
    if (!sitting->seat)
        return;
    sitting->seat->kind->finish(sitting->seat, &usage, &ignored);
    td_seats_free(sitting->seat, 1);
    sitting->seat = NULL;
}
