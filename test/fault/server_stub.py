"""A server for the tests of `tandem run`: slow or faulty as its arguments say.

Run: PORT=8000 python3 server_stub.py [--delay S] [--say WORD] …
"""

import argparse
import itertools
import json
import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--delay", type=float, default=0.001)
parser.add_argument("--say", default="ann")
parser.add_argument("--later", type=int, help="another answer from this request on")
parser.add_argument("--fail-every", type=int, help="503 for each such request")
parser.add_argument("--fail-after", type=int, default=50)
parser.add_argument("--die", type=int, help="exit at this request")
parser.add_argument("--never-ready", action="store_true")
parser.add_argument("--refuse", action="store_true", help="exit at once")
args = parser.parse_args()
numbers = itertools.count(1)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *_: object) -> None:
        pass

    def reply(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self) -> None:
        if self.path == "/healthz":
            self.reply(503 if args.never_ready else 200, "ok")
            return
        if not self.path.startswith("/users/"):
            self.reply(404, {"error": "no such path"})
            return
        number = next(numbers)
        time.sleep(args.delay)
        if args.die and number >= args.die:
            print("I have had enough", file=sys.stderr, flush=True)
            os._exit(9)
        fails = args.fail_every and number > args.fail_after
        if fails and number % args.fail_every == 0:
            self.reply(503, {"error": "busy"})
            return
        later = args.later and number >= args.later
        word = "somebody else" if later else args.say
        user = {"name": word, "limit": os.environ.get("TANDEM_P_limit")}
        Path(os.environ["TANDEM_SCRATCH"], "seen").write_text("yes")
        self.reply(200, {"id": self.path[7:], "user": user})


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


if args.refuse:
    sys.exit("no such table: users")
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
Server(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
