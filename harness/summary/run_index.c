#include "summary/run_index.h"

#include "base/buf.h"
#include "base/json.h"
#include "store/samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_whole(const struct td_invocation_entry *invocation)
{
    return invocation->ok && invocation->closed && invocation->nbatches > 0;
}

bool td_invocation_counts(const struct td_invocation_entry *invocation)
{
    return is_whole(invocation) && !invocation->aside;
}

bool td_invocation_is_aside(const struct td_invocation_entry *invocation)
{
    return is_whole(invocation) && invocation->aside;
}

bool td_batch_is_steady(const struct td_batch_entry *batch)
{
    return !(batch->flags & TD_SAMPLE_UNSTEADY);
}

/* Where the reader of the journal is. */
struct reader {
    struct td_run_index *index;
    const json_t *cases;          /* of the manifest */
    size_t line;                  /* from 1 */
    struct td_group_entry *group; /* the one being measured, or NULL */
    uint64_t last_ns;
};

static int bad(const struct reader *reader, const char *what,
               struct td_err *err)
{
    return td_err_set(err, TD_EINPUT, "journal.jsonl:%zu: %s", reader->line,
                      what);
}

static struct td_group_entry *group_of(const struct reader *reader,
                                       const json_t *record)
{
    uint64_t i = td_json_u64(record, "group", UINT64_MAX);
    return i < reader->index->ngroups ? &reader->index->groups[i] : NULL;
}

static struct td_case_entry *case_of(const struct reader *reader,
                                     const json_t *record)
{
    uint64_t i = td_json_u64(record, "case", UINT64_MAX);
    return i < reader->index->ncases ? &reader->index->cases[i] : NULL;
}

/* The newest invocation of that number: a resumed run may use one again. */
static struct td_invocation_entry *invocation_of(const struct reader *reader,
                                                 const json_t *record)
{
    struct td_case_entry *c = case_of(reader, record);
    uint64_t number = td_json_u64(record, "invocation", UINT64_MAX);
    for (size_t i = c ? c->count : 0; i > 0; i--)
        if (c->at[i - 1].number == number)
            return &c->at[i - 1];
    return NULL;
}

static size_t group_of_case(const struct reader *reader, size_t i)
{
    return (size_t)td_json_u64(json_array_get(reader->cases, i), "group",
                               UINT64_MAX);
}

typedef void invocation_fn(struct td_invocation_entry *invocation);

/* Calls fn for every open invocation of the record's group and pair. */
static void each_of_pair(const struct reader *reader, const json_t *record,
                         invocation_fn *fn)
{
    size_t group = (size_t)td_json_u64(record, "group", UINT64_MAX);
    uint64_t pair = td_json_u64(record, "pair", UINT64_MAX);
    for (size_t i = 0; i < reader->index->ncases; i++) {
        struct td_case_entry *c = &reader->index->cases[i];
        if (group_of_case(reader, i) != group)
            continue;
        for (size_t k = 0; k < c->count; k++)
            if (c->at[k].pair == pair && !c->at[k].left_behind)
                fn(&c->at[k]);
    }
}

static void leave_behind(struct td_invocation_entry *invocation)
{
    if (!invocation->closed)
        invocation->left_behind = true;
}

static void close_invocation(struct td_invocation_entry *invocation)
{
    invocation->closed = true;
}

static int on_group(struct reader *reader, const json_t *record,
                    struct td_err *err)
{
    reader->group = group_of(reader, record);
    if (!reader->group)
        return bad(reader, "no such group", err);
    reader->group->noise_before = NULL;
    return 0;
}

static int on_pair(struct reader *reader, const json_t *record,
                   struct td_err *err)
{
    reader->group = group_of(reader, record);
    if (!reader->group)
        return bad(reader, "no such group", err);
    reader->group->why = NULL; /* a resumed run took it up again */
    each_of_pair(reader, record, leave_behind);
    return 0;
}

static void set_aside(struct td_invocation_entry *invocation)
{
    invocation->aside = true;
}

static void count_aside(struct td_group_entry *group, const char *rule)
{
    if (strcmp(rule, "throttled") == 0)
        group->aside_throttled++;
    else
        group->aside_stolen++;
}

static int on_pair_end(struct reader *reader, const json_t *record,
                       struct td_err *err)
{
    struct td_group_entry *group = group_of(reader, record);
    const char *rule;
    if (!group)
        return bad(reader, "no such group", err);
    if (json_is_true(json_object_get(record, "cut")))
        return 0;
    each_of_pair(reader, record, close_invocation);
    rule = td_json_str(record, "set_aside", NULL);
    if (rule) {
        each_of_pair(reader, record, set_aside);
        count_aside(group, rule);
        group->aside_complete +=
            json_is_true(json_object_get(record, "complete"));
    } else if (json_is_true(json_object_get(record, "complete")))
        group->pairs++;
    else
        group->incomplete++;
    return 0;
}

static int on_invocation(struct reader *reader, const json_t *record,
                         struct td_err *err)
{
    struct td_case_entry *c = case_of(reader, record);
    struct td_invocation_entry *added;
    if (!c)
        return bad(reader, "no such case", err);
    if (c->count == c->cap) {
        c->cap = c->cap ? c->cap * 2 : 16;
        c->at = td_xrealloc(c->at, c->cap * sizeof *c->at);
    }
    added = &c->at[c->count++];
    *added = (struct td_invocation_entry){
        .number = (uint32_t)td_json_u64(record, "invocation", UINT32_MAX),
        .pair = (uint32_t)td_json_u64(record, "pair", UINT32_MAX),
        .setup_ns = td_json_num(record, "setup_ns", NAN),
        .server = json_object_get(record, "server"),
    };
    return 0;
}

/* It is the case's last invocation that was used for it. */
static int on_calibrated(struct reader *reader, const json_t *record,
                         struct td_err *err)
{
    struct td_case_entry *c = case_of(reader, record);
    if (!c)
        return bad(reader, "no such case", err);
    if (c->count)
        c->at[c->count - 1].calibrated = true;
    return 0;
}

static int on_batch(struct reader *reader, const json_t *record,
                    struct td_err *err)
{
    struct td_invocation_entry *to = invocation_of(reader, record);
    uint32_t number = (uint32_t)td_json_u64(record, "batch", UINT32_MAX);
    if (!to)
        return bad(reader, "a batch of no invocation", err);
    if (to->nbatches == to->cap) {
        to->cap = to->cap ? to->cap * 2 : 8;
        to->batches = td_xrealloc(to->batches, to->cap * sizeof *to->batches);
    }
    to->batches[to->nbatches++] = (struct td_batch_entry){
        .batch = number,
        .flags = (uint32_t)td_json_u64(record, "flags",
                                       number == 0 ? TD_SAMPLE_FIRST : 0),
        .first = td_json_u64(record, "first", 0),
        .count = td_json_u64(record, "count", 0),
        .loops = td_json_u64(record, "loops", 1),
        .begin_ns = td_json_u64(record, "begin_ns", 0),
        .end_ns = td_json_u64(record, "end_ns", 0),
        .cpu_ns = td_json_num(record, "cpu_ns", NAN),
        .idle_cpu_ns = td_json_num(record, "idle_cpu_ns", NAN),
        .switches = td_json_num(record, "switches", NAN),
        .wait_ns = td_json_num(record, "wait_ns", NAN),
        .steal_ns = td_json_num(record, "steal_ns", NAN),
        .gc_cycles = td_json_num(record, "gc_cycles", NAN),
        .span_ns = td_json_num(record, "span_ns", NAN),
        .load = json_object_get(record, "load"),
    };
    return 0;
}

static int on_noise(struct reader *reader, const json_t *record,
                    struct td_err *err)
{
    uint64_t c = td_json_u64(record, "case", UINT64_MAX);
    const json_t *system = json_object_get(record, "system");
    struct td_group_entry *group;
    if (c >= reader->index->ncases)
        return bad(reader, "no such case", err);
    group = &reader->index->groups[group_of_case(reader, (size_t)c)];
    if (!group->noise_before)
        group->noise_before = system;
    group->noise_after = system;
    return 0;
}

static int on_end(struct reader *reader, const json_t *record,
                  struct td_err *err)
{
    struct td_invocation_entry *it = invocation_of(reader, record);
    const char *status = td_json_str(record, "status", NULL);
    if (!it)
        return bad(reader, "the end of no invocation", err);
    it->end = record;
    it->ok = status && strcmp(status, "ok") == 0;
    if (json_is_true(json_object_get(record, "wrong")))
        case_of(reader, record)->wrong = true;
    return 0;
}

static int on_dropped(struct reader *reader, const json_t *record,
                      struct td_err *err)
{
    struct td_case_entry *c = case_of(reader, record);
    const char *message = td_json_str(record, "message", NULL);
    if (!c)
        return bad(reader, "no such case", err);
    c->dropped = message ? message : "dropped";
    return 0;
}

static int on_stop(struct reader *reader, const json_t *record,
                   struct td_err *err)
{
    struct td_group_entry *group = group_of(reader, record);
    if (!group)
        return bad(reader, "no such group", err);
    group->why = td_json_str(record, "why", NULL);
    reader->group = NULL;
    return 0;
}

static int on_finish(struct reader *reader, const json_t *record,
                     struct td_err *err)
{
    (void)err;
    reader->index->status = td_json_str(record, "status", NULL);
    return 0;
}

static int on_resume(struct reader *reader, const json_t *record,
                     struct td_err *err)
{
    (void)record;
    (void)err;
    reader->index->resumed++;
    reader->index->status = NULL;
    reader->group = NULL;
    return 0;
}

static const struct {
    const char *type;
    int (*read)(struct reader *reader, const json_t *record,
                struct td_err *err);
} record_types[] = {
    {"group", on_group},           {"pair", on_pair},
    {"pair_end", on_pair_end},     {"invocation", on_invocation},
    {"calibrated", on_calibrated}, {"batch", on_batch},
    {"noise", on_noise},           {"end", on_end},
    {"dropped", on_dropped},       {"stop", on_stop},
    {"finish", on_finish},         {"resume", on_resume},
};

/* Time since the last record belongs to the group that is being measured.
 * Not the time before a `resume`: nothing ran, and the clock may have begun
 * anew. */
static void count_time(struct reader *reader, const json_t *record,
                       const char *type)
{
    uint64_t ns = td_json_u64(record, "ns", reader->last_ns);
    bool gap = strcmp(type, "resume") == 0;
    if (reader->group && !gap && ns > reader->last_ns)
        reader->group->wall_ns += ns - reader->last_ns;
    reader->last_ns = ns;
}

/* Types that this version does not know are skipped. */
static int read_record(struct reader *reader, const json_t *record,
                       struct td_err *err)
{
    const char *type = td_json_str(record, "type", NULL);
    if (!type)
        return bad(reader, "a record without a type", err);
    count_time(reader, record, type);
    for (size_t i = 0; i < sizeof record_types / sizeof *record_types; i++)
        if (strcmp(type, record_types[i].type) == 0)
            return record_types[i].read(reader, record, err);
    return 0;
}

int td_run_index_make(struct td_run_index *out, const json_t *manifest,
                      const json_t *journal, struct td_err *err)
{
    struct reader reader = {out, json_object_get(manifest, "cases"), 0, NULL,
                            0};
    const json_t *record;
    size_t i;
    int rc = 0;
    memset(out, 0, sizeof *out);
    out->ncases = json_array_size(reader.cases);
    out->ngroups = json_array_size(json_object_get(manifest, "groups"));
    out->cases = td_xcalloc(out->ncases, sizeof *out->cases);
    out->groups = td_xcalloc(out->ngroups, sizeof *out->groups);
    out->begin_ns = td_json_u64(json_array_get(journal, 0), "ns", 0);
    for (i = 0; !rc && i < out->ncases; i++)
        if (group_of_case(&reader, i) >= out->ngroups)
            rc = td_err_set(err, TD_EINPUT,
                            "manifest.json: case %zu: no such group", i);
    for (i = 0; !rc && i < json_array_size(journal); i++) {
        record = json_array_get(journal, i);
        reader.line = i + 1;
        rc = read_record(&reader, record, err);
    }
    if (!rc)
        td_run_index_settle(out, reader.cases);
    return rc;
}

void td_run_index_release(struct td_run_index *index)
{
    for (size_t i = 0; i < index->ncases; i++) {
        for (size_t k = 0; k < index->cases[i].count; k++)
            free(index->cases[i].at[k].batches);
        free(index->cases[i].at);
    }
    free(index->cases);
    free(index->groups);
    memset(index, 0, sizeof *index);
}
