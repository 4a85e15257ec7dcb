"""Compiled loops over paths: each path by itself, so any number of threads gives the same bits."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
F = TypeVar("F", bound=Callable[..., object])

FEWEST_PATHS_A_THREAD = 512
"""Below this a thread costs more than it saves. [path]"""


def compiled(function: F) -> F:
    """Compile a function of arrays and numbers to machine code, without the interpreter's lock.

    Floating-point operations keep their order, so the bits do not depend on the machine's
    vector width. The code is kept beside the source where that can be written.
    """
    return machine_code(function, nogil=True)


def machine_code(function: F, **options: Any) -> F:  # noqa: ANN401 - as the compiler takes them
    """Compile a function with some options of the compiler; keep the code if a folder allows it.

    Parameters
    ----------
    function
        Of arrays and numbers.
    options
        As ``numba.njit`` takes them.
    """
    try:
        made = numba.njit(cache=True, **options)(function)
    except RuntimeError:  # no folder can be written: compile anew in every process
        made = numba.njit(**options)(function)
    return cast("F", made)


def inlined(function: F) -> F:
    """Compile a function into each of its callers, which spares counting its arrays' users."""
    return cast("F", numba.njit(inline="always")(function))


def over_paths(work: Callable[[int, int], object], count: int, *, workers: int | None) -> None:
    """Run ``work(first, end)`` on blocks that together cover ``count`` paths.

    Parameters
    ----------
    work
        Fills its own rows ``first:end`` of arrays made before, and nothing else.
    count
        Number of paths.
    workers
        Threads; None takes the processors. Each path is computed alone, so the result is the
        same whatever their number.

    Examples
    --------
    >>> rows = np.zeros(5)
    >>> def double(first: int, end: int) -> None:
    ...     rows[first:end] = 2 * np.arange(first, end)
    >>> over_paths(double, 5, workers=2)
    >>> rows.tolist()
    [0.0, 2.0, 4.0, 6.0, 8.0]
    """
    asked = workers if workers is not None else (os.cpu_count() or 1)
    threads = max(1, min(asked, count // FEWEST_PATHS_A_THREAD))
    if threads == 1:
        work(0, count)
        return
    edges = [count * n // threads for n in range(threads + 1)]
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work, edges[n], edges[n + 1]) for n in range(threads)]:
            done.result()


def rows(values: object, *, years: int, name: str) -> Array:
    """Give values as a contiguous table of one row, or one row a path, and one column a year.

    Parameters
    ----------
    values
        A number, one value a year, or one row a path.
    years
        Number of columns. [year]
    name
        What the values are, for the message.

    Examples
    --------
    >>> rows(2.0, years=3, name="operating cost").tolist()
    [[2.0, 2.0, 2.0]]
    """
    table = np.atleast_2d(np.asarray(values, dtype=np.float64))
    if table.shape == (1, 1):
        table = np.full((1, years), table[0, 0])
    if table.ndim != 2 or table.shape[1] != years:
        msg = f"{name} has {table.shape[-1]} columns, but the project has {years} years"
        raise ValueError(msg)
    return np.ascontiguousarray(table)
