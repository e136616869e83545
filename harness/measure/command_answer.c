#include "measure/command_answer.h"

#include "base/buf.h"
#include "base/files.h"
#include "base/json.h"

#include <stdbool.h>
#include <string.h>

enum { SHORT = 64, DIGITS = 16 };

static bool is_figure(const char *line, size_t len)
{
    static const char word[] = "figure ";
    return len >= sizeof word && strncmp(line, word, sizeof word - 1) == 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void keep_answer(const char *text, size_t len, struct td_buf *out)
{
    while (len) {
        const char *newline = memchr(text, '\n', len);
        size_t line = newline ? (size_t)(newline - text) + 1 : len;
        if (!is_figure(text, line))
            td_buf_add(out, text, line);
        text += line;
        len -= line;
    }
}

static bool is_short(const char *text, size_t len)
{
    if (len > SHORT || !td_json_can_hold(text, len))
        return false;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return false;
    return true;
}

char *td_command_answer(const char *text, size_t len)
{
    struct td_buf kept = TD_BUF_INIT;
    char hex[TD_SHA256_HEX], *answer;
    const char *from;
    size_t n;
    keep_answer(text, len, &kept);
    from = td_buf_str(&kept);
    n = kept.len;
    while (n && is_blank(from[n - 1]))
        n--;
    for (; n && is_blank(*from); n--)
        from++;
    if (!n) {
        answer = td_xstrdup(TD_ANSWER_EMPTY);
    } else if (is_short(from, n)) {
        answer = td_xstrndup(from, n);
    } else {
        td_sha256(from, n, hex);
        answer = td_xstrndup(hex, DIGITS);
    }
    td_buf_release(&kept);
    return answer;
}
