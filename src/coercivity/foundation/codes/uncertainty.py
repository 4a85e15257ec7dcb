"""Pages of codes about scenarios, sampling and decomposition: meaning, why, what to do."""

from __future__ import annotations

UNCERTAINTY: dict[str, tuple[str, str, str]] = {}
