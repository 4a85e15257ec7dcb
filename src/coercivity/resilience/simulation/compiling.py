"""How the months are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from coercivity.finance.compiled import machine_code

F = TypeVar("F", bound=Callable[..., object])

OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
"""Nothing that makes an array may be called: users of arrays are not counted, which would take
several times as long as the months themselves. What is divided by is above 0 or asked for before.
"""


def unguarded(function: F) -> F:
    """Compile a loop that only reads and writes arrays it is given, dividing without a check.

    Floating-point operations keep their order, so the bits do not depend on the machine's
    vector width. The code is kept beside the source where that can be written.
    """
    return machine_code(function, **OPTIONS)
