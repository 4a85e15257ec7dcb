"""A page as a browser sees it: what it asks for, what it complains of, what it draws."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

WINDOW = 1280


@dataclass(frozen=True)
class Seen:
    """What was seen of a page."""

    requests: list[str]
    messages: list[str]
    """Everything on the console, and every error."""
    live: int
    """Figures that answer to the pointer."""
    drawn: int
    """Figures that show something."""
    width: int
    window: int


def watched(file: Path) -> Seen:
    """Open a file in a browser without a window and write down what happens.

    In a thread of its own, since one thread can drive only one browser at a time.
    """
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed")
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_watched, file, program).result()


def _watched(file: Path, program: str) -> Seen:
    from playwright.sync_api import sync_playwright

    requests: list[str] = []
    messages: list[str] = []
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        sheet = browser.new_page(viewport={"width": WINDOW, "height": 900})
        sheet.on("request", lambda request: requests.append(request.url))
        sheet.on("console", lambda message: messages.append(f"{message.type}: {message.text}"))
        sheet.on("pageerror", lambda error: messages.append(str(error)))
        sheet.on("dialog", lambda dialog: messages.append(f"dialog: {dialog.message}"))
        sheet.goto(file.as_uri())
        sheet.wait_for_timeout(300)
        seen = Seen(
            requests,
            messages,
            sheet.locator(".drawing > [role=img][aria-label]:not(svg)").count(),
            sheet.locator(".drawing svg").count(),
            int(sheet.evaluate("document.documentElement.scrollWidth")),
            WINDOW,
        )
        browser.close()
    return seen
