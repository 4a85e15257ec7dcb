"""Elements, materials, processes, assets and options."""

from __future__ import annotations

from coercivity.tables.columns import (
    Column,
    Kind,
    TableSchema,
    choice,
    ident,
    number,
    reference,
    share,
    text,
    whole,
    year,
    yes_no,
)

STATUSES = (
    "operating",
    "ramping",
    "construction",
    "planned",
    "mothballed",
    "closed",
    "observed",
)

ELEMENTS = TableSchema(
    "elements",
    "Chemical elements that are tracked.",
    (
        ident("Symbol of the element."),
        text("name", "Name shown to people."),
        text("oxide", "Formula of its oxide."),
        number(
            "oxide_factor",
            "Tonnes of element in a tonne of its oxide.",
            "t/t",
            low=0.0,
            high=1.0,
            above_low=True,
        ),
    ),
    ("id",),
)

MATERIALS = TableSchema(
    "materials",
    "Everything that flows.",
    (
        ident("Name of the material in every other table."),
        text("name", "Name shown to people."),
        reference("stage", "The step that makes it.", "stages"),
        Column("unit", Kind.TEXT, "Unit in which it is counted.", default="t"),
        choice(
            "basis",
            "What a tonne of it counts.",
            "gross",
            "oxide",
            "contained",
            "metal",
            default="gross",
        ),
        number("gross_per_t", "Gross tonnes moved per tonne counted.", "t/t", default=1.0),
        yes_no("tradable", "Whether link rules may move it.", default=True),
    ),
    ("id",),
)

COMPOSITIONS = TableSchema(
    "compositions",
    "What a tonne of a material contains.",
    (
        reference("material", "The material.", "materials", required=True),
        reference("element", "The element in it.", "elements", required=True),
        number(
            "mass_fraction", "Tonnes in a tonne of the material.", "t/t", required=True, high=1.0
        ),
        choice(
            "counted_as",
            "Whether the fraction counts the element or its oxide.",
            "element",
            "oxide",
            default="element",
        ),
    ),
    ("material", "element"),
)

PROCESSES = TableSchema(
    "processes",
    "Ways of turning materials into materials.",
    (
        ident("Name of the process in recipes, modes and assets."),
        text("name", "Name shown to people."),
        reference("stage", "Step of the chain.", "stages"),
        reference(
            "reference_material",
            "Material in which capacity and activity are counted.",
            "materials",
            required=True,
        ),
        choice(
            "origin",
            "Whether origin is inherited from inputs or set by the site.",
            "inherit",
            "site",
            default="inherit",
        ),
    ),
    ("id",),
)

RECIPES = TableSchema(
    "recipes",
    "Inputs and outputs of each mode of a process.",
    (
        reference("process", "The process.", "processes", required=True),
        Column("mode", Kind.TEXT, "Variant of the process.", default="main"),
        reference("material", "What goes in or comes out.", "materials", required=True),
        choice("direction", "Whether it goes in or comes out.", "in", "out", required=True),
        number(
            "amount",
            "Tonnes per tonne of reference activity.",
            "t/t",
            required=True,
            low=0.0,
            above_low=True,
        ),
    ),
    ("process", "mode", "material", "direction"),
)

MODES = TableSchema(
    "modes",
    "Variants of a process that share an asset's capacity.",
    (
        reference("process", "The process.", "processes", required=True),
        Column("mode", Kind.TEXT, "Variant of the process.", required=True),
        reference(
            "reference_material",
            "Material in which this mode is counted (blank = that of the process).",
            "materials",
        ),
        number("capacity_use", "Capacity taken by a tonne of this mode.", "t/t", default=1.0),
        number(
            "variable_cost",
            "Running cost, added to that of the asset.",
            "case money/t",
            default=0.0,
            low=None,
        ),
        year("first_year", "First year in which it can run."),
        year("last_year", "Last year in which it can run."),
    ),
    ("process", "mode"),
)

ASSETS = TableSchema(
    "assets",
    "Plants: a process at a site, existing or to come.",
    (
        ident("Name of the asset in options, contracts and results."),
        text("name", "Name shown to people."),
        reference("site", "Where it stands.", "sites", required=True),
        reference("process", "What it does.", "processes", required=True),
        reference("project", "The undertaking it belongs to.", "projects"),
        choice(
            "status",
            "Where it stands in its life; observed = counted, never dispatched.",
            *STATUSES,
            default="operating",
        ),
        number(
            "nameplate_capacity",
            "Capacity, counted in the reference material.",
            "t/year",
            default=0.0,
            unlimited=True,
        ),
        number(
            "least_activity",
            "Least capacity use, where something obliges it.",
            "t/year",
            default=0.0,
        ),
        year("first_year", "First year of its capacity."),
        year("last_year", "Last year of its capacity."),
        share("availability", "Share of capacity that can be used.", default=1.0),
        share("turndown", "Least share of capacity used while it is kept.", default=0.0),
        number(
            "fixed_cost", "Cost while capacity is kept.", "million case money/year", default=0.0
        ),
        number("variable_cost", "Running cost.", "case money/t", default=0.0, low=None),
        number(
            "care_cost",
            "Cost while mothballed (blank = cannot be mothballed).",
            "million case money/year",
        ),
        number(
            "restart_cost",
            "Cost of coming back from mothballing.",
            "million case money",
            default=0.0,
        ),
        number(
            "reserve", "Most activity over the horizon (blank = unlimited).", "t", unlimited=True
        ),
        yes_no("attackable", "Whether an adversary can take it out.", default=True),
        number("attack_cost", "What taking it out costs an adversary.", "points", default=1.0),
        whole("group_of", "Number of plants this row stands for.", "count", default=1, low=1),
        number("time_to_recover", "Time until it is back after a loss.", "year"),
    ),
    ("id",),
)

OPTIONS = TableSchema(
    "options",
    "Modules that may be added to an asset or link.",
    (
        ident("Name of the option in contracts and results."),
        reference("adds_to", "The asset or link it enlarges.", "assets", "links", required=True),
        reference(
            "project", "The undertaking it belongs to (blank = that of the asset).", "projects"
        ),
        number("size", "Capacity of one module.", "t/year", required=True, above_low=True),
        whole("most", "Most modules over the horizon.", "count", default=1),
        number("capital", "Overnight cost of one module.", "million case money", default=0.0),
        Column(
            "capital_years",
            Kind.NUMBERS,
            "Share of capital by construction year (blank = even).",
            "fraction",
        ),
        whole("permit_years", "From decision to start of construction.", "year", default=0),
        whole("build_years", "From start of construction to first output.", "year", default=0),
        Column(
            "ramp", Kind.NUMBERS, "Share of size by year of output; the last one holds.", "fraction"
        ),
        year("earliest", "First year in which it can be decided on."),
        year("latest", "Last year in which it can be decided on."),
        reference(
            "requires",
            "Options that must be decided on before it or with it.",
            "options",
            many=True,
        ),
        reference("excludes", "Options that cannot be chosen with it.", "options", many=True),
        number("life", "Years of use (blank = no salvage).", "year", above_low=True),
        number("financing_rate", "Interest on its capital, real.", "1/year"),
        number(
            "financing_years",
            "Years over which capital is paid back (blank = paid as spent).",
            "year",
            above_low=True,
        ),
        share("public_share", "Share of capital paid from public money.", default=0.0),
    ),
    ("id",),
)

PROCESSING = (
    ELEMENTS,
    MATERIALS,
    COMPOSITIONS,
    PROCESSES,
    RECIPES,
    MODES,
    ASSETS,
    OPTIONS,
)
