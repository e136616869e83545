#include "load/load.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

/* The parts of a URL, as spans of it. */
struct url {
    const char *host, *port, *path;
    size_t host_len, port_len, path_len;
    bool v6; /* the host stood in brackets */
};

static int refuse(struct td_err *err, const char *url, const char *why)
{
    return td_err_set(err, TD_EUSAGE,
                      "URL \"%.200s\": %s; expected the like of "
                      "http://127.0.0.1:8080/path",
                      url, why);
}

static bool has_bad_byte(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text <= ' ' || *text == 0x7f)
            return true;
    return false;
}

static int split_authority(struct url *parts, const char *at, size_t len,
                           const char *url, struct td_err *err)
{
    const char *end = at + len, *colon;
    if (memchr(at, '@', len))
        return refuse(err, url, "a user name has no meaning here");
    parts->v6 = len && at[0] == '[';
    parts->host = at + parts->v6;
    colon = memchr(at, parts->v6 ? ']' : ':', len);
    if (parts->v6 && !colon)
        return refuse(err, url, "the \"[\" has no \"]\"");
    parts->host_len = (size_t)((colon ? colon : end) - parts->host);
    if (parts->v6 && ++colon < end && *colon != ':')
        return refuse(err, url, "after \"]\" only a port can stand");
    if (parts->host_len == 0)
        return refuse(err, url, "it names no host");
    parts->port = colon && colon < end ? colon + 1 : end;
    parts->port_len = (size_t)(end - parts->port);
    return 0;
}

static int split(struct url *parts, const char *url, struct td_err *err)
{
    static const char scheme[] = "http://";
    const char *rest = url + sizeof scheme - 1;
    size_t authority;
    if (strncasecmp(url, scheme, sizeof scheme - 1) != 0)
        return refuse(err, url, "only http:// can be loaded");
    if (has_bad_byte(url))
        return refuse(err, url, "it holds a blank or a control byte");
    authority = strcspn(rest, "/?#");
    parts->path = rest + authority;
    parts->path_len = strcspn(parts->path, "#");
    return split_authority(parts, rest, authority, url, err);
}

static int parse_port(const struct url *parts, const char *url, uint16_t *out,
                      struct td_err *err)
{
    unsigned port = 0;
    *out = 80;
    if (parts->port_len == 0)
        return 0;
    for (size_t i = 0; i < parts->port_len; i++) {
        char c = parts->port[i];
        if (c < '0' || c > '9' || i >= 5)
            return refuse(err, url, "the port is no number");
        port = port * 10 + (unsigned)(c - '0');
    }
    if (port == 0 || port > UINT16_MAX)
        return refuse(err, url, "the port is not within 1 to 65535");
    *out = (uint16_t)port;
    return 0;
}

static bool same_address(const struct sockaddr *a, const struct sockaddr *b)
{
    const struct sockaddr_in *a4 = (const void *)a, *b4 = (const void *)b;
    const struct sockaddr_in6 *a6 = (const void *)a, *b6 = (const void *)b;
    if (a->sa_family != b->sa_family)
        return false;
    if (a->sa_family == AF_INET)
        return a4->sin_addr.s_addr == b4->sin_addr.s_addr;
    return a->sa_family == AF_INET6 &&
           memcmp(&a6->sin6_addr, &b6->sin6_addr, sizeof a6->sin6_addr) == 0;
}

/* Loopback, or an address of one of this machine's interfaces. */
static bool is_of_this_machine(const struct sockaddr *address)
{
    const struct sockaddr_in *v4 = (const void *)address;
    struct ifaddrs *all = NULL;
    bool found = false;
    if (address->sa_family == AF_INET &&
        ntohl(v4->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET)
        return true;
    if (getifaddrs(&all) != 0)
        return false;
    for (struct ifaddrs *at = all; at && !found; at = at->ifa_next)
        found = at->ifa_addr && same_address(at->ifa_addr, address);
    freeifaddrs(all);
    return found;
}

static void add_address(struct td_load_target *out, const struct sockaddr *from,
                        socklen_t len)
{
    struct sockaddr_storage *all =
        td_xrealloc(out->addresses, (out->naddresses + 1) * sizeof *all);
    memset(&all[out->naddresses], 0, sizeof *all);
    memcpy(&all[out->naddresses++], from, len);
    out->addresses = all;
}

/* host is numeric, or (resolve) a name that is looked up. */
static int add_host(struct td_load_target *out, const char *host, bool resolve)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICSERV |
                                         (resolve ? 0 : AI_NUMERICHOST)};
    struct addrinfo *found = NULL;
    char port[8];
    int rc;
    snprintf(port, sizeof port, "%u", out->port);
    rc = getaddrinfo(host, port, &hints, &found);
    for (struct addrinfo *at = found; at; at = at->ai_next)
        add_address(out, at->ai_addr, at->ai_addrlen);
    if (found)
        freeaddrinfo(found);
    return rc;
}

/* Whether host is written as inet_pton has it: getaddrinfo also takes
 * "127.1" and "2130706433", which few would recognise. */
static bool is_literal(const char *host)
{
    unsigned char scratch[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, host, scratch) == 1 ||
           inet_pton(AF_INET6, host, scratch) == 1;
}

static int find_addresses(struct td_load_target *out, const char *url,
                          bool allow_remote, struct td_err *err)
{
    int rc;
    if (strcasecmp(out->host, "localhost") == 0) {
        add_host(out, "127.0.0.1", false);
        add_host(out, "::1", false);
        return 0;
    }
    if (is_literal(out->host)) {
        if (add_host(out, out->host, false) == 0 &&
            (allow_remote || is_of_this_machine(out->addresses)))
            return 0;
        return refuse(err, url,
                      "that address is not one of this machine "
                      "(--allow-remote would load it all the same)");
    }
    if (!allow_remote)
        return refuse(err, url,
                      "the host is neither an address nor localhost "
                      "(--allow-remote would look it up)");
    rc = add_host(out, out->host, true);
    if (rc)
        return td_err_set(err, TD_EUSAGE, "URL \"%.200s\": host \"%s\": %s",
                          url, out->host, gai_strerror(rc));
    return 0;
}

/* An absent path is "/"; a query alone gets one. */
static char *path_of(const struct url *parts)
{
    const char *slash = parts->path_len && parts->path[0] == '/' ? "" : "/";
    return td_xasprintf("%s%.*s", slash, (int)parts->path_len, parts->path);
}

int td_load_target_parse(struct td_load_target *out, const char *url,
                         bool allow_remote, struct td_err *err)
{
    struct url parts = {0};
    int rc;
    memset(out, 0, sizeof *out);
    rc = split(&parts, url, err);
    if (!rc)
        rc = parse_port(&parts, url, &out->port, err);
    if (rc)
        return rc;
    out->host = td_xstrndup(parts.host, parts.host_len);
    out->path = path_of(&parts);
    out->authority = td_xasprintf(parts.v6 ? "[%s]" : "%s", out->host);
    if (out->port != 80) {
        char *host = out->authority;
        out->authority = td_xasprintf("%s:%u", host, out->port);
        free(host);
    }
    rc = find_addresses(out, url, allow_remote, err);
    if (rc)
        td_load_target_release(out);
    return rc;
}

void td_load_target_release(struct td_load_target *target)
{
    free(target->host);
    free(target->path);
    free(target->authority);
    free(target->addresses);
    memset(target, 0, sizeof *target);
}
