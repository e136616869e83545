#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "claims/document.h"

#include <string.h>

static const char *const none[] = {NULL};
static const char *const source[] = {"source", "status", NULL};
static const char *const workload[] = {"workload", NULL};
static const struct td_block_kind kinds[] = {
    {"host", none, NULL},
    {"claims", source, NULL},
    {"growth", workload, "workload"},
    {NULL, NULL, NULL},
};

/* The text with "<n>" and a line end inside block n; released by the caller. */
static int fill(const char *text, size_t len, struct td_buf *out,
                struct td_err *err)
{
    struct td_document document;
    struct td_buf bodies[8] = {TD_BUF_INIT};
    int rc = td_document_parse(&document, "d.md", text, len, kinds, err);
    assert_true(document.count <= 8);
    for (size_t i = 0; i < document.count; i++)
        td_buf_addf(&bodies[i], "<%zu>\n", i);
    if (!rc)
        td_document_fill(&document, bodies, out);
    for (size_t i = 0; i < 8; i++)
        td_buf_release(&bodies[i]);
    td_document_release(&document);
    return rc;
}

static void becomes(const char *text, const char *expected)
{
    struct td_buf out = TD_BUF_INIT, again = TD_BUF_INIT;
    struct td_err err = TD_ERR_INIT;
    assert_int_equal(fill(text, strlen(text), &out, &err), 0);
    assert_string_equal(td_buf_str(&out), expected);
    assert_int_equal(fill(out.data, out.len, &again, &err), 0);
    assert_string_equal(td_buf_str(&again), expected);
    td_buf_release(&out);
    td_buf_release(&again);
}

static void refused(const char *text, const char *message)
{
    struct td_buf out = TD_BUF_INIT;
    struct td_err err = TD_ERR_INIT;
    assert_int_equal(fill(text, strlen(text), &out, &err), TD_EINPUT);
    assert_string_equal(err.msg, message);
    assert_int_equal(out.len, 0);
    td_buf_release(&out);
}

static void replaces_what_lies_between(void **state)
{
    (void)state;
    becomes("a\n<!-- tandem:begin host -->\nold\n\nolder\n"
            "<!-- tandem:end -->\nz",
            "a\n<!-- tandem:begin host -->\n<0>\n<!-- tandem:end -->\nz");
    becomes("<!--tandem:begin growth workload=primes-->\n<!--tandem:end-->\n"
            "  <!--  tandem:begin  claims source=003 status=all  -->  \n"
            "   <!-- tandem:end -->",
            "<!--tandem:begin growth workload=primes-->\n<0>\n"
            "<!--tandem:end-->\n"
            "  <!--  tandem:begin  claims source=003 status=all  -->  \n<1>\n"
            "   <!-- tandem:end -->");
    becomes("\xef\xbb\xbf<!-- tandem:begin host -->\n<!-- tandem:end -->",
            "\xef\xbb\xbf<!-- tandem:begin host -->\n<0>\n"
            "<!-- tandem:end -->");
    becomes("nothing to fill", "nothing to fill");
    becomes("", "");
}

static void keeps_line_ends(void **state)
{
    (void)state;
    becomes(
        "a\r\n<!-- tandem:begin host -->\r\nold\n<!-- tandem:end -->\r\nz\n",
        "a\r\n<!-- tandem:begin host -->\r\n<0>\r\n"
        "<!-- tandem:end -->\r\nz\n");
    becomes("<!-- tandem:begin host -->\n\r\n<!-- tandem:end -->\r\n\r",
            "<!-- tandem:begin host -->\n<0>\n<!-- tandem:end -->\r\n\r");
}

static void keeps_all_other_bytes(void **state)
{
    static const char text[] = "\0\xff\xfe \t\r\n<!-- tandem:begin host -->\n"
                               "\0\n<!-- tandem:end -->\0\n";
    static const char bad[] = "<!-- tandem:begin\0 host -->";
    static const char before[] =
        "\0\xff\xfe \t\r\n<!-- tandem:begin host -->\n";
    struct td_buf out = TD_BUF_INIT;
    struct td_err err = TD_ERR_INIT;
    (void)state;
    /* The NUL behind the end marker is text behind it. */
    assert_int_equal(fill(text, sizeof text - 1, &out, &err), TD_EINPUT);
    td_err_clear(&err);
    assert_int_equal(fill(text, sizeof text - 3, &out, &err), 0);
    assert_memory_equal(out.data, before, sizeof before - 1);
    assert_string_equal(out.data + sizeof before - 1,
                        "<0>\n<!-- tandem:end -->");
    assert_int_equal(fill(bad, sizeof bad - 1, &out, &err), TD_EINPUT);
    assert_string_equal(err.msg, "d.md:1: a NUL byte in the marker");
    td_buf_release(&out);
}

static void code_is_text(void **state)
{
    static const char *const texts[] = {
        "```\n<!-- tandem:begin host -->\n```\n",
        "~~~ md\n<!-- tandem:end -->\n```\n<!-- tandem:end -->\n~~~~\nz",
        "  ````x\n<!-- tandem:begin host -->\n```\n<!-- tandem:nonsense -->\n",
        "    <!-- tandem:begin host -->\n",
        "\t<!-- tandem:begin host -->\n",
        "say `<!-- tandem:begin KIND -->` … `<!-- tandem:end -->`\n",
        "``a ` <!-- tandem:end --> ``\n",
        "<!-- of tandem:begin -->\n<!-- tandem -->\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        becomes(texts[i], texts[i]);
    /* The second fence closes the first; a fence with a backtick is none. */
    becomes("```\n```\n<!-- tandem:begin host -->\n<!-- tandem:end -->\n",
            "```\n```\n<!-- tandem:begin host -->\n<0>\n<!-- tandem:end -->\n");
    becomes("``` `\n<!-- tandem:begin host -->\n<!-- tandem:end -->\n",
            "``` `\n<!-- tandem:begin host -->\n<0>\n<!-- tandem:end -->\n");
}

static void refuses_what_is_not_balanced(void **state)
{
    (void)state;
    refused("a\n<!-- tandem:begin host -->\n",
            "d.md:2: begins a block without an end");
    refused("<!-- tandem:begin host -->\n```\n<!-- tandem:end -->\n",
            "d.md:1: begins a block without an end: a code block goes on to "
            "the end of the file");
    refused("\n\n<!-- tandem:end -->\n",
            "d.md:3: ends a block that has not begun");
    refused("<!-- tandem:begin host -->\n\n<!-- tandem:begin host -->\n",
            "d.md:3: begins a block inside another, which began at line 1");
    refused("<!-- tandem:begin host -->\n<!-- tandem:end -->\r\n"
            "<!-- tandem:end -->\n",
            "d.md:3: ends a block that has not begun");
}

static void refuses_other_mistakes(void **state)
{
    (void)state;
    refused("<!-- tandem:begin hots -->",
            "d.md:1: no kind of block \"hots\"; did you mean host?");
    refused("<!-- tandem:begin something -->",
            "d.md:1: no kind of block \"something\"; expected one of host, "
            "claims, growth");
    refused("<!-- tandem:begin -->",
            "d.md:1: expected a kind of block after \"begin\"");
    refused("<!-- tandem:begin host now=1 -->",
            "d.md:1: host takes no argument, found \"now\"");
    refused("<!-- tandem:begin claims sorce=003 -->",
            "d.md:1: claims has no argument \"sorce\"; did you mean source?");
    refused("<!-- tandem:begin claims source -->",
            "d.md:1: expected NAME=VALUE after \"claims\", found \"source\"");
    refused("<!-- tandem:begin claims source= -->",
            "d.md:1: expected NAME=VALUE after \"claims\", found \"source=\"");
    refused("<!-- tandem:begin claims source=1 source=2 -->",
            "d.md:1: \"source\" stands twice");
    refused("<!-- tandem:begin growth -->",
            "d.md:1: growth needs workload=VALUE");
    refused("<!-- tandem:begn host -->",
            "d.md:1: expected tandem:begin or tandem:end, found tandem:begn");
    refused("<!-- tandem: begin host -->",
            "d.md:1: expected tandem:begin or tandem:end");
    refused("<!-- tandem:begin host",
            "d.md:1: expected \"-->\" at the end of the marker's line");
    refused("<!-- tandem:begin host --> x",
            "d.md:1: expected a line of its own for the marker, found text "
            "behind it");
    refused("x ` <!-- tandem:end -->",
            "d.md:1: expected a line of its own for the marker, found text "
            "before it");
    refused("<!-- tandem:begin host -->\n<!-- tandem:end host -->",
            "d.md:2: expected nothing after \"end\", found \"host\"");
}

static void gives_arguments_and_lines(void **state)
{
    static const char text[] = "x\n<!-- tandem:begin claims status=a=b "
                               "source=003 -->\nold\n<!-- tandem:end -->\n";
    struct td_document document;
    struct td_err err = TD_ERR_INIT;
    struct td_buf body = TD_BUF_INIT;
    (void)state;
    assert_int_equal(td_document_parse(&document, "d.md", text, sizeof text - 1,
                                       kinds, &err),
                     0);
    assert_int_equal(document.count, 1);
    assert_int_equal(document.blocks[0].line, 2);
    assert_ptr_equal(document.blocks[0].kind, &kinds[1]);
    assert_string_equal(td_fields_get(&document.blocks[0].args, "status"),
                        "a=b");
    td_buf_adds(&body, "old\n");
    assert_true(td_document_is_fresh(&document, 0, &body));
    td_buf_adds(&body, "\n");
    assert_false(td_document_is_fresh(&document, 0, &body));
    td_buf_clear(&body);
    assert_false(td_document_is_fresh(&document, 0, &body));
    td_buf_release(&body);
    td_document_release(&document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replaces_what_lies_between),
        cmocka_unit_test(keeps_line_ends),
        cmocka_unit_test(keeps_all_other_bytes),
        cmocka_unit_test(code_is_text),
        cmocka_unit_test(refuses_what_is_not_balanced),
        cmocka_unit_test(refuses_other_mistakes),
        cmocka_unit_test(gives_arguments_and_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
