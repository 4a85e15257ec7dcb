"""Pages of codes about shocks, worst cases and simulation: meaning, why, what to do."""

from __future__ import annotations

SIMULATION: dict[str, tuple[str, str, str]] = {}
