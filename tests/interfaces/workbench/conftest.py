"""A workbench on an empty folder, asked in this process."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer

pytest.importorskip("starlette", reason="the extra app is not installed")
pytest.importorskip("httpx2", reason="httpx2 is not installed")

from starlette.testclient import TestClient

from coercivity.interfaces.cli.app import app as command_line
from coercivity.interfaces.cli.serve import verb_forms
from coercivity.interfaces.workbench.app import make_app
from coercivity.interfaces.workbench.verbs import VerbForm
from coercivity.interfaces.workbench.workspace import Workspace
from coercivity.studies.plan import PlanOptions, plan
from coercivity.studies.source import SourceOptions, source
from coercivity.tables import find_case

HOST = "localhost"
ORIGIN = {"Origin": f"http://{HOST}"}
Opened = Callable[..., TestClient]


@pytest.fixture(scope="session")
def verbs() -> list[VerbForm]:
    """Every verb that writes a run."""
    return verb_forms(typer.main.get_command(command_line))


@pytest.fixture(scope="session")
def made_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two plans and a look at buying, made once."""
    runs = tmp_path_factory.mktemp("made")
    plan(find_case("mini"), runs, PlanOptions(name="first"))
    plan(find_case("mini"), runs, PlanOptions(name="second", seed=1))
    source(find_case("mini"), runs, SourceOptions(segment="defence", name="bought"))
    return runs


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty folder."""
    return Workspace(tmp_path, tmp_path / "runs")


@pytest.fixture
def filled(workspace: Workspace, made_runs: Path) -> Workspace:
    """A folder with a project of one's own and finished runs."""
    shutil.copytree(made_runs, workspace.runs)
    shutil.copytree(find_case("mini"), workspace.folder / "mine")
    return workspace


@pytest.fixture
def opened(verbs: list[VerbForm]) -> Iterator[Opened]:
    """Open a workbench without its watch over jobs; every request names its own site."""
    clients: list[TestClient] = []

    def make(workspace: Workspace, **options: object) -> TestClient:
        given = {"hosts": [HOST], **options}
        client = TestClient(
            make_app(workspace, verbs, **given),  # type: ignore[arg-type]
            base_url=f"http://{HOST}",
            headers=ORIGIN,
            follow_redirects=False,
        )
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def client(opened: Opened, filled: Workspace) -> TestClient:
    """A workbench on a folder with a project and runs."""
    return opened(filled)
