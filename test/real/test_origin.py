"""The origin as a process: delays, framing, limits, refusals, its end.

Run: python3 test/real/test_origin.py   (the program is $B/bin/tandem)
"""

import asyncio
import http.client
import os
import signal
import socket
import subprocess
import time
import unittest

TANDEM = os.path.join(os.environ.get("B", "build"), "bin", "tandem")


def start(*options: str) -> tuple[subprocess.Popen[str], int]:
    process = subprocess.Popen(
        [TANDEM, "origin", *options], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, int(process.stdout.readline().rpartition(":")[2])


def body(item: str) -> bytes:
    return f"tandem origin item {item}\n".encode() * 16


class Origin(unittest.TestCase):
    def setUp(self) -> None:
        self.process, self.port = start("--idle", "1s")

    def tearDown(self) -> None:
        self.process.terminate()
        self.assertEqual(self.process.wait(5), 0)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def raw(self, request: bytes) -> bytes:
        """All that comes back until the server closes the connection."""
        with socket.create_connection(("127.0.0.1", self.port), 5) as sock:
            sock.sendall(request)
            return b"".join(iter(lambda: sock.recv(65536), b""))

    def test_delay_is_never_early_and_connection_is_kept(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        for ms in (0, 1, 20, 100):
            begin = time.monotonic_ns()
            connection.request("GET", f"/delay/{ms}ms/item-{ms}")
            answer = connection.getresponse()
            self.assertEqual(answer.status, 200)
            self.assertEqual(answer.read(), body(f"item-{ms}"))
            self.assertGreaterEqual(time.monotonic_ns() - begin, ms * 10**6)
            self.assertFalse(answer.will_close)
        connection.close()

    def test_delays_of_many_connections_overlap(self) -> None:
        async def one(i: int) -> bytes:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(f"GET /delay/200ms/{i} HTTP/1.0\r\n\r\n".encode())
            data = await reader.read()
            writer.close()
            return data.partition(b"\r\n\r\n")[2]

        async def many() -> list[bytes]:
            return await asyncio.gather(*(one(i) for i in range(50)))

        begin = time.monotonic()
        bodies = asyncio.run(many())
        self.assertEqual(bodies, [body(str(i)) for i in range(50)])
        self.assertLess(time.monotonic() - begin, 2.0)

    def test_pipelined_requests_are_answered_in_order(self) -> None:
        requests = b"".join(
            f"GET /delay/{ms}ms/n{i} HTTP/1.1\r\nHost: h\r\n\r\n".encode()
            for i, ms in enumerate([30, 0, 10, 0])
        )
        got = self.raw(
            requests + b"GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
        )
        places = [got.index(body(f"n{i}")) for i in range(4)]
        self.assertEqual(places, sorted(places))
        self.assertEqual(got.count(b"HTTP/1.1 200 OK"), 5)
        self.assertTrue(got.endswith(b"ok\n"))

    def test_more_pipelined_bytes_than_the_buffer_holds(self) -> None:
        one = b"GET /delay/0ms/x HTTP/1.1\r\nHost: h\r\n\r\n"
        slow = one.replace(b"0ms", b"50ms")
        last = b"GET /healthz HTTP/1.0\r\n\r\n"
        got = self.raw(slow + one * 1000 + last)
        self.assertEqual(got.count(body("x")), 1001)

    def test_half_closed_client_gets_its_answer(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port), 5) as sock:
            sock.sendall(b"GET /delay/50ms/x HTTP/1.1\r\nHost: h\r\n\r\n")
            sock.shutdown(socket.SHUT_WR)
            got = b"".join(iter(lambda: sock.recv(65536), b""))
        self.assertTrue(got.endswith(body("x")))

    def test_request_in_single_bytes(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port), 5) as sock:
            for byte in b"GET /healthz HTTP/1.0\r\n\r\n":
                sock.sendall(bytes([byte]))
            got = b"".join(iter(lambda: sock.recv(65536), b""))
        self.assertTrue(got.endswith(b"ok\n"))

    def test_refusals(self) -> None:
        host = b"Host: h\r\n"
        for request, status in (
            (b"GET / HTTP/1.0\r\n\r\n", 404),
            (b"DELETE /healthz HTTP/1.0\r\n\r\n", 405),
            (b"GET /delay/soon/x HTTP/1.0\r\n\r\n", 400),
            (b"GET /delay/61s/x HTTP/1.0\r\n\r\n", 400),
            (b"rubbish\r\n\r\n", 400),
            (b"GET /" + b"a" * 9000, 414),
            (b"GET / HTTP/1.1\r\n" + host + b"A: b\r\n" * 2000 + b"\r\n", 431),
            (b"POST / HTTP/1.1\r\n" + host + b"Transfer-Encoding: x\r\n\r\n", 501),
        ):
            got = self.raw(request)
            self.assertTrue(got.startswith(b"HTTP/1.1 %d " % status), (request, got))
            self.assertIn(b"Connection: close\r\n", got)

    def test_a_request_body_is_skipped(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request("POST", "/healthz", b"x" * 100_000)
        answer = connection.getresponse()
        self.assertEqual((answer.status, answer.getheader("Allow")), (405, "GET, HEAD"))
        answer.read()
        connection.request("HEAD", "/delay/1ms/x")
        answer = connection.getresponse()
        self.assertEqual(answer.getheader("Content-Length"), str(len(body("x"))))
        self.assertEqual(answer.read(), b"")
        connection.close()

    def test_an_idle_connection_is_closed(self) -> None:
        begin = time.monotonic()
        self.assertEqual(self.raw(b"GET /healthz HTTP/1.1\r\nHos"), b"")
        self.assertGreaterEqual(time.monotonic() - begin, 1.0)


class Life(unittest.TestCase):
    def test_port_taken(self) -> None:
        first, port = start()
        second = subprocess.run(
            [TANDEM, "origin", "--port", str(port)],
            capture_output=True,
            text=True,
            timeout=10,
        )
        first.terminate()
        first.communicate()
        self.assertEqual(second.returncode, 5)
        self.assertIn("address already in use", second.stderr)
        self.assertIn("--port 0", second.stderr)

    def test_only_loopback(self) -> None:
        for host in ("0.0.0.0", "::", "192.0.2.1", "example.org"):
            result = subprocess.run(
                [TANDEM, "origin", "--host", host],
                capture_output=True,
                text=True,
                timeout=10,
            )
            self.assertEqual(result.returncode, 2)
            self.assertIn("loopback", result.stderr)

    def test_ends_on_either_signal_with_connections_open(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            process, port = start()
            with socket.create_connection(("127.0.0.1", port)) as sock:
                sock.sendall(b"GET /delay/60s/x HTTP/1.0\r\n\r\n")
                time.sleep(0.05)
                process.send_signal(number)
                self.assertEqual(process.wait(5), 0)
            process.communicate()

    def test_ends_when_its_parent_is_killed(self) -> None:
        parent = subprocess.Popen(
            ["/bin/sh", "-c", f"{TANDEM} origin & wait"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert parent.stdout is not None
        port = int(parent.stdout.readline().rpartition(":")[2])
        parent.kill()
        # Its standard output ends when the last process that holds it does.
        self.assertEqual(parent.communicate(timeout=5)[0], "")
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))


if __name__ == "__main__":
    unittest.main()
