"""Group, sort, join and rank sales held in memory.

The answer is a digest of the four results. The sales come from a seed, by
SplitMix64; making them is no part of the operation.
"""

from __future__ import annotations

import argparse
import hashlib
import heapq
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

REGIONS = [
    "africa-north",
    "africa-south",
    "america-central",
    "america-north",
    "america-south",
    "asia-central",
    "asia-east",
    "asia-south",
    "asia-west",
    "europe-east",
    "europe-west",
    "oceania",
]
PRODUCTS = 1000
CATEGORIES = 25
CUSTOMERS = 20000
STEP = 7368787  # a prime: multiples of it visit every second once
SAMPLE = 1000  # of the sorted sales each 1000th is in the answer
TOP = 100
WORD = (1 << 64) - 1


@dataclass(slots=True)
class Sale:
    id: int
    second: int
    region: str
    product: int
    customer: int
    quantity: int
    cents: int


@dataclass(slots=True)
class Product:
    category: int
    cost: int


@dataclass(slots=True)
class Total:
    sales: int = 0
    quantity: int = 0
    revenue: int = 0


@dataclass(slots=True)
class Result:
    revenue: int = 0
    margin: int = 0


def splitmix64(state: int) -> Iterator[int]:
    """Steele, Lea, Flood: Fast splittable pseudorandom number generators."""
    while True:
        state = (state + 0x9E3779B97F4A7C15) & WORD
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & WORD
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & WORD
        yield mixed ^ (mixed >> 31)


def make_sales(records: int, seed: int) -> list[Sale]:
    return [
        Sale(
            id=i,
            second=i * STEP % records,
            region=REGIONS[word % len(REGIONS)],
            product=(word >> 8) % PRODUCTS,
            customer=(word >> 20) % CUSTOMERS,
            quantity=1 + (word >> 40) % 9,
            cents=100 + (word >> 48) % 9900,
        )
        for i, word in zip(range(records), splitmix64(seed))
    ]


def make_products() -> dict[int, Product]:
    return {i: Product(i % CATEGORIES, 50 + i * 37 % 2000) for i in range(PRODUCTS)}


def digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def group(sales: list[Sale]) -> Iterator[str]:
    """Sales, quantity and revenue of each product in each region."""
    totals: defaultdict[tuple[str, int], Total] = defaultdict(Total)
    for sale in sales:
        total = totals[sale.region, sale.product]
        total.sales += 1
        total.quantity += sale.quantity
        total.revenue += sale.quantity * sale.cents
    for (region, product), total in sorted(totals.items(), key=lambda item: item[0]):
        yield f"{region} {product} {total.sales} {total.quantity} {total.revenue}"


def sort(sales: list[Sale]) -> Iterator[str]:
    """Each customer's sales in the order of their times."""
    ordered = sorted(sales, key=attrgetter("customer", "second"))
    return (str(sale.id) for sale in ordered[::SAMPLE])


def join(sales: list[Sale], products: dict[int, Product]) -> Iterator[str]:
    """Revenue and margin of each category, which the product says."""
    results: defaultdict[int, Result] = defaultdict(Result)
    for sale in sales:
        product = products[sale.product]
        result = results[product.category]
        result.revenue += sale.quantity * sale.cents
        result.margin += sale.quantity * (sale.cents - product.cost)
    for category, result in sorted(results.items(), key=lambda item: item[0]):
        yield f"{category} {result.revenue} {result.margin}"


def rank(sales: list[Sale]) -> Iterator[str]:
    """The sales of the greatest revenue, the greatest first."""
    top = heapq.nlargest(
        TOP, sales, key=lambda sale: (sale.quantity * sale.cents, sale.id)
    )
    return (str(sale.id) for sale in top)


def plain(records: int, seed: int) -> Callable[[], str]:
    sales = make_sales(records, seed)
    products = make_products()

    def operation() -> str:
        return digest(
            [*group(sales), *sort(sales), *join(sales, products), *rank(sales)]
        )

    return operation


def lines(frame: pd.DataFrame) -> Iterator[str]:
    return (" ".join(map(str, row)) for row in frame.itertuples(index=False))


def make_frame(records: int, seed: int) -> pd.DataFrame:
    """The same sales as make_sales(), a column at a time."""
    import numpy as np
    import pandas as pd

    ids = np.arange(records)
    words = np.arange(1, records + 1, dtype=np.uint64)
    words = words * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed)
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    words ^= words >> np.uint64(31)

    def below(limit: int, bit: int) -> np.ndarray:
        return ((words >> np.uint64(bit)) % np.uint64(limit)).astype(np.int64)

    return pd.DataFrame(
        {
            "id": ids,
            "second": ids * STEP % records,
            "region": pd.Categorical.from_codes(below(len(REGIONS), 0), REGIONS),
            "product": below(PRODUCTS, 8),
            "customer": below(CUSTOMERS, 20),
            "quantity": 1 + below(9, 40),
            "cents": 100 + below(9900, 48),
        }
    )


def pandas_frames(records: int, seed: int) -> Callable[[], str]:
    import pandas as pd

    frame = make_frame(records, seed)
    table = pd.DataFrame(make_products().values())
    products = table.rename_axis("product").reset_index()

    def operation() -> str:
        sales = frame.assign(revenue=frame["quantity"] * frame["cents"])
        totals = sales.groupby(
            ["region", "product"], observed=True, as_index=False
        ).agg(
            sales=("id", "size"),
            quantity=("quantity", "sum"),
            revenue=("revenue", "sum"),
        )
        ordered = sales.sort_values(["customer", "second"])
        joined = sales.merge(products, on="product")
        joined["margin"] = joined["revenue"] - joined["quantity"] * joined["cost"]
        results = joined.groupby("category", as_index=False)[
            ["revenue", "margin"]
        ].sum()
        top = sales.nlargest(TOP, ["revenue", "id"])
        return digest(
            [
                *lines(totals),
                *map(str, ordered["id"].iloc[::SAMPLE]),
                *lines(results),
                *map(str, top["id"]),
            ]
        )

    return operation


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    implementations = {"plain": plain, "pandas": pandas_frames}
    parser.add_argument("--implementation", choices=implementations, default="plain")
    parser.add_argument("--records", type=int, default=100000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--times", type=int, default=3)
    args = parser.parse_args()
    operation = implementations[args.implementation](args.records, args.seed)
    elapsed = []
    for _ in range(args.times):
        start = time.perf_counter()
        answer = operation()
        elapsed.append(time.perf_counter() - start)
    print(f"answer {answer}  median {statistics.median(elapsed):.3f} s/op")


if __name__ == "__main__":
    main()
