"""A workbench in a process of its own, and a real browser that looks at it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from coercivity.studies.plan import PlanOptions, plan
from coercivity.studies.source import SourceOptions, source
from coercivity.studies.stress_sweep import SweepOptions, sweep
from coercivity.tables import find_case

REQUIRED = "COERCIVITY_BROWSER"
"""Variable that makes a missing browser a failure: set where the tests must not be skipped."""
HOSTILE = "<img src=x onerror=alert(1)>{b}<script>alert(2)</script>"
WINDOW = {"width": 1280, "height": 900}


def missing(what: str) -> None:
    """Skip, or fail where a browser must be there."""
    if os.environ.get(REQUIRED):
        pytest.fail(f"{what} is not installed, and {REQUIRED} is set")
    pytest.skip(f"{what} is not installed")


@dataclass(frozen=True)
class Served:
    """A workbench that answers."""

    address: str
    folder: Path
    process: subprocess.Popen[str]

    def memory(self) -> float:
        """Memory it holds. [MB]"""
        text = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        line = next(one for one in text.splitlines() if one.startswith("VmRSS"))
        return float(line.split()[1]) / 1000


def serving(folder: Path, *options: str) -> Served:
    """Serve a folder on a free port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "coercivity", "serve", str(folder), "--no-open", "--port", "0",
         "--json", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=folder,
        env={key: text for key, text in os.environ.items() if key != "COERCIVITY_RUNS"},
    )  # fmt: skip
    assert process.stdout is not None
    text = ""
    for line in process.stdout:
        text += line
        if line.rstrip() == "}":
            break
    return Served(json.loads(text)["address"].rstrip("/"), folder, process)


def ended(served: Served) -> None:
    """End a workbench as Ctrl-C does."""
    served.process.send_signal(signal.SIGINT)
    try:
        served.process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        served.process.kill()
        served.process.wait()


@pytest.fixture(scope="session")
def filled_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a project and finished runs, made once."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(find_case("mini"), folder / "mine")
    shutil.copytree(find_case("mini"), folder / "changed")
    limits = folder / "changed" / "limits.csv"
    limits.write_text(limits.read_text(encoding="utf-8").replace(",100,", ",120,"), "utf-8")
    plan(find_case("mini"), folder / "runs", PlanOptions(name="first"))
    plan(find_case("mini"), folder / "runs", PlanOptions(name="second", explain=True))
    source(find_case("mini"), folder / "runs", SourceOptions(segment="defence", name="bought"))
    sweep(find_case("mini"), folder / "runs", SweepOptions(name="swept"))
    plan(hostile_case(folder / "hostile"), folder / "runs", PlanOptions(name="hostile"))
    return folder


def hostile_case(folder: Path) -> Path:
    """Make a case whose names would do harm if anything took them for markup."""
    shutil.copytree(find_case("mini"), folder)
    for table, name in (("sites", "The works"), ("sites", "The mountain"), ("assets", "Mine")):
        file = folder / f"{table}.csv"
        text = file.read_text(encoding="utf-8")
        assert name in text
        file.write_text(text.replace(name, HOSTILE), encoding="utf-8")
    settings = folder / "case.yaml"
    text = settings.read_text(encoding="utf-8").replace("name: mini", "name: hostile")
    settings.write_text(f"{text}banner: {HOSTILE!r}\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def served(filled_folder: Path) -> Iterator[Served]:
    """A workbench on the filled folder."""
    pytest.importorskip("uvicorn", reason="the extra app is not installed")
    found = serving(filled_folder)
    yield found
    ended(found)


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Served]:
    """A workbench on an empty folder."""
    pytest.importorskip("uvicorn", reason="the extra app is not installed")
    found = serving(tmp_path)
    yield found
    ended(found)


@dataclass
class Seen:
    """A page, what it asked for and what it complained of."""

    page: Any
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def outside(self, address: str) -> list[str]:
        """Requests that went anywhere but to the workbench."""
        own = (f"{address}/", "data:", "blob:")
        return [one for one in self.requests if not one.startswith(own)]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A browser without a window."""
    program = shutil.which("chromium")
    if program is None:
        missing("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright")
    with sync_playwright() as started:
        found = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def seen(browser: Any) -> Iterator[Seen]:
    """A page that writes down what it asks for and what it complains of."""
    context = browser.new_context(viewport=WINDOW, accept_downloads=True)
    page = context.new_page()
    found = Seen(page)
    page.on("request", lambda request: found.requests.append(request.url))
    page.on("console", lambda told: found.messages.append(f"{told.type}: {told.text}"))
    page.on("pageerror", lambda error: found.messages.append(f"error: {error}"))
    page.on("dialog", lambda dialog: found.messages.append(f"dialog: {dialog.message}"))
    page.set_default_timeout(90_000)  # a busy machine is no fault
    yield found
    context.close()
