"""``coercivity stress simulate`` as it is called."""

from __future__ import annotations

import pytest

from tests.interfaces.cli.conftest import Call

BAN = (
    "stress", "simulate", "mini", "--no-events", "--lose", "country:CHN@7+12",
    "--replications", "20",
)  # fmt: skip


def test_it_says_what_is_lost_first(call: Call) -> None:
    shown = call(*BAN)
    assert shown.exit == 0
    assert shown.out.startswith("Over 10 years defence loses 400 t on average, 10.0 %")
    assert "What is lost against the plan" in shown.out
    assert "nothing is optimised" in shown.err


def test_the_json_object_is_that_of_the_contract(call: Call) -> None:
    found = call(*BAN, "--json", "--months", "24").json
    assert set(found["shortfall_t"]["defence"]) == {"mean", "p95", "standard_error"}
    assert set(found["days_of_cover"]["defence"]) == {"mean", "p5"}
    assert found["lost_t"]["defence"]["mean"] == pytest.approx(400)


def test_the_number_of_threads_changes_nothing(call: Call) -> None:
    one, two = (
        call(*BAN, "--json", "--workers", workers, "--name", f"w{workers}").json
        for workers in ("1", "2")
    )
    assert one.pop("run") != two.pop("run")
    assert one == two


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (("--months", "0"), "S206"),
        (("--lose", "country:CHN@1+0"), "S201"),
        (("--policy", "nobody"), "S203"),
        (("--year", "1990"), "S102"),
    ],
)
def test_bad_input_ends_with_one_clear_message(
    call: Call, wrong: tuple[str, ...], code: str
) -> None:
    shown = call(*BAN, *wrong)
    assert shown.exit == 2
    assert f"[{code}]" in shown.err
    assert "Traceback" not in shown.err
