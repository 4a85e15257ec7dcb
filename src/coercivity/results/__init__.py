"""What came out, with its provenance: run folders, written once and read-only afterwards."""

from coercivity.results.catalogue import RunSummary, find_run, list_runs, run_by_id, runs_folder
from coercivity.results.claim import Request
from coercivity.results.manifest import SCHEMA_VERSION, Manifest, digest_of
from coercivity.results.parts import Parts
from coercivity.results.run import Run, open_run
from coercivity.results.status import RunState, Status, read_status
from coercivity.results.writer import RunWriter

__all__ = [
    "SCHEMA_VERSION",
    "Manifest",
    "Parts",
    "Request",
    "Run",
    "RunState",
    "RunSummary",
    "RunWriter",
    "Status",
    "digest_of",
    "find_run",
    "list_runs",
    "open_run",
    "read_status",
    "run_by_id",
    "runs_folder",
]
