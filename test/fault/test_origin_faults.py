"""The origin as a queueing and as a broken server, over real sockets.

Run: python3 test/fault/test_origin_faults.py   (the program is $B/bin/tandem)
"""

from __future__ import annotations

import http.client
import json
import os
import re
import resource
import selectors
import socket
import subprocess
import time
import unittest
from pathlib import Path

TANDEM = os.path.join(os.environ.get("B", "build"), "bin", "tandem")
OK = b"HTTP/1.1 200 OK\r\n"


class Origin(unittest.TestCase):
    options: tuple[str, ...] = ("--idle", "1s")

    def setUp(self) -> None:
        self.process = subprocess.Popen(
            [TANDEM, "origin", *self.options], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline().rpartition(":")[2])

    def tearDown(self) -> None:
        self.process.terminate()
        self.assertEqual(self.process.wait(5), 0)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), 10)

    def ask(self, path: str, method: str = "GET") -> socket.socket:
        sock = self.connect()
        sock.sendall(f"{method} {path} HTTP/1.1\r\nHost: h\r\n\r\n".encode())
        return sock

    def all_of(self, path: str) -> bytes:
        """What comes until the server ends the connection."""
        with self.ask(path) as sock:
            return b"".join(iter(lambda: sock.recv(65536), b""))

    def get(self, path: str) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer, body

    def stats(self) -> dict[str, int]:
        return json.loads(self.get("/stats")[1])

    def rss_kib(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0])

    def finish_times(self, paths: list[str]) -> list[tuple[str, float]]:
        """Asks all at once, each on a connection of its own; when each answer
        came, in order, in seconds after the last was asked for."""
        found = []
        with selectors.DefaultSelector() as selector:
            for path in paths:
                selector.register(self.ask(path), selectors.EVENT_READ, path)
                time.sleep(0.001)
            begin = time.monotonic()
            while len(found) < len(paths):
                for key, _ in selector.select(10):
                    sock = key.fileobj
                    assert isinstance(sock, socket.socket)
                    self.assertTrue(sock.recv(65536).endswith(b"ok\n"))
                    found.append((key.data, time.monotonic() - begin))
                    selector.unregister(sock)
                    sock.close()
        return found


class Faults(Origin):
    def test_status(self) -> None:
        self.assertEqual(self.get("/status/500")[0].status, 500)
        self.assertEqual(self.get("/status/204")[1], b"")

    def test_wrong_body_is_as_long_as_the_right_one(self) -> None:
        self.assertEqual(self.get("/wrong")[1], b"no\n")
        self.assertEqual(self.get("/queue")[1], b"ok\n")

    def test_chunked(self) -> None:
        answer, body = self.get("/chunked")
        self.assertEqual(answer.getheader("Transfer-Encoding"), "chunked")
        self.assertEqual(body, b"ok\n")

    def test_drip(self) -> None:
        begin = time.monotonic()
        self.assertEqual(self.get("/drip/10ms/20")[1], b"." * 20)
        self.assertGreaterEqual(time.monotonic() - begin, 0.2)

    def test_header_of_a_megabyte(self) -> None:
        with self.ask("/header/1MB") as sock:
            got = b""
            while not got.endswith(b"\r\n\r\nok\n"):
                got += sock.recv(65536)
        self.assertTrue(got.startswith(OK))
        self.assertGreater(len(got), 1000000)

    def test_endless_body_in_bounded_memory(self) -> None:
        before = self.rss_kib()
        with self.ask("/endless") as sock, self.ask("/endless"):  # not read
            got = 0
            while got < 8 << 20:
                got += len(sock.recv(1 << 20))
        self.assertLess(self.rss_kib() - before, 2048)

    def test_half_a_body(self) -> None:
        got = self.all_of("/short")
        self.assertIn(b"Content-Length: 128\r\n", got)
        self.assertEqual(len(got.partition(b"\r\n\r\n")[2]), 64)

    def test_reset(self) -> None:
        with self.ask("/reset") as sock, self.assertRaises(ConnectionResetError):
            while sock.recv(65536):
                pass

    def test_close_without_an_answer(self) -> None:
        self.assertEqual(self.all_of("/close"), b"")

    def test_bye_breaks_its_promise(self) -> None:
        got = self.all_of("/bye")
        self.assertIn(b"\r\nConnection: keep-alive\r\n", got)
        self.assertTrue(got.endswith(b"ok\n"))

    def test_hang_lasts_as_long_as_the_idle_time(self) -> None:
        begin = time.monotonic()
        self.assertEqual(self.all_of("/hang"), b"")
        self.assertGreaterEqual(time.monotonic() - begin, 0.9)

    def test_garbage(self) -> None:
        self.assertFalse(self.all_of("/garbage").startswith(b"HTTP"))

    def test_faults_refuse_other_methods(self) -> None:
        for path in ("/endless", "/reset", "/drip/1ms/1"):
            with self.ask(path, "HEAD") as sock:
                self.assertTrue(sock.recv(65536).startswith(b"HTTP/1.1 405 "))

    def test_clients_that_leave_are_forgotten(self) -> None:
        for path in ("/endless", "/drip/1ms/1MB", "/hang", "/header/1GB"):
            with self.ask(path) as sock:
                if path != "/hang":
                    sock.recv(10)
        deadline = time.monotonic() + 5
        while self.stats()["open"] > 1 and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertEqual(self.stats()["open"], 1)


class Queue(Origin):
    options = ("--service", "20ms")

    def test_one_after_the_other_over_many_connections(self) -> None:
        paths = [f"/queue?{i}" for i in range(10)]
        found = self.finish_times(paths)
        self.assertEqual([path for path, _ in found], paths)
        # Nine whole services came after the one under way.
        self.assertGreaterEqual(found[-1][1], 9 * 0.02)

    def test_lateness_does_not_add_up(self) -> None:
        # Each answer is awaited by a client that is late itself; the last of
        # 50 leaves 1 s after the first came all the same.
        begin = time.monotonic()
        socks = [self.ask("/queue") for _ in range(50)]
        for sock in socks:
            with sock:
                self.assertTrue(sock.recv(65536).endswith(b"ok\n"))
        took = time.monotonic() - begin
        self.assertGreaterEqual(took, 50 * 0.02)
        self.assertLess(took, 50 * 0.02 + 0.5)

    def test_queues_do_not_wait_for_each_other(self) -> None:
        found = self.finish_times([f"/queue/{i}" for i in range(40)])
        self.assertLess(found[-1][1], 0.4)

    def test_post_is_served_and_counted(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        before = time.monotonic_ns()
        connection.request("POST", "/queue", b"x" * 100000)
        self.assertEqual(connection.getresponse().read(), b"ok\n")
        connection.close()
        found = self.stats()
        self.assertEqual((found["work"], found["requests"]), (1, 2))
        self.assertLess(before, found["first_ns"])
        self.assertLess(found["first_ns"], time.monotonic_ns())


class Servers(Origin):
    options = ("--service", "20ms", "--servers", "1000")

    def test_a_server_each(self) -> None:
        found = self.finish_times(["/queue"] * 40)
        self.assertLess(found[-1][1], 0.4)


class Stall(Origin):
    options = ("--stall", "300ms", "--every", "400ms")

    def test_nothing_is_answered_while_it_stalls(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        slow, begin, last = [], time.monotonic(), time.monotonic()
        while last - begin < 1.4:
            connection.request("GET", "/queue")
            self.assertEqual(connection.getresponse().read(), b"ok\n")
            now = time.monotonic()
            if now - last > 0.2:
                slow.append(now - last)
            last = now
        connection.close()
        self.assertIn(len(slow), (3, 4))

    def test_a_stall_longer_than_its_period_is_refused(self) -> None:
        done = subprocess.run(
            [TANDEM, "origin", "--stall", "10s", "--every", "1s"],
            capture_output=True,
            text=True,
            timeout=10,
        )
        self.assertEqual(done.returncode, 2)
        self.assertIn("longer --every", done.stderr)


class Many(Origin):
    options = ()

    def test_as_many_connections_as_descriptors_allow(self) -> None:
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        count = min(10000, hard - 100)
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        before = self.rss_kib()
        socks = [self.connect() for _ in range(count)]
        try:
            for sock in socks:
                sock.sendall(b"GET /queue HTTP/1.1\r\nHost: h\r\n\r\n")
            for sock in socks:
                self.assertTrue(sock.recv(65536).startswith(OK))
            self.assertEqual(self.stats()["most_open"], count + 1)
            self.assertLess(self.rss_kib() - before, 2 * count)
        finally:
            for sock in socks:
                sock.close()
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


if __name__ == "__main__":
    unittest.main()
