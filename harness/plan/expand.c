#include "plan/workload.h"

#include <stdlib.h>
#include <string.h>

static int no_such(const char *name, const struct td_fields *params,
                   struct td_err *err)
{
    struct td_strings names = TD_STRINGS_INIT;
    const char *near;
    int rc;
    for (size_t i = 0; i < params->count; i++)
        td_strings_add(&names, params->at[i].name);
    near = td_strings_nearest(&names, name);
    rc = td_err_set(err, TD_EINPUT, "{%s} is not a parameter%s%s%s", name,
                    near ? "; did you mean {" : "", near ? near : "",
                    near ? "}?" : "");
    td_strings_release(&names);
    return rc;
}

/* text stands at "{"; *used is how much of it was taken. */
static int expand_one(const char *text, const struct td_fields *params,
                      struct td_buf *out, size_t *used, struct td_err *err)
{
    size_t len = strcspn(text + 1, "}");
    const char *value;
    char *name;
    int rc = 0;
    if (text[1 + len] != '}')
        return td_err_set(err, TD_EINPUT,
                          "expected \"}\" after \"%s\"; a brace itself is "
                          "written {{",
                          text);
    name = td_xstrndup(text + 1, len);
    value = td_fields_get(params, name);
    if (value)
        td_buf_adds(out, value);
    else
        rc = no_such(name, params, err);
    free(name);
    *used = len + 2;
    return rc;
}

int td_expand(const char *text, const struct td_fields *params,
              struct td_buf *out, struct td_err *err)
{
    int rc = 0;
    while (!rc && *text) {
        size_t used = strcspn(text, "{");
        td_buf_add(out, text, used);
        text += used;
        if (!*text)
            break;
        if (text[1] == '{') {
            td_buf_addc(out, '{');
            used = 2;
        } else {
            rc = expand_one(text, params, out, &used, err);
        }
        text += used;
    }
    return rc;
}

static void end_word(struct td_strings *words, struct td_buf *word)
{
    td_strings_add(words, td_buf_str(word));
    td_buf_clear(word);
}

int td_words_split(struct td_strings *words, const char *text,
                   struct td_err *err)
{
    struct td_buf word = TD_BUF_INIT;
    bool quoted = false, begun = false;
    for (; *text; text++) {
        if (*text == '"') {
            quoted = !quoted;
            begun = true;
        } else if (!quoted && (*text == ' ' || *text == '\t')) {
            if (begun)
                end_word(words, &word);
            begun = false;
        } else {
            if (*text == '\\' && (text[1] == '"' || text[1] == '\\'))
                text++;
            td_buf_addc(&word, *text);
            begun = true;
        }
    }
    if (begun)
        end_word(words, &word);
    td_buf_release(&word);
    return quoted
               ? td_err_set(err, TD_EINPUT, "expected a closing quotation mark")
               : 0;
}
