"""What must hold of sweeps on every chain: the answers are those of the whole model, in any way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from coercivity.chain import Case
from coercivity.resilience.attack.defender import Defender
from coercivity.resilience.attack.measure import measure_of
from coercivity.resilience.attack.outages import Outages
from coercivity.resilience.attack.pieces import PIECE, Asking, fingerprint
from coercivity.resilience.attack.shocks import Shock, pairs_of, plain_shocks
from coercivity.resilience.attack.smaller import smaller
from coercivity.resilience.attack.striking import Answer, Strikes
from coercivity.resilience.attack.sweep import Sweep, Sweeper
from coercivity.resilience.attack.targets import Target, group_targets
from tests.resilience.attack.test_laws import CLOSE, SEEDS, world

MONEY = 1e-6
"""Share of the cost of a chain by which two ways to work it out may differ. [fraction]"""


@dataclass(slots=True)
class Shelf:
    """Keeps pieces in memory, and breaks off after some of them."""

    most: float = math.inf
    pieces: dict[str, tuple[str, list[Answer]]] = field(default_factory=dict)
    given: int = 0

    def known(self, name: str, asked: str) -> list[Answer] | None:
        mark, answers = self.pieces.get(name, ("", []))
        if mark != asked:
            return None
        self.given += 1
        return answers

    def keep(self, name: str, asked: str, answers: Sequence[Answer]) -> None:
        if len(self.pieces) >= self.most:
            raise KeyboardInterrupt
        self.pieces[name] = (asked, list(answers))


def everything(number: int) -> tuple[Case, tuple[Target, ...]]:
    case, tables, targets = world(number)
    return case, (*targets, *group_targets(case, tables))


def swept(
    number: int,
    *,
    late: bool = False,
    keeper: Shelf | None = None,
    workers: int = 1,
    deadline: float | None = None,
    pairs: bool = True,
) -> Sweep:
    case, targets = everything(number)
    sweeper = sweeper_of(case, targets, late=late)
    with Outages(workers=workers) as outages:
        return sweeper.sweep(
            shocks_of(targets),
            Asking(outages, keeper, deadline),
            pairs=pairs_of(targets) if pairs else [],
        )


def sweeper_of(case: Case, targets: Sequence[Target], *, late: bool) -> Sweeper:
    year = case.horizon.starts[1] if late else case.horizon.first_year
    return Sweeper(case, measure_of(case), year=year, targets=targets)


def shocks_of(targets: Sequence[Target]) -> list[Shock]:
    """Lose each for good, and one for a while in part."""
    brief = [
        replace(shock, event=f"strike-{n}", duration=1.5, depth=0.6)
        for n, shock in enumerate(plain_shocks(targets[:4]))
    ]
    return [*plain_shocks(targets), *brief]


def bits(found: Sweep) -> list[tuple[str, float, float, bytes]]:
    return [(one.shock.id, one.value, one.cost, one.seen.tobytes()) for one in found.struck]


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("number", SEEDS)
def test_every_answer_is_that_of_the_whole_model(number: int, late: bool) -> None:
    case, targets = everything(number)
    found = swept(number, late=late)
    sweeper = sweeper_of(case, targets, late=late)
    plain = Defender(sweeper.form, sweeper.measure)
    for one in found.struck:
        losses = sweeper.losses(one.shock)
        value = plain.respond(losses).value
        assert one.value == pytest.approx(value, abs=CLOSE), one.shock.id
        cost = plain.cheapest(losses, value).value - found.calm.value
        # A hair less short costs a hair more: at a penalty of up to 0.1 million a tonne.
        scale = max(abs(found.calm.value), abs(cost), 1.0)
        assert one.cost == pytest.approx(cost, abs=CLOSE + MONEY * scale), one.shock.id
        counted = sum(sweeper.measure.weights[d] * t for d, t in one.short.items())
        assert counted == pytest.approx(one.value, abs=2 * CLOSE), one.shock.id


@pytest.mark.parametrize("number", SEEDS)
def test_two_losses_hurt_no_less_than_either(number: int) -> None:
    found = swept(number)
    alone = {one.shock.targets[0].key: one for one in found.struck
             if one.shock.event is None and len(one.shock.targets) == 1}  # fmt: skip
    pairs = [one for one in found.struck if len(one.shock.targets) > 1]
    assert len(pairs) == len(pairs_of([one.shock.targets[0] for one in alone.values()]))
    for pair in pairs:
        assert pair.value >= max(alone[t.key].value for t in pair.shock.targets) - CLOSE


@pytest.mark.parametrize("number", [0, 3, 6])
@pytest.mark.parametrize("pieces", [0, 1, 2])
def test_killed_and_resumed_is_uninterrupted(
    number: int, pieces: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coercivity.resilience.attack.pieces.PIECE", 4)
    whole = swept(number)
    shelf = Shelf(most=pieces)
    with pytest.raises(KeyboardInterrupt):
        swept(number, keeper=shelf)
    assert len(shelf.pieces) == pieces
    shelf.most = math.inf
    resumed = swept(number, keeper=shelf)
    assert shelf.given == pieces
    assert bits(resumed) == bits(whole)
    assert (resumed.solved, resumed.untried) == (whole.solved, whole.untried)


@pytest.mark.parametrize("number", [3])
def test_the_number_of_processes_changes_no_bit(number: int) -> None:
    assert bits(swept(number, workers=2)) == bits(swept(number))


def test_what_is_looked_at_beside_it_changes_no_bit() -> None:
    whole, alone = swept(0), swept(0, pairs=False)
    both = dict.fromkeys(one.shock.id for one in alone.struck)
    assert [row for row in bits(whole) if row[0] in both] == bits(alone)


def test_a_piece_of_another_chain_is_not_used() -> None:
    shelf = Shelf()
    first = swept(0, keeper=shelf)
    names = set(shelf.pieces)
    other = swept(3, keeper=shelf)
    assert shelf.given == 0
    assert names & set(shelf.pieces)
    assert bits(other) == bits(swept(3))
    assert bits(other) != bits(first)


def test_a_piece_is_known_by_limits_by_what_is_known_and_by_where_it_begins() -> None:
    case, targets = everything(0)
    sweeper = sweeper_of(case, targets, late=False)
    strikes = [sweeper.strike_of(shock) for shock in shocks_of(targets)[:PIECE]]
    one = strikes[0]
    changed = [
        replace(one, least=one.least + 1.0),
        replace(one, start=1),
        replace(one, row_upper=one.row_upper + 1.0, column_upper=one.column_upper + 1.0),
    ]
    marks = {fingerprint("key", [other, *strikes[1:]]) for other in [one, *changed]}
    assert len(marks) == 1 + len(changed)
    assert fingerprint("key", strikes) != fingerprint("other", strikes)
    assert fingerprint("key", strikes) == fingerprint("key", list(strikes))


def test_without_time_pairs_are_listed_and_bounded_from_below() -> None:
    whole, cut = swept(0), swept(0, deadline=-math.inf)
    pairs = {one.shock.id: one for one in whole.struck if len(one.shock.targets) > 1}
    assert cut.untried
    assert len(cut.struck) + len(cut.untried) == len(whole.struck)
    for left in cut.untried:
        assert pairs[left.shock.id].more >= left.least - CLOSE
    hurt = [left.least for left in cut.untried]
    assert hurt[0] >= np.mean(hurt) - CLOSE


@pytest.mark.parametrize("number", SEEDS)
def test_a_smaller_model_has_fewer_rows_and_gives_every_column_back(number: int) -> None:
    case, targets = everything(number)
    sweeper = sweeper_of(case, targets, late=True)
    base, counted = sweeper.form.matrices, sweeper.defender.weights
    nothing = np.zeros(base.columns, dtype=bool)
    small = smaller(base, touched=nothing, counted=counted)
    assert small.matrices.rows < base.rows
    assert small.matrices.columns < base.columns
    question = Strikes(small, np.arange(small.matrices.columns))
    calm = question.load()(sweeper.strike_of(Shock(())))
    primal = small.whole(calm.seen)
    assert calm.cost * sweeper.form.unit == pytest.approx(sweeper.calm.value, rel=MONEY, abs=CLOSE)
    assert float(base.cost @ primal) == pytest.approx(calm.cost, rel=MONEY, abs=MONEY)
    assert (primal >= base.lower - MONEY).all()
    assert (primal <= base.upper + MONEY).all()
    used = sweeper.form.by_rows @ primal
    assert (used >= base.row_lower - MONEY).all()
    assert (used <= base.row_upper + MONEY).all()
