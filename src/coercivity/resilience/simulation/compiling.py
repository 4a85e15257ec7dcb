"""How the months are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

from numba import types
from numba.extending import intrinsic

from coercivity.finance.compiled import machine_code

F = TypeVar("F", bound=Callable[..., object])
N = TypeVar("N", bound=NamedTuple)

OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
"""What is divided by is above 0 or asked for before."""


def unguarded(function: F) -> F:
    """Compile a loop that only reads and writes arrays it is given, dividing without a check.

    Floating-point operations keep their order, so the bits do not depend on the machine's
    vector width. The code is kept beside the source where that can be written.
    """
    return machine_code(function, **OPTIONS)


def _borrow(_: Any, arrays: Any) -> Any:  # noqa: ANN401 - types of the compiler
    def without_owner(context: Any, builder: Any, signature: Any, given: Any) -> Any:  # noqa: ANN401
        (kind,), (found,) = signature.args, given
        for place, member in enumerate(kind.types):
            if isinstance(member, types.Array):
                view = context.make_array(member)(
                    context, builder, value=builder.extract_value(found, place)
                )
                view.meminfo = view.meminfo.type(None)
                found = builder.insert_value(found, view._getvalue(), place)  # noqa: SLF001
        return found

    return arrays(arrays), without_owner


borrowed = cast("Callable[[N], N]", intrinsic(_borrow))
"""Give a named tuple of arrays whose users are not counted, inside compiled code.

Counting them would take several times as long as the months themselves. The caller keeps the
arrays for as long as the loop runs.
"""
