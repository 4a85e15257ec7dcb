"""``coercivity stress adversary``: the most that an adversary can do with a budget."""

from __future__ import annotations

from typing import Annotated

import typer

from coercivity.interfaces.cli.answers import show_answer
from coercivity.interfaces.cli.options import Json, RunName, RunsFolder, Verbose
from coercivity.interfaces.cli.screen import tell
from coercivity.interfaces.cli.stress.options import Segment
from coercivity.interfaces.cli.verbs import Verb

Plan = Annotated[
    str,
    typer.Argument(metavar="RUN", help="A plan, whose projects are attacked.", show_default=False),
]
Budget = Annotated[
    float,
    typer.Option(
        "--budget",
        metavar="M",
        help="Margin he may give up in all, in million. [required]",
        show_default=False,
    ),
]
Materials = Annotated[
    list[str] | None,
    typer.Option(
        "--material",
        metavar="M",
        help="Only this product is dumped; may be given several times.",
        show_default="all he sells that a project trades",
    ),
]
OwnCost = Annotated[
    float,
    typer.Option(
        "--own-cost",
        metavar="SHARE",
        help="Share of the long-run price below which he does not sell.",
    ),
]
Exports = Annotated[
    float | None,
    typer.Option(
        "--exports",
        metavar="KT",
        help="What he sells abroad of each product, in kt a year.",
        show_default="the offers of covered countries",
    ),
]
Every = Annotated[
    int, typer.Option("--every", metavar="N", help="Years between the first years tried.")
]
Paths = Annotated[
    int, typer.Option("--paths", metavar="N", help="Paths of prices, delays and overruns.")
]
Seed = Annotated[int, typer.Option("--seed", metavar="K", help="Seed of all draws.")]


def adversary(
    run: Plan,
    budget: Budget,
    segment: Segment = None,
    material: Materials = None,
    own_cost: OwnCost = 0.25,
    exports: Exports = None,
    every: Every = 3,
    paths: Paths = 200,
    seed: Seed = 0,
    name: RunName = None,
    folder: RunsFolder = None,
    as_json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Find the best that an adversary with a budget can do.

    He dumps one product by some depth for some years, down to his own cost at most. Plants idle
    or close, owners who expect it do not build, and contracts cost the public more: the best
    attack of each kind is told. Nothing that comes out of covered countries counts as served.
    """
    from coercivity.results import find_run, runs_folder
    from coercivity.studies.adversary import AdversaryOptions
    from coercivity.studies.adversary import adversary as study
    from coercivity.views.adversary_words import answer, notes, tables

    options = AdversaryOptions(
        budget=budget,
        segment=segment,
        materials=tuple(material or ()),
        own_cost=own_cost,
        exports=exports,
        every=every,
        paths=paths,
        seed=seed,
        name=name,
    )
    runs = runs_folder(folder)

    def told(phase: str, share: float) -> None:
        if verbose:
            tell(f"{share:4.0%}  {phase}")

    found = study(find_run(run, runs=runs), runs, options, tell=told)
    show_answer(found, answer, tables, as_json=as_json, notes=notes)


VERB = Verb(
    "adversary",
    adversary,
    (
        ("coercivity plan mini --name base", "a plan first; a real case takes minutes"),
        ("coercivity stress adversary base --budget 200", "what 200 million of lost margin do"),
        (
            "coercivity stress adversary base --budget 200 --every 1",
            "beginning in any year",
        ),
        (
            "coercivity stress adversary base --budget 200 --segment defence --json",
            "to the demand of one segment",
        ),
    ),
    exits=(0, 1, 2, 3, 130),
)
