/*
 * gotest - the parts of the gotest driver: running the go command, and
 * compiling a workload at most once.
 *
 * A runtime's `build` is what `go env` said of the variables that change the
 * compiled code, with Go's own names; GOTOOLCHAIN in it is always set and
 * names the toolchain that every later go command must use.
 */
#ifndef TD_DRIVERS_GOTEST_GOTEST_H
#define TD_DRIVERS_GOTEST_GOTEST_H

#include "drivers/driver.h"

enum td_go_seconds { TD_GO_ASK_S = 20, TD_GO_FETCH_S = 300 };

/* Runs `go WORDS…` in dir (NULL = anywhere) with the given GOTOOLCHAIN.  The
 * environment is the harness's as far as it concerns compiling.  words are
 * separated by blanks; more is appended as it is.  The exit status is the
 * caller's to judge. */
int td_go_command(const struct td_context *context, const char *go,
                  const char *toolchain, const char *dir, const char *words,
                  const struct td_strings *more, int timeout_s,
                  struct td_child_result *out, struct td_err *err);

/* Where the binary of the case's workload lies (malloc'd), compiled now
 * unless the same sources have been before.  package NULL: the benchmarks,
 * by `go test -c`; beside the binary lies `benchmarks`, the names in it, one
 * a line.  Else a main package ("./nethttp"), by `go build`.  Adds sources
 * and binary to hashes. */
int td_go_build(const struct td_context *context,
                const struct td_case_spec *spec, const char *package,
                char **binary, json_t *hashes, struct td_err *err);

/* TD_EINPUT with the nearest name unless the binary has the benchmark. */
int td_go_check_entry(const char *binary, const struct td_case_spec *spec,
                      struct td_err *err);

/*
 * Writes name and content of every source that list names into text, and
 * path -> SHA-256 into sources; paths below root are shown relative to it.
 * list holds lines "D directory" (its names, and the files that Go
 * compiles), "F file", "M go.mod" (and its go.sum).
 */
int td_go_digest(const char *list, const char *root, struct td_buf *text,
                 json_t *sources, struct td_err *err);
int td_go_digest_file(const char *path, const char *root, json_t *sources,
                      struct td_err *err);

/* "BenchmarkA/b" as the -test.bench expression that matches only it. */
void td_go_pattern(const char *entry, struct td_buf *out);

extern const struct td_own_tool td_go_own_tool;

/* The first lines of what go printed, without its news on downloads. */
void td_go_complaint(const char *text, struct td_buf *out);

/* False for a version below the oldest that the Go package compiles with;
 * "1.22.12", "1.26rc1". */
bool td_go_new_enough(const char *version, int minor);

#endif
