"""Serve the items of rest-crud with FastAPI.

`python server.py` runs uvicorn; `uvicorn server:app` does the same by its own
options. The README lists the environment variables TANDEM_P_*.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Path, Query, Request, Response
from models import Item, ItemFields, ItemList
from stores import Store, open_store

# Of 64 bits, as a database's and as Go's.
LARGEST = 2**63 - 1
ItemId = Annotated[int, Path(ge=1, le=LARGEST)]
Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0, le=LARGEST)]


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.store = await open_store()
    yield
    await app.state.store.close()


async def get_store(request: Request) -> Store:
    return request.app.state.store


OpenStore = Annotated[Store, Depends(get_store)]

app = FastAPI(title="rest-crud", lifespan=lifespan)


@app.get("/healthz")
async def health() -> dict[str, str]:
    return {"status": "ok"}


@app.post("/items", status_code=201)
async def create_item(fields: ItemFields, response: Response, store: OpenStore) -> Item:
    item = await store.create(fields)
    response.headers["Location"] = f"/items/{item.id}"
    return item


@app.get("/items")
async def list_items(
    store: OpenStore, limit: Limit = 20, offset: Offset = 0
) -> ItemList:
    items = await store.list(limit, offset)
    return ItemList(items=items, limit=limit, offset=offset)


@app.get("/items/{id}")
async def get_item(id: ItemId, store: OpenStore) -> Item:
    item = await store.get(id)
    if item is None:
        raise HTTPException(404, "no such item")
    return item


@app.put("/items/{id}")
async def update_item(id: ItemId, fields: ItemFields, store: OpenStore) -> Item:
    item = await store.update(id, fields)
    if item is None:
        raise HTTPException(404, "no such item")
    return item


@app.delete("/items/{id}", status_code=204)
async def delete_item(id: ItemId, store: OpenStore) -> None:
    if not await store.delete(id):
        raise HTTPException(404, "no such item")


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
