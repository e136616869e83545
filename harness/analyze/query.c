#include "analyze/query.h"

#include "analyze/query_check.h"
#include "analyze/query_fields.h"
#include "base/fields.h"

#include <stdlib.h>
#include <string.h>

void td_query_init(struct td_query *request)
{
    static const double usual[] = {.5, .9, .99, .999};
    memset(request, 0, sizeof *request);
    request->confidence = .95;
    request->threshold = .02;
    request->seed = 1;
    request->paired = true;
    request->truncate = true;
    request->quantiles.at = td_xmalloc(sizeof usual);
    memcpy(request->quantiles.at, usual, sizeof usual);
    request->quantiles.count = request->quantiles.cap = 4;
}

static void release_invocations(struct td_invocations *all)
{
    free(all->values.at);
    free(all->ends.at);
}

void td_query_release(struct td_query *request)
{
    release_invocations(&request->a);
    release_invocations(&request->b);
    release_invocations(&request->aa);
    free(request->first.at);
    free(request->series.at);
    free(request->samples.at);
    free(request->quantiles.at);
    free(request->sizes.at);
    free(request->times.at);
    td_buf_release(&request->npy);
    memset(request, 0, sizeof *request);
}

size_t td_invocations_count(const struct td_invocations *all)
{
    return all->ends.count;
}

const double *td_invocation(const struct td_invocations *all, size_t index,
                            size_t *count)
{
    size_t from = index ? (size_t)all->ends.at[index - 1] : 0;
    *count = (size_t)all->ends.at[index] - from;
    return all->values.at + from;
}

static void add(struct td_numbers *to, double value)
{
    if (to->count == to->cap) {
        to->cap = to->cap ? to->cap * 2 : 16;
        to->at = td_xrealloc(to->at, to->cap * sizeof *to->at);
    }
    to->at[to->count++] = value;
}

/* What an element's reader needs to know. */
struct filling {
    const struct td_query_field *field;
    struct td_numbers *to;
    struct td_invocations *invocations;
    td_query_case_fn *fn;
    void *context;
};

static int read_number(struct td_reader *reader, void *context)
{
    struct filling *filling = context;
    const struct td_query_field *field = filling->field;
    double value;
    int rc = td_reader_number(reader, field->expected, field->least,
                              field->most, &value);
    if (!rc)
        add(filling->to, value);
    return rc;
}

static int read_numbers(struct td_reader *reader, struct filling *filling)
{
    static const char expected[] = "an array of numbers, at least one";
    size_t before = filling->to->count;
    struct td_reader start = *reader;
    int rc = td_reader_array(reader, expected, read_number, filling);
    if (!rc && filling->to->count == before)
        return td_reader_expected(&start, expected);
    return rc;
}

static int read_invocation(struct td_reader *reader, void *context)
{
    struct filling *filling = context;
    int rc = read_numbers(reader, filling);
    if (!rc)
        add(&filling->invocations->ends, (double)filling->to->count);
    return rc;
}

static int read_invocations(struct td_reader *reader, struct filling *filling)
{
    static const char expected[] =
        "an array of invocations, at least one, each an array of numbers";
    struct td_reader start = *reader;
    int rc;
    filling->to = &filling->invocations->values;
    rc = td_reader_array(reader, expected, read_invocation, filling);
    if (!rc && !filling->invocations->ends.count)
        return td_reader_expected(&start, expected);
    return rc;
}

static int read_choice(struct td_reader *reader, const char *const *choices,
                       int *out)
{
    struct td_buf text = TD_BUF_INIT, expected = TD_BUF_INIT;
    struct td_reader start = *reader;
    int rc;
    for (size_t i = 0; choices[i]; i++)
        td_buf_addf(&expected, "%s\"%s\"", i ? " or " : "", choices[i]);
    rc = td_reader_string(reader, td_buf_str(&expected), &text);
    for (*out = 0; !rc && choices[*out]; ++*out)
        if (strcmp(choices[*out], td_buf_str(&text)) == 0)
            break;
    if (!rc && !choices[*out])
        rc = td_reader_expected(&start, td_buf_str(&expected));
    td_buf_release(&text);
    td_buf_release(&expected);
    return rc;
}

static int read_one_choice(struct td_reader *reader, void *context)
{
    struct filling *filling = context;
    int index = 0, rc = read_choice(reader, filling->field->choices, &index);
    if (!rc)
        add(filling->to, index);
    return rc;
}

static int read_request(struct td_reader *reader, struct td_query *out,
                        td_query_case_fn *fn, void *context, bool nested);

static int read_case(struct td_reader *reader, void *context)
{
    struct filling *filling = context;
    struct td_query one;
    int rc;
    td_query_init(&one);
    rc = read_request(reader, &one, NULL, NULL, true);
    if (!rc)
        rc = filling->fn(reader, &one, filling->context);
    td_query_release(&one);
    return rc;
}

static int read_value(struct td_reader *reader,
                      const struct td_query_field *field, void *target,
                      struct filling *filling)
{
    switch (field->type) {
    case TD_FIELD_FLAG:
        return td_reader_flag(reader, target);
    case TD_FIELD_CHOICE:
        return read_choice(reader, field->choices, target);
    case TD_FIELD_WHOLE:
        return td_reader_whole(reader, target);
    case TD_FIELD_NUMBER:
        return td_reader_number(reader, field->expected, field->least,
                                field->most, target);
    case TD_FIELD_STRING:
        return td_reader_string(reader, field->expected, target);
    case TD_FIELD_NUMBERS:
        filling->to = target;
        filling->to->count = 0; /* the defaults */
        return read_numbers(reader, filling);
    case TD_FIELD_CHOICES:
        filling->to = target;
        return td_reader_array(reader, "an array", read_one_choice, filling);
    case TD_FIELD_INVOCATIONS:
        filling->invocations = target;
        return read_invocations(reader, filling);
    case TD_FIELD_CASES:
        break;
    }
    return td_reader_array(reader, "an array of requests", read_case, filling);
}

struct reading {
    struct td_query *out;
    td_query_case_fn *fn;
    void *context;
    bool nested; /* is an element of "cases" */
};

static int unknown_field(struct td_reader *reader, const char *name)
{
    struct td_strings names = TD_STRINGS_INIT;
    const char *nearest = NULL;
    int rc;
    for (size_t i = 0; td_query_fields[i].name; i++)
        td_strings_add(&names, td_query_fields[i].name);
    if (strlen(name) > 2) /* else every short name is near */
        nearest = td_strings_nearest(&names, name);
    rc = td_reader_reject(reader, NULL, SIZE_MAX, "no such field%s%s%s",
                          nearest ? "; did you mean \"" : "",
                          nearest ? nearest : "", nearest ? "\"?" : "");
    td_strings_release(&names);
    return rc;
}

static int read_field(struct td_reader *reader, const char *name, void *context)
{
    struct reading *reading = context;
    const struct td_query_field *field = td_query_fields;
    struct filling filling = {.fn = reading->fn, .context = reading->context};
    uint64_t bit;
    while (field->name && strcmp(field->name, name) != 0)
        field++;
    if (!field->name)
        return unknown_field(reader, name);
    if (field->type == TD_FIELD_CASES && reading->nested)
        return td_reader_reject(reader, NULL, SIZE_MAX,
                                "a case cannot hold cases");
    bit = (uint64_t)1 << (field - td_query_fields);
    if (reading->out->given & bit)
        return td_reader_reject(reader, NULL, SIZE_MAX, "given twice");
    reading->out->given |= bit;
    filling.field = field;
    return read_value(reader, field, (char *)reading->out + field->offset,
                      &filling);
}

static int read_request(struct td_reader *reader, struct td_query *out,
                        td_query_case_fn *fn, void *context, bool nested)
{
    struct reading reading = {out, fn, context, nested};
    int rc = td_reader_object(reader, "an object", read_field, &reading);
    return rc ? rc : td_query_check(reader, out);
}

int td_query_read(struct td_reader *reader, struct td_query *out,
                  td_query_case_fn *fn, void *context)
{
    return read_request(reader, out, fn, context, false);
}
