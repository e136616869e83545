"""Answer events: of each file named, one line. A handler of GET /users/{id}."""

from __future__ import annotations

import json
import sys


def handle(event: dict) -> dict:
    if event["requestContext"]["http"]["method"] != "GET":
        return {"statusCode": 405, "body": ""}
    try:
        user = int(event["pathParameters"]["id"])
    except (KeyError, ValueError):
        return {"statusCode": 400, "body": ""}
    body = json.dumps({"id": user, "name": f"user {user}"}, separators=(",", ":"))
    return {"statusCode": 200, "body": body}


def main() -> None:
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            event = json.load(file)
        print(json.dumps(handle(event), separators=(",", ":")), flush=True)


if __name__ == "__main__":
    main()
