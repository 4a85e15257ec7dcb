"""Materials, processes, assets and options from their tables."""

from __future__ import annotations

import numpy as np

from coercivity.chain.plants import Asset, Option
from coercivity.chain.processes import Material, Mode, Process
from coercivity.chain.series import YearlyReader
from coercivity.tables import CaseTables, Row

CLOSE = 0.03
"""How far from 1 contents may add up to and still be scaled. [fraction]"""
EXACT = 1e-9


def closing_scales(tables: CaseTables) -> dict[str, float]:
    """Find the factor that makes contents add up to 1, of materials that nearly close.

    A material nearly closes if its contents exceed 1 by at most 0.03; or, counted as oxides of a
    material on oxide basis, if they also fall short of 1 by at most that.
    """
    basis = {row.text("id"): row.text("basis") for row in tables.tables["materials"].rows()}
    fractions: dict[str, list[float]] = {}
    as_oxides: dict[str, bool] = {}
    for row in tables.tables["compositions"].rows():
        material = row.text("material")
        fractions.setdefault(material, []).append(row.number("mass_fraction"))
        counted = row["counted_as"] == "oxide" and basis.get(material) == "oxide"
        as_oxides[material] = as_oxides.get(material, True) and counted
    totals = {material: sum(parts) for material, parts in fractions.items()}
    return {
        material: 1 / total
        for material, total in totals.items()
        if abs(total - 1) > EXACT
        and (1 - CLOSE if as_oxides[material] else 1.0) <= total <= 1 + CLOSE
    }


def materials_of(tables: CaseTables) -> dict[str, Material]:
    """Read the materials with what they contain."""
    oxide_factors = {
        r.text("id"): r.maybe_number("oxide_factor") for r in tables.tables["elements"].rows()
    }
    scales = closing_scales(tables) if tables.settings.normalise else {}
    contents: dict[str, dict[str, float]] = {}
    for row in tables.tables["compositions"].rows():
        material, element = row.text("material"), row.text("element")
        fraction = row.number("mass_fraction") * scales.get(material, 1.0)
        if row["counted_as"] == "oxide":
            fraction *= oxide_factors.get(element) or 1.0
        contents.setdefault(material, {})[element] = fraction
    return {
        row.text("id"): Material(
            id=row.text("id"),
            name=(row.maybe_text("name") or row.text("id")),
            stage=row.maybe_text("stage"),
            basis=row.text("basis"),
            gross_per_t=row.number("gross_per_t"),
            tradable=row.flag("tradable"),
            contents=contents.get(row.text("id"), {}),
        )
        for row in tables.tables["materials"].rows()
    }


def _amounts(rows: list[Row], direction: str) -> dict[str, float]:
    return {r.text("material"): r.number("amount") for r in rows if r["direction"] == direction}


def _mode(
    name: str, process: Row, row: Row | None, recipe: list[Row], reader: YearlyReader
) -> Mode:
    reference = process["reference_material"]
    if row is not None and row["reference_material"] is not None:
        reference = row["reference_material"]
    return Mode(
        process=process.text("id"),
        name=name,
        reference_material=str(reference),
        capacity_use=1.0 if row is None else row.number("capacity_use"),
        variable_cost=reader.constant(0.0)
        if row is None
        else reader.column("modes", row, "variable_cost"),
        inputs=_amounts(recipe, "in"),
        outputs=_amounts(recipe, "out"),
        first_year=None if row is None else row.maybe_whole("first_year"),
        last_year=None if row is None else row.maybe_whole("last_year"),
    )


def processes_of(tables: CaseTables, reader: YearlyReader) -> dict[str, Process]:
    """Read the processes with their modes and recipes."""
    recipes: dict[tuple[str, str], list[Row]] = {}
    for row in tables.tables["recipes"].rows():
        recipes.setdefault((row.text("process"), row.text("mode")), []).append(row)
    modes = {(r.text("process"), r.text("mode")): r for r in tables.tables["modes"].rows()}
    found: dict[str, Process] = {}
    for row in tables.tables["processes"].rows():
        name = row.text("id")
        keys = sorted({key for key in (*recipes, *modes) if key[0] == name})
        found[name] = Process(
            id=name,
            name=str(row["name"] or name),
            stage=row.maybe_text("stage"),
            reference_material=row.text("reference_material"),
            origin_at_site=row["origin"] == "site",
            modes=tuple(
                _mode(key[1], row, modes.get(key), recipes.get(key, []), reader) for key in keys
            ),
        )
    return found


def assets_of(tables: CaseTables, reader: YearlyReader) -> dict[str, Asset]:
    """Read the assets that can be dispatched."""
    return {
        row.text("id"): _asset(row, reader)
        for row in tables.tables["assets"].rows()
        if row["status"] not in {"closed", "observed"}
    }


def _asset(row: Row, reader: YearlyReader) -> Asset:
    alive = reader.alive(row)

    def by_year(column: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return reader.column("assets", row, column)

    capacity = np.where(alive > 0, by_year("nameplate_capacity"), 0.0)
    care = by_year("care_cost")
    reserve = row.maybe_number("reserve")
    return Asset(
        id=row.text("id"),
        name=(row.maybe_text("name") or row.text("id")),
        site=row.text("site"),
        process=row.text("process"),
        project=row.maybe_text("project"),
        status=row.text("status"),
        capacity=capacity,
        availability=by_year("availability"),
        least_activity=by_year("least_activity") * alive,
        turndown=row.number("turndown"),
        fixed_cost=by_year("fixed_cost"),
        variable_cost=by_year("variable_cost"),
        care_cost=None if np.isnan(care).all() else np.nan_to_num(care),
        restart_cost=row.number("restart_cost"),
        reserve=float("inf") if reserve is None else reserve,
    )


def options_of(tables: CaseTables, reader: YearlyReader) -> dict[str, Option]:
    """Read the options; the project is that of the asset where none is named."""
    projects = {r.text("id"): r.maybe_text("project") for r in tables.tables["assets"].rows()}
    return {
        row.text("id"): _option(row, projects, reader) for row in tables.tables["options"].rows()
    }


def _option(row: Row, projects: dict[str, str | None], reader: YearlyReader) -> Option:
    adds_to, build_years = row.text("adds_to"), row.whole("build_years")
    even = tuple(1 / build_years for _ in range(build_years))
    return Option(
        id=row.text("id"),
        adds_to=adds_to,
        project=row.maybe_text("project") or projects.get(adds_to),
        size=row.number("size"),
        most=row.whole("most"),
        capital=reader.column("options", row, "capital"),
        capital_shares=row.numbers("capital_years") or even,
        permit_years=row.whole("permit_years"),
        build_years=build_years,
        ramp=row.numbers("ramp") or (1.0,),
        earliest=row.maybe_whole("earliest"),
        latest=row.maybe_whole("latest"),
        requires=row.names("requires"),
        excludes=row.names("excludes"),
        life=row.maybe_number("life"),
        financing_rate=row.maybe_number("financing_rate"),
        financing_years=row.maybe_number("financing_years"),
        public_share=row.number("public_share"),
    )
