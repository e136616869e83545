"""What the API of rest-crud takes and gives."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class ItemFields(BaseModel):
    """What a client sets. Strict, as Go is: "7" is not a number."""

    model_config = ConfigDict(strict=True)

    name: str = Field(min_length=1, max_length=100)
    description: str = Field("", max_length=1000)
    price_cents: int = Field(ge=1, le=1_000_000_000)
    available: bool = False


class Item(BaseModel):
    """A row. The revision counts from 1 how often the fields were set."""

    id: int
    name: str
    description: str
    price_cents: int
    available: bool
    revision: int


class ItemList(BaseModel):
    """One page of items, in the order of their ids."""

    items: list[Item]
    limit: int
    offset: int
