"""Operations for test/real/test_cpython.c: right ones and wrong ones."""

from __future__ import annotations

import gc
import itertools
import sys
from typing import Callable


def primes(n: int) -> Callable[[], int]:
    def operation() -> int:
        return sum(all(k % d for d in range(2, int(k**0.5) + 1)) for k in range(2, n))

    return operation


def types(whole: int, text: str, real: float, other) -> Callable[[], str]:
    kinds = [type(value).__name__ for value in (whole, text, real, other)]
    return lambda: " ".join(kinds) + " é%\n"


def fresh_objects() -> Callable[[], object]:
    """Equal by their text alone."""

    class Answer:
        def __str__(self) -> str:
            return "forty-two"

    return Answer


def lists(n: int) -> Callable[[], list[int]]:
    return lambda: list(range(n))


def changes(at: int) -> Callable[[], int]:
    calls = itertools.count(1)
    return lambda: 2 if next(calls) == at else 1


def nearly() -> Callable[[], object]:
    """1, then 1.0: equal in Python, not the same answer."""
    answers = itertools.chain([1], itertools.repeat(1.0))
    return lambda: next(answers)


def collects(times: int) -> Callable[[], int]:
    """Garbage is collected so often, and never of itself."""
    gc.disable()

    def operation() -> int:
        for _ in range(times):
            gc.collect()
        return times

    return operation


def raises() -> Callable[[], object]:
    def operation() -> None:
        raise RuntimeError("kaputt")

    return operation


def leaves() -> Callable[[], object]:
    return lambda: sys.exit(3)


def exhausts() -> Callable[[], object]:
    return lambda: bytearray(sys.maxsize)


def too_long() -> Callable[[], str]:
    return lambda: "x" * 70000


def no_operation() -> int:
    return 1


def environment() -> Callable[[], str]:
    import tandem_test_package  # only in the virtual environment of the test

    return lambda: f"{sys.prefix} {sys.executable} {tandem_test_package.VALUE}"
