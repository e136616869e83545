#include "measure/answers.h"

#include "base/clock.h"
#include "base/files.h"
#include "base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 80 };

/* "GET /users/1" of "GET /users/1 HTTP/1.1\r\n…". */
static char *label(const struct td_load_request *request)
{
    const char *end = memmem(request->bytes, request->len, " HTTP/", 6);
    size_t len = end ? (size_t)(end - request->bytes) : 0;
    char *text = td_xstrndup(request->bytes, len);
    for (char *c = text; *c; c++)
        if (*c == '\r' || *c == '\n')
            *c = ' ';
    return text;
}

/* 1.0 is 1: not every language's JSON writer knows the difference. */
static json_t *plain(json_t *value)
{
    json_t *out, *part;
    size_t i;
    double real;
    if (json_is_object(value)) {
        out = json_object();
        for (void *at = json_object_iter(value); at;
             at = json_object_iter_next(value, at))
            json_object_set_new(out, json_object_iter_key(at),
                                plain(json_object_iter_value(at)));
        return out;
    }
    if (json_is_array(value)) {
        out = json_array();
        json_array_foreach(value, i, part)
            json_array_append_new(out, plain(part));
        return out;
    }
    real = json_is_real(value) ? json_real_value(value) : .5;
    if (real == floor(real) && fabs(real) < 9e15)
        return json_integer((json_int_t)real);
    return json_deep_copy(value);
}

static json_t *body_json(const struct td_buf *body)
{
    json_error_t ignored;
    json_t *parsed = json_loadb(td_buf_str(body), body->len,
                                JSON_DECODE_ANY | JSON_ALLOW_NUL, &ignored);
    json_t *out;
    char hex[TD_SHA256_HEX];
    if (parsed) {
        out = plain(parsed);
        json_decref(parsed);
        return out;
    }
    if (td_json_can_hold(td_buf_str(body), body->len) &&
        strlen(td_buf_str(body)) == body->len)
        return json_string(td_buf_str(body));
    td_sha256(td_buf_str(body), body->len, hex);
    return json_pack("{s:s, s:I}", "sha256", hex, "bytes",
                     (json_int_t)body->len);
}

json_t *td_answers_entry(const struct td_load_request *request,
                         const struct td_answer *answer)
{
    char *text = label(request);
    json_t *entry =
        json_pack("{s:o, s:i, s:o}", "request", td_json_text(text), "status",
                  answer->status, "body", body_json(&answer->body));
    free(text);
    return entry;
}

static int check_expected(const struct td_load_request *request,
                          const struct td_answer *answer, struct td_err *err)
{
    bool fine = request->expect_status
                    ? answer->status == request->expect_status
                    : answer->status / 100 == 2;
    char *text = label(request);
    int rc = 0;
    if (!fine)
        rc = td_err_set(err, TD_EANSWER,
                        "%s: answered with status %d where %s%.0d was "
                        "expected: %.300s",
                        text, answer->status,
                        request->expect_status ? "" : "2xx",
                        request->expect_status, td_buf_str(&answer->body));
    else if (request->expect_body &&
             (answer->body.len != request->expect_body_len ||
              memcmp(td_buf_str(&answer->body), request->expect_body,
                     answer->body.len) != 0))
        rc = td_err_set(err, TD_EANSWER,
                        "%s: the body is not the expected one: %.300s", text,
                        td_buf_str(&answer->body));
    free(text);
    return rc;
}

json_t *td_answers_ask(const struct td_load_target *target,
                       const struct td_load_requests *requests,
                       uint64_t timeout_ns, struct td_buf *bodies,
                       struct td_interval *first, struct td_err *err)
{
    json_t *answers = json_array();
    int rc = 0;
    for (size_t i = 0; !rc && i < requests->count; i++) {
        struct td_answer answer = {0, TD_BUF_INIT};
        struct td_interval took = {td_clock_ns(), 0};
        rc = td_ask(target, &requests->at[i], timeout_ns, &answer, err);
        took.end_ns = td_clock_ns();
        if (i == 0)
            *first = took;
        if (!rc)
            rc = check_expected(&requests->at[i], &answer, err);
        if (!rc) {
            td_buf_add(&bodies[i], td_buf_str(&answer.body), answer.body.len);
            json_array_append_new(answers,
                                  td_answers_entry(&requests->at[i], &answer));
        }
        td_answer_release(&answer);
    }
    if (!rc)
        return answers;
    json_decref(answers);
    return NULL;
}

void td_answers_digest(const json_t *answers, char hex[TD_ANSWERS_DIGITS + 1])
{
    char *text = json_dumps(answers, JSON_COMPACT | JSON_SORT_KEYS);
    char whole[TD_SHA256_HEX];
    td_sha256(text, strlen(text), whole);
    memcpy(hex, whole, TD_ANSWERS_DIGITS);
    hex[TD_ANSWERS_DIGITS] = '\0';
    free(text);
}

static void say_value(const json_t *value, struct td_buf *out)
{
    char *text =
        value
            ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS)
            : td_xstrdup("nothing");
    td_buf_addf(out, "%.*s%s", SHOWN, text, strlen(text) > SHOWN ? "…" : "");
    free(text);
}

static bool tell(const char *path, const json_t *own, const json_t *other,
                 struct td_buf *where)
{
    td_buf_addf(where, "%s is ", path);
    say_value(own, where);
    td_buf_adds(where, " where others say ");
    say_value(other, where);
    return true;
}

static bool differ(const char *path, json_t *own, json_t *other,
                   struct td_buf *where);

static bool members_differ(const char *path, json_t *own, json_t *other,
                           struct td_buf *where)
{
    json_t *both = json_copy(own), *ignored;
    const char *key;
    bool found = false;
    json_object_update_missing(both, other);
    json_object_foreach(both, key, ignored)
    {
        char *below = td_xasprintf("%s.%s", path, key);
        found = differ(below, json_object_get(own, key),
                       json_object_get(other, key), where);
        free(below);
        if (found)
            break;
    }
    json_decref(both);
    return found;
}

static bool elements_differ(const char *path, json_t *own, json_t *other,
                            struct td_buf *where)
{
    size_t n = json_array_size(own), m = json_array_size(other);
    bool found = false;
    for (size_t i = 0; !found && (i < n || i < m); i++) {
        char *below = td_xasprintf("%s[%zu]", path, i);
        found = differ(below, json_array_get(own, i), json_array_get(other, i),
                       where);
        free(below);
    }
    return found;
}

static bool differ(const char *path, json_t *own, json_t *other,
                   struct td_buf *where)
{
    if (own && other && json_equal(own, other))
        return false;
    if (json_is_object(own) && json_is_object(other))
        return members_differ(path, own, other, where);
    if (json_is_array(own) && json_is_array(other))
        return elements_differ(path, own, other, where);
    return tell(path, own, other, where);
}

bool td_answers_differ(const json_t *own, const json_t *others,
                       struct td_buf *where)
{
    size_t count = json_array_size(own);
    bool found = false;
    for (size_t i = 0; !found && i < count; i++) {
        json_t *mine = json_array_get(own, i);
        const char *request = td_json_str(mine, "request", "");
        struct td_buf text = TD_BUF_INIT;
        found = differ("", mine, json_array_get(others, i), &text);
        if (found)
            td_buf_addf(where, "%s: %s", request,
                        td_buf_str(&text) + (td_buf_str(&text)[0] == '.'));
        td_buf_release(&text);
    }
    return found;
}

bool td_answers_only_read(const struct td_load_requests *requests)
{
    for (size_t i = 0; i < requests->count; i++)
        if (strncmp(requests->at[i].bytes, "GET ", 4) != 0 &&
            strncmp(requests->at[i].bytes, "HEAD ", 5) != 0)
            return false;
    return true;
}
