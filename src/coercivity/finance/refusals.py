"""What the finance room refuses, with its code; problems of contracts come as a list."""

from __future__ import annotations

from coercivity.foundation.errors import CoercivityError


class FinanceError(CoercivityError):
    """Terms, contracts or cash of a project contradict each other.

    Parameters
    ----------
    message
        Where, what, why and what to do instead; ends with the code in brackets.
    code
        Code of the message.
    """

    exit_status = 3
    code = "F105"

    def __init__(self, message: str, *, code: str) -> None:
        self.code = code
        super().__init__(message)
