# Debian's libhttp-parser, which the response scanner is held against; the
# programs that use it say so where it is missing.
HTTP_PARSER := $(shell echo '\#include <http_parser.h>' | \
 $(CC) -E -x c - >/dev/null 2>&1 && echo -lhttp_parser)

$B/unit/test_response_oracle: LIBS += $(HTTP_PARSER)
