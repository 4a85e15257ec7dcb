"""What must not reach the workbench is refused, and what it answers can do no harm."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from coercivity.interfaces.workbench.security import POLICY, allowed_hosts, is_loopback
from coercivity.interfaces.workbench.workspace import Workspace
from tests.interfaces.workbench.conftest import HOST, ORIGIN, Opened

KEY = "the-word"
ANYWHERE = "0.0.0.0"  # noqa: S104 - it is refused as a name
COPY = {"name": "copy", "source": "example~mini"}
ADDRESSES = (
    "/", "/data", "/network", "/plan", "/stress", "/finance", "/runs", "/briefing", "/buy", "/help",
    "/assets/workbench.js", "/nowhere", "/runs/unknown", "/runs/first/figures/coverage.json",
)  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_the_policy(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_the_policy_is_the_one_that_was_agreed() -> None:
    assert POLICY == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


def test_no_page_holds_a_script_or_a_style_of_its_own(client: TestClient) -> None:
    for address in (*ADDRESSES[:10], "/runs/first", "/plan?project=mine", "/data?project=mine"):
        text = client.get(address).text
        assert "<style" not in text
        assert " style=" not in text
        assert "<script>" not in text
        assert " onclick=" not in text


@pytest.mark.parametrize("host", ["elsewhere.example", "localhost.elsewhere.example", "10.0.0.1"])
def test_a_foreign_host_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert answer.headers["content-security-policy"] == POLICY


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://elsewhere.example"},
        {"Origin": "http://localhost:1234"},
        {"Origin": "null"},
        {"Origin": f"http://{HOST}", "Sec-Fetch-Site": "cross-site"},
        {"Origin": f"http://{HOST}", "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://elsewhere.example", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_a_change_that_another_site_asks_for_is_refused(
    client: TestClient, filled: Workspace, headers: dict[str, str]
) -> None:
    answer = client.post("/projects", data=COPY, headers=headers)
    assert answer.status_code == 403
    assert not (filled.folder / "copy").exists()


def test_the_same_change_is_followed_from_its_own_page(
    client: TestClient, filled: Workspace
) -> None:
    answer = client.post(
        "/projects", data=COPY, headers={**ORIGIN, "Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 303
    assert (filled.folder / "copy" / "case.yaml").is_file()


def test_a_change_without_any_origin_is_refused(client: TestClient, filled: Workspace) -> None:
    del client.headers["Origin"]
    assert client.post("/projects", data=COPY).status_code == 403
    assert not (filled.folder / "copy").exists()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"])
def test_other_methods_are_refused(client: TestClient, method: str) -> None:
    assert client.request(method, "/projects").status_code == 405


def test_nothing_is_changed_by_asking_for_a_page(client: TestClient) -> None:
    for address in ("/projects", "/jobs/plan", "/runs/first/stop", "/data/import/keep"):
        assert client.get(address).status_code in {404, 405}


@pytest.mark.parametrize(
    "name",
    ["..", "../runs", "/etc", "..%2f..", "first/../../mine", ".workbench", "first\x00", "~", "a b"],
)
@pytest.mark.parametrize(
    "address",
    [
        "/runs/{}",
        "/runs/{}/figures/coverage.json",
        "/runs/first/figures/{}.json",
        "/runs/first/tables/{}",
        "/runs/first/tables/{}.parquet",
        "/runs/first/sites/{}",
        "/data?project={}",
        "/data?project=mine&table={}",
        "/data/row?project=mine&table={}",
        "/data/import?project=mine&upload={}",
        "/plan?run={}",
        "/compare?runs={}&runs=first",
        "/briefing/file?runs={}",
        "/help/codes/{}",
        "/help/tables/{}",
        "/assets/{}",
        "/assets/maps/{}.json",
    ],
)
def test_no_address_leads_out_of_the_lists(client: TestClient, address: str, name: str) -> None:
    answer = client.get(address.format(quote(name, safe="").replace(".", "%2e")))
    assert answer.status_code in {400, 404}
    assert "root:" not in answer.text


def test_a_link_among_the_runs_is_not_followed(client: TestClient, filled: Workspace) -> None:
    (filled.runs / "out").symlink_to(filled.runs / "first")
    assert client.get("/runs/out").status_code in {400, 404}


def test_no_page_tells_a_path_of_this_machine(client: TestClient, filled: Workspace) -> None:
    for address in ("/", "/runs", "/runs/first", "/data?project=mine", "/plan?project=mine",
                    "/briefing?runs=first", "/runs/unknown",
                    "/plan?project=mine&run=unknown", "/compare?runs=unknown&runs=first",
                    "/briefing?runs=unknown", "/data?project=none"):  # fmt: skip
        assert str(filled.folder) not in client.get(address).text


def test_what_is_too_large_is_refused(opened: Opened, filled: Workspace) -> None:
    client = opened(filled, largest=1000)
    answer = client.post("/projects", data=COPY | {"note": "x" * 2000})
    assert answer.status_code == 413
    assert not (filled.folder / "copy").exists()


def test_what_grows_too_large_on_the_way_is_refused(opened: Opened, filled: Workspace) -> None:
    client = opened(filled, largest=1000)
    pieces = (b"x" * 100 for _ in range(50))
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/projects", content=pieces, headers=kind).status_code == 413


def test_read_only_refuses_every_change_and_offers_none(
    opened: Opened, filled: Workspace, tmp_path: Path
) -> None:
    client = opened(Workspace(filled.folder, filled.runs, read_only=True))
    for address in ("/projects", "/jobs/plan", "/runs/first/again", "/data/row?project=mine"):
        assert client.post(address, data=COPY).status_code == 403
    for address in ("/", "/plan?project=mine", "/data?project=mine&table=sites", "/runs"):
        text = client.get(address).text
        assert 'method="post"' not in text
        assert "read-only" in text
    assert not (tmp_path / "copy").exists()


def test_a_token_is_asked_for_where_others_can_reach_it(opened: Opened, filled: Workspace) -> None:
    client = opened(filled, token=KEY)
    assert client.get("/").status_code == 403
    assert client.get("/assets/workbench.js").status_code == 403
    assert client.get("/?token=wrong").status_code == 403
    assert client.get("/", headers={"Cookie": "coercivity-token=wrong"}).status_code == 403
    first = client.get(f"/runs?token={KEY}&project=mine")
    assert first.status_code == 303
    assert first.headers["location"] == "/runs?project=mine"
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert client.get("/runs").status_code == 200


def test_a_token_does_not_stand_in_for_the_origin(opened: Opened, filled: Workspace) -> None:
    client = opened(filled, token=KEY)
    client.get(f"/?token={KEY}")
    answer = client.post("/projects", data=COPY, headers={"Origin": "http://elsewhere.example"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("host", "alone"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True),
     (ANYWHERE, False), ("192.168.1.5", False), ("::", False), ("machine.example", False)],
)  # fmt: skip
def test_only_the_loopback_needs_no_token(host: str, alone: bool) -> None:
    assert is_loopback(host) is alone


def test_the_wildcard_address_is_no_name() -> None:
    assert allowed_hosts(ANYWHERE, also=("box.example",)) == ["box.example"]


HOSTILE = "<img src=x onerror=alert(1)>\"'&{{7*7}}</script>"


def test_hostile_names_are_inert_on_every_page(client: TestClient, filled: Workspace) -> None:
    settings = filled.folder / "mine" / "case.yaml"
    text = settings.read_text(encoding="utf-8")
    text = text.replace("title: A mine", f"banner: {HOSTILE!r}\ntitle: {HOSTILE} A mine")
    settings.write_text(text, encoding="utf-8")
    sites = filled.folder / "mine" / "sites.csv"
    first, *rest = sites.read_text(encoding="utf-8").splitlines()
    cell = HOSTILE.replace('"', '""')
    rest[0] = f'{rest[0]}"{cell}"' if rest[0].endswith(",") else rest[0]
    sites.write_text("\n".join([first, *rest, f'"{cell}",USA' + "," * (first.count(",") - 1)]),
                     encoding="utf-8")  # fmt: skip
    for address in ("/", "/data?project=mine", "/data?project=mine&table=sites",
                    "/plan?project=mine",
                    "/help?project=mine", f"/data?project=mine&table=sites&find={quote(HOSTILE)}",
                    f"/data?project={quote(HOSTILE)}", f"/runs/{quote(HOSTILE, safe='')}",
                    f"/runs?started={quote(HOSTILE)}"):  # fmt: skip
        page = client.get(address).text
        assert "<img src=x" not in page
        assert "49" not in page.split("{{7*7}}")[0][-40:]
        assert '</script>"' not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in client.get("/data?project=mine&table=sites").text
