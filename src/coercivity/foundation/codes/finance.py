"""Pages of codes about prices, contracts and cash: meaning, why, what to do."""

from __future__ import annotations

FINANCE: dict[str, tuple[str, str, str]] = {}
