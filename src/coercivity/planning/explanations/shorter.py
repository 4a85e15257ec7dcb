"""The same options with fewer years of permitting, beside the real ones in one larger model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array, csc_array

from coercivity.chain.case import Case
from coercivity.chain.plants import Option
from coercivity.chain.trade import Target
from coercivity.foundation.errors import InternalError
from coercivity.planning.explanations.warm import (
    Answer,
    DecisionsNotAllowed,
    HeldPlan,
    decisions_of,
)
from coercivity.planning.investments import Entry, Investments
from coercivity.planning.model import PlanningModel, build_model
from coercivity.solvers import Matrices

Cut = tuple[str, int]
"""An option and the years by which its permit is shorter."""


@dataclass(frozen=True, slots=True)
class ShorterPermits:
    """A model that also holds each option with fewer years of permitting."""

    model: PlanningModel
    case: Case
    """The case without twins."""
    targets: tuple[Target, ...]
    """Targets besides those of the case."""
    twins: Mapping[Cut, str]
    """Name of the option that stands for another with a shorter permit."""

    def answer(self, held: HeldPlan, option: str, years: int) -> Answer:
        """Decide anew on an option whose permit is some years shorter, all else held.

        An option without twins is asked in a model of its own.
        """
        twin = self.twins.get((option, years))
        if twin is not None:
            return held.swap(option, twin)
        noun = self.case.options[option]
        quicker = replace(noun, permit_years=noun.permit_years - years)
        case = replace(self.case, options={**self.case.options, option: quicker})
        model = build_model(case, targets=self.targets)
        decisions = decisions_of(held.model, held.held)
        try:
            changed = HeldPlan(model, decisions, stop=held.stop, anew=(option,))
        except DecisionsNotAllowed:
            return Answer(None, None, {})
        return changed.choose(option)


def with_shorter_permits(
    model: PlanningModel, *, targets: tuple[Target, ...] = ()
) -> ShorterPermits:
    r"""Formulate a plan in which any option may be swapped for a quicker twin of itself.

    A lead time sits in the coefficients of the capacity a module gives and in the discounting of
    its capital, not in a bound. So each option *o* gets a twin for each of its permit years,

    .. math:: permit_{o,n} = permit_o - n, \qquad n = 1 \dots permit_o,

    with columns of its own, formulated by the same code as every other option. One model then
    answers all questions by its bounds: *o* at 0 and its twin free is exactly the case with the
    shorter permit. Options that require *o* may rely on its twin instead. With all twins at 0 the
    model is the plan's own. That would not hold where keeping an asset is a decision: its fixed
    cost counts from the year in which any option could first enlarge it, which a twin moves. So
    options of such assets get no twin; `ShorterPermits.answer` formulates their case anew.

    Parameters
    ----------
    model
        The planning model.
    targets
        Targets it was built with besides those of the case.

    Raises
    ------
    InternalError
        If the targets are not those of the model.
    """
    case = model.case
    twins: dict[Cut, str] = {}
    options = dict(case.options)
    for option in case.options.values():
        asset = case.assets.get(option.adds_to)
        if asset is not None and asset.has_states:
            continue
        for years in range(1, option.permit_years + 1):
            name = f"{option.id} permit-{years}"
            twins[option.id, years] = name
            options[name] = _twin(option, years, name, case.options)
    larger = build_model(replace(case, options=options), targets=targets)
    family = "target_is_met"
    if len(larger.builder.families[family].positions) != len(
        model.builder.families[family].positions
    ):
        msg = "the targets given to an explanation are not those of its plan.  [R005]"
        raise InternalError(msg)
    return ShorterPermits(_relying_on_twins(larger, twins), case, targets, twins)


def _twin(option: Option, years: int, name: str, options: Mapping[str, Option]) -> Option:
    excluded_by = {other.id for other in options.values() if option.id in other.excludes}
    return replace(
        option,
        id=name,
        permit_years=option.permit_years - years,
        excludes=tuple(sorted({*option.excludes, *excluded_by})),
    )


def _relying_on_twins(model: PlanningModel, twins: Mapping[Cut, str]) -> PlanningModel:
    """Let a requirement of an option be met by its twins."""
    family = model.builder.families["option_requires"]
    by_option: dict[str, list[str]] = {}
    for (option, _), twin in twins.items():
        by_option.setdefault(option, []).append(twin)
    rows: list[int] = []
    entries: list[Entry] = []
    for position, option, needed, period in zip(
        family.positions.tolist(), *family.index.values(), strict=True
    ):
        most = model.case.options[option].most
        for twin in by_option.get(needed, ()):
            found = _decided(model.investments, twin, period, most)
            rows += [position] * len(found)
            entries += found
    if not rows:
        return model
    return replace(model, scaled=replace(model.scaled, matrices=_plus(model, rows, entries)))


def _decided(investments: Investments, option: str, period: int, most: int) -> list[Entry]:
    return [(label, -value * most) for label, value in investments.decided(option, period)]


def _plus(model: PlanningModel, rows: list[int], entries: list[Entry]) -> Matrices:
    """Add entries to the matrix of a model."""
    known = model.scaled.matrices
    matrix = csc_array(
        (known.matrix.data, known.matrix.indices, known.matrix.indptr), shape=known.matrix.shape
    )
    labels = [label for label, _ in entries]
    values = np.array([value for _, value in entries], dtype=float)
    added = matrix + coo_array((values, (rows, labels)), shape=known.matrix.shape)
    return Matrices.of(
        added,
        cost=known.cost,
        lower=known.lower,
        upper=known.upper,
        integrality=known.integrality,
        row_lower=known.row_lower,
        row_upper=known.row_upper,
        offset=known.offset,
    )
