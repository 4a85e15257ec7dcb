"""Commands that take long: run once for all pages, and again only when the program has changed."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import coercivity

AT_ONCE = 2
"""Commands that run at the same time."""


@dataclass(frozen=True, slots=True)
class KeptResult:
    """What a command wrote, and the folder it ran in."""

    folder: Path
    text: str
    ended: str
    """Exit status, empty if it was 0."""


@cache
def package_digest() -> str:
    """Give a digest of the program and its cases."""
    digest = hashlib.sha256()
    package = Path(coercivity.__file__).parent
    for file in sorted(package.rglob("*")):
        if file.suffix in {".py", ".csv", ".yaml"}:
            digest.update(file.relative_to(package).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


class KeptCommands:
    """Runs commands, each in a folder of its own; those of an earlier program are removed."""

    def __init__(self, folder: Path, digest: str, environment: Mapping[str, str]) -> None:
        self.folder, self.environment = folder / digest[:16], environment
        for earlier in folder.iterdir() if folder.exists() else ():
            if earlier != self.folder:
                shutil.rmtree(earlier)
        self._workers = ThreadPoolExecutor(AT_ONCE)
        self._begun: dict[str, Future[KeptResult]] = {}

    def start(self, commands: Iterable[str]) -> None:
        """Begin commands whose results are wanted later."""
        for command in commands:
            if command not in self._begun:
                self._begun[command] = self._workers.submit(self._run, command)

    def result(self, command: str) -> KeptResult:
        """Give what a command wrote, waiting for it if need be."""
        self.start([command])
        return self._begun[command].result()

    def _run(self, command: str) -> KeptResult:
        name = hashlib.sha256(command.encode()).hexdigest()[:16]
        folder = self.folder / name
        output, status = folder / "output.txt", folder / "status.txt"
        if not status.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            run = subprocess.run(  # noqa: S603 - our own page
                ["/bin/bash", "-c", command],
                cwd=folder,
                env=dict(self.environment),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                check=False,
            )
            output.write_text(run.stdout, encoding="utf-8")
            status.write_text(str(run.returncode), encoding="utf-8")
        ended = status.read_text(encoding="utf-8")
        return KeptResult(folder, output.read_text(encoding="utf-8"), "" if ended == "0" else ended)
