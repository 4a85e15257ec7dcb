"""Stages, segments, countries, sites, companies and projects."""

from __future__ import annotations

from coercivity.tables.columns import (
    TableSchema,
    choice,
    ident,
    number,
    reference,
    share,
    text,
    whole,
    year,
)

GROUPS = ("domestic", "allied", "neutral", "covered")

STAGES = TableSchema(
    "stages",
    "Steps of the chain, in their order.",
    (
        ident("Name of the step in every other table."),
        text("name", "Name shown to people."),
        whole(
            "order", "Place in the chain; a later stage uses what an earlier one makes.", "count"
        ),
        reference(
            "measure",
            "The material in whose tonnes shares are counted.",
            "materials",
            allowed=("oxide", "contained", "metal", "gross"),
        ),
        number("loop_weight", "Share of the price wedge that falls on the stage.", "fraction"),
    ),
    ("id",),
)

SEGMENTS = TableSchema(
    "segments",
    "Groups of users.",
    (
        ident("Name of the segment in demands and targets."),
        text("name", "Name shown to people."),
        whole("priority", "1 is served first in a shortage.", "rank", default=1, low=1),
    ),
    ("id",),
)

COUNTRIES = TableSchema(
    "countries",
    "Countries and the group each belongs to, seen from the perspective of the case.",
    (
        ident("ISO 3166 alpha-3 code."),
        text("name", "Name shown to people."),
        choice("group", "Group for origin rules, tariffs and links.", *GROUPS, required=True),
        number(
            "governance",
            "Governance indicator, -2.5 (weak) to 2.5 (strong).",
            "index",
            low=-2.5,
            high=2.5,
        ),
    ),
    ("id",),
)

SITES = TableSchema(
    "sites",
    "Places where something happens: plants, pools of a country, markets, ports.",
    (
        ident("Name of the place in every other table."),
        text("name", "Name shown to people."),
        reference("country", "Country the site lies in.", "countries", required=True),
        choice(
            "kind", "What kind of place it is.", "plant", "pool", "market", "port", default="plant"
        ),
        text("state", "State or province."),
        number("lat", "Latitude.", "degree", low=-90.0, high=90.0),
        number("lon", "Longitude.", "degree", low=-180.0, high=180.0),
    ),
    ("id",),
)

COMPANIES = TableSchema(
    "companies",
    "Companies that own projects.",
    (
        ident("Name of the company in projects and contracts."),
        text("name", "Name shown to people."),
        reference("country", "Country of its head office.", "countries"),
    ),
    ("id",),
)

PROJECTS = TableSchema(
    "projects",
    "Undertakings that are financed as one.",
    (
        ident("Name of the project in assets, options and contracts."),
        reference("company", "Owner.", "companies"),
        text("name", "Name shown to people."),
        number("hurdle", "Return on equity its owners ask, real.", "1/year"),
        share("gearing_limit", "Most debt as a share of funding."),
        number("dscr", "Debt service cover its lenders ask.", "ratio", low=1.0),
        number("debt_rate", "Interest on its debt, nominal.", "1/year"),
        number("tenor", "Years over which debt is repaid.", "year"),
        number("grace", "Years before repayment starts.", "year"),
        share("tax_rate", "Tax on income."),
        text("depreciation_class", "Class of tax depreciation, such as MACRS-7."),
        share("depletion_rate", "Percentage depletion of gross income."),
        share("royalty", "Royalty on revenue."),
        year("start_of_support", "Year from which support is counted."),
    ),
    ("id",),
)

GEOGRAPHY = (STAGES, SEGMENTS, COUNTRIES, SITES, COMPANIES, PROJECTS)
