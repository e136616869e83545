"""Serve the users of rest-get with FastAPI.

`python server.py` runs uvicorn; `uvicorn server:app` does the same by its own
options. The size of the table is in the environment variable TANDEM_P_users.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from typing import Annotated

import uvicorn
from fastapi import FastAPI, HTTPException, Path
from pydantic import BaseModel

EPOCH = datetime(2024, 1, 1, tzinfo=timezone.utc)


class User(BaseModel):
    id: int
    name: str
    email: str
    created: datetime
    active: bool


# Of 64 bits, as a database's and as Go's.
UserId = Annotated[int, Path(ge=1, le=2**63 - 1)]
users: dict[int, User] = {}


def make_user(id: int) -> User:
    """The same in every language."""
    return User(
        id=id,
        name=f"User {id}",
        email=f"user{id}@example.com",
        created=EPOCH + timedelta(hours=id),
        active=id % 3 != 0,
    )


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    count = int(os.environ.get("TANDEM_P_users", "1000"))
    users.update((id, make_user(id)) for id in range(1, count + 1))
    yield


app = FastAPI(title="rest-get", lifespan=lifespan)


@app.get("/healthz")
async def health() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/users/{id}")
async def get_user(id: UserId) -> User:
    user = users.get(id)
    if user is None:
        raise HTTPException(404, "no such user")
    return user


def main() -> None:
    uvicorn.run(
        "server:app",
        port=int(os.environ.get("PORT", "8000")),
        workers=int(os.environ.get("TANDEM_P_workers", "1")),
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
