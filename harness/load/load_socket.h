/*
 * load_socket - the system calls that a load makes on its sockets, apart
 * from reading and writing.
 */
#ifndef TD_LOAD_LOAD_SOCKET_H
#define TD_LOAD_LOAD_SOCKET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/* A descriptor, not blocking and without Nagle's delay, on which a connect
 * has begun; or -errno. */
int td_load_socket_connect(const struct sockaddr_storage *address);
/* How the connect ended: 0 or -errno. */
int td_load_socket_error(int fd);

/* Whether the other side's kernel had taken more than `before` bytes that
 * were written to this connection.  One that was closed already takes none;
 * also true where the kernel does not say. */
bool td_load_socket_was_taken(int fd, uint64_t before);

/* Raises the soft limit of descriptors to the hard one.  Returns it. */
uint64_t td_load_socket_raise_limit(void);

#endif
