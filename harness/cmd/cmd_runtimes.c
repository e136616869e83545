#include "cmd/app.h"

#include <stdio.h>
#include <string.h>

struct runtimes_options {
    int format;
};

static const char *const formats[] = {"text", "json", NULL};

static const struct td_opt options[] = {
    {"format", TD_OPT_CHOICE, offsetof(struct runtimes_options, format), "text",
     0, 0, formats, "FORMAT", "how the list is printed"},
    TD_OPT_END,
};

/* One that is not usable may have neither version nor build. */
static json_t *runtime_json(const struct td_runtime *runtime)
{
    json_t *build =
        runtime->build ? json_incref(runtime->build) : json_object();
    return json_pack("{s:s, s:s, s:s?, s:s, s:s?, s:s?, s:o}", "name",
                     runtime->name, "family", runtime->family, "version",
                     runtime->version, "path", runtime->path, "hosting",
                     runtime->hosting, "problem", runtime->problem, "build",
                     build);
}

static int print_json(const struct td_runtimes *runtimes)
{
    json_t *list = json_array();
    for (size_t i = 0; i < runtimes->count; i++)
        json_array_append_new(list, runtime_json(&runtimes->at[i]));
    json_dumpf(list, stdout, JSON_INDENT(2) | JSON_SORT_KEYS);
    putchar('\n');
    json_decref(list);
    return 0;
}

/* The build object as "key=value" words; long values are left to JSON. */
static void print_build(const json_t *build)
{
    const char *key;
    json_t *value;
    void *it;
    for (it = json_object_iter((json_t *)(uintptr_t)build); it;
         it = json_object_iter_next((json_t *)(uintptr_t)build, it)) {
        key = json_object_iter_key(it);
        value = json_object_iter_value(it);
        if (json_is_string(value) && json_string_length(value) &&
            json_string_length(value) <= 40)
            printf(" %s=%s", key, json_string_value(value));
        else if (json_is_boolean(value))
            printf(" %s=%s", key, json_is_true(value) ? "yes" : "no");
        else if (json_is_integer(value))
            printf(" %s=%lld", key, (long long)json_integer_value(value));
    }
}

static int name_width(const struct td_runtimes *runtimes)
{
    size_t width = 0;
    for (size_t i = 0; i < runtimes->count; i++)
        if (strlen(runtimes->at[i].name) > width)
            width = strlen(runtimes->at[i].name);
    return width > 40 ? 40 : (int)width;
}

static void print_text(const struct td_runtimes *runtimes)
{
    int width = name_width(runtimes);
    for (size_t i = 0; i < runtimes->count; i++) {
        const struct td_runtime *r = &runtimes->at[i];
        printf("%-*s  %-7s  %s\n", width, r->name,
               r->problem ? "-" : (r->hosting ? r->hosting : "usable"),
               r->path);
        if (r->problem)
            printf("%*s  not usable: %s\n", width, "", r->problem);
        else if (json_object_size(r->build)) {
            printf("%*s ", width, "");
            print_build(r->build);
            putchar('\n');
        }
    }
}

static int run(struct td_app *app, const void *given,
               const struct td_strings *args, struct td_err *err)
{
    const struct runtimes_options *o = given;
    struct td_runtimes runtimes = {NULL, 0};
    int rc = td_app_loop(app, err);
    (void)args;
    if (rc)
        return rc;
    td_runtimes_discover(&app->context, &runtimes);
    if (o->format)
        print_json(&runtimes);
    else
        print_text(&runtimes);
    td_runtimes_release(&runtimes);
    return 0;
}

const struct td_command td_cmd_runtimes = {
    .name = "runtimes",
    .args = "",
    .summary = "list every runtime found, how it is hosted, or why it is not "
               "usable",
    .options = options,
    .options_size = sizeof(struct runtimes_options),
    .run = run,
};
