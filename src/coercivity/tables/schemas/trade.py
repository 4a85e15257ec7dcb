"""Links, tariffs, suppliers, buyers, demands, origin and stocks."""

from __future__ import annotations

from coercivity.tables.columns import (
    Column,
    Kind,
    TableSchema,
    choice,
    date,
    ident,
    number,
    reference,
    share,
    text,
    whole,
    year,
    yes_no,
)
from coercivity.tables.schemas.geography import GROUPS

LINKS = TableSchema(
    "links",
    "Directed ways between two sites.",
    (
        ident("Name of the link in options and results."),
        reference("from", "Site it starts from.", "sites", required=True),
        reference("to", "Site it leads to.", "sites", required=True),
        reference(
            "materials",
            "What it moves (blank = whatever `from` offers and `to` can use).",
            "materials",
            many=True,
        ),
        number("cost", "Freight.", "case money/t gross", default=0.0),
        number(
            "capacity",
            "Most it moves (blank = unlimited).",
            "t/year",
            unlimited=True,
            default=float("inf"),
        ),
        number("least", "Least it moves.", "t/year", default=0.0),
        year("first_year", "First year in which it is open."),
        year("last_year", "Last year in which it is open."),
        yes_no("attackable", "Whether an adversary can cut it.", default=False),
        number("attack_cost", "What cutting it costs an adversary.", "points", default=1.0),
    ),
    ("id",),
)

LINK_RULES = TableSchema(
    "link_rules",
    "Rules that make links between many pairs of sites.",
    (
        ident("Name of the rule."),
        Column(
            "from",
            Kind.SELECTOR,
            "Sites it starts from: site, country, group or kind:pool.",
            required=True,
        ),
        Column(
            "to",
            Kind.SELECTOR,
            "Sites it leads to: site, country, group or kind:pool.",
            required=True,
        ),
        reference("materials", "What it moves (blank = whatever fits).", "materials", many=True),
        yes_no("allow", "Whether the rule opens or closes the way.", default=True),
        text("mode", "Means of transport."),
        number(
            "fixed_cost",
            "Freight that does not depend on distance.",
            "case money/t gross",
            default=0.0,
        ),
        number("cost_per_km", "Freight by distance.", "case money/t gross/km", default=0.0),
        number("distance_factor", "Way travelled per great-circle distance.", "km/km", default=1.0),
        year("first_year", "First year in which it holds."),
        year("last_year", "Last year in which it holds."),
    ),
    ("id",),
)

TARIFFS = TableSchema(
    "tariffs",
    "Duties on what crosses a border.",
    (
        reference(
            "from", "Exporting country or group.", "countries", required=True, allowed=GROUPS
        ),
        reference("to", "Importing country or group.", "countries", required=True, allowed=GROUPS),
        reference("material", "What is taxed.", "materials", required=True),
        year("year", "Year from which it holds (blank = always)."),
        number("rate", "Duty on the value.", "fraction"),
        number("amount", "Duty per tonne.", "case money/t"),
    ),
    ("from", "to", "material", "year"),
    exactly_one=(("rate", "amount"),),
)

SUPPLIERS = TableSchema(
    "suppliers",
    "Offers from outside, in steps of rising price.",
    (
        ident("Name of the supplier."),
        whole("step", "Step of its offer.", "rank", default=1, low=1),
        year("year", "Year from which the row holds (blank = always)."),
        reference("site", "Site at which it delivers.", "sites"),
        reference("country", "Country at whose pool it delivers.", "countries"),
        reference("material", "What it offers.", "materials", required=True),
        number(
            "offered",
            "Most it delivers in this step (blank = unlimited).",
            "t/year",
            unlimited=True,
            default=float("inf"),
        ),
        number("price", "Price of this step.", "case money/t", required=True, low=None),
        Column("origin", Kind.ORIGIN, "Where each stage ran; missing stages: its country."),
        yes_no("attackable", "Whether an adversary can cut it.", default=False),
        number("attack_cost", "What cutting it costs an adversary.", "points", default=1.0),
    ),
    ("id", "step", "year"),
    at_most_one=(("site", "country"),),
)

BUYERS = TableSchema(
    "buyers",
    "Outside takers, in steps of falling price.",
    (
        ident("Name of the buyer."),
        whole("step", "Step of its demand.", "rank", default=1, low=1),
        year("year", "Year from which the row holds (blank = always)."),
        reference("site", "Site at which it takes.", "sites"),
        reference("country", "Country at whose pool it takes.", "countries"),
        reference("material", "What it takes.", "materials", required=True),
        number(
            "most",
            "Most it takes in this step (blank = unlimited).",
            "t/year",
            unlimited=True,
            default=float("inf"),
        ),
        number(
            "price",
            "Price it pays; negative = cost of disposal.",
            "case money/t",
            required=True,
            low=None,
        ),
    ),
    ("id", "step", "year"),
    at_most_one=(("site", "country"),),
)

DEMANDS = TableSchema(
    "demands",
    "What has to be served.",
    (
        ident("Name of the demand."),
        reference("segment", "Group of users.", "segments"),
        reference("site", "Site at which it is served.", "sites"),
        reference("country", "Country at whose pool it is served.", "countries"),
        year("year", "Year of the amount; linear between rows (blank = always)."),
        number("amount", "What is asked for.", "t/year", required=True),
        reference(
            "class", "Origin class asked for.", "origin_classes", allowed=("any",), default="any"
        ),
        whole("priority", "1 is served first (blank = that of the segment).", "rank", low=1),
        number("penalty", "Cost of not serving (blank = must be met).", "case money/t"),
    ),
    ("id", "year"),
    exactly_one=(("site", "country"),),
)

DEMAND_MATERIALS = TableSchema(
    "demand_materials",
    "Materials that can serve a demand, each an alternative.",
    (
        reference("demand", "The demand.", "demands", required=True),
        reference("material", "What serves it.", "materials", required=True),
        number("amount", "Tonnes per tonne of demand.", "t/t", default=1.0, above_low=True),
        number(
            "extra_cost",
            "Cost of serving it this way.",
            "case money/t of demand",
            default=0.0,
            low=None,
        ),
        year("first_year", "First year in which it can."),
    ),
    ("demand", "material"),
)

ORIGIN_CLASSES = TableSchema(
    "origin_classes",
    "Nested classes of origin, the best first; `any` exists by itself and is last.",
    (
        ident("Name of the class in demands, targets and rules."),
        text("name", "Name shown to people."),
        whole("order", "1 is the best.", "rank", required=True, low=1),
    ),
    ("id",),
)

ORIGIN_RULES = TableSchema(
    "origin_rules",
    "Country groups in which a stage must run for its product to be of a class.",
    (
        reference("class", "The class.", "origin_classes", required=True),
        reference("stage", "The stage.", "stages", required=True),
        choice("groups", "Country groups that are accepted.", *GROUPS, required=True, many=True),
        date("from_date", "Day from which the rule holds (blank = always)."),
    ),
    ("class", "stage", "from_date"),
)

ORIGIN_EXCEPTIONS = TableSchema(
    "origin_exceptions",
    "Materials for which a rule does not hold.",
    (
        reference("class", "The class.", "origin_classes", required=True),
        reference("stage", "The stage (blank = every stage).", "stages"),
        reference("material", "The material (blank = every material).", "materials"),
        text("condition", "Condition in words (blank = none)."),
        date("from_date", "First day."),
        date("to_date", "Last day."),
    ),
    ("class", "stage", "material", "condition", "from_date"),
)

STOCKS = TableSchema(
    "stocks",
    "Places where material is kept.",
    (
        ident("Name of the stock."),
        reference("site", "Where it lies.", "sites", required=True),
        reference("material", "What is kept.", "materials", required=True),
        number("opening", "Stock at the start of the horizon.", "t", default=0.0),
        number("most", "Most that is kept.", "t", default=0.0, unlimited=True),
        number("holding_cost", "Cost of keeping.", "case money/t/year", default=0.0),
        choice("owner", "Whose it is.", "private", "strategic", default="private"),
        number("fill_cost", "Cost of putting in.", "case money/t", default=0.0),
    ),
    ("id",),
)

LIMITS = TableSchema(
    "limits",
    "Bounds on what a plan may do.",
    (
        ident("Name of the limit."),
        choice(
            "scope",
            "What it bounds.",
            "all",
            "country",
            "project",
            "public",
            "private",
            default="all",
        ),
        reference("target", "The country or project.", "countries", "projects"),
        reference("material", "The material (blank = all).", "materials"),
        choice(
            "kind",
            "What is counted: million case money/year, modules/year or t/year.",
            "capital",
            "starts",
            "exports",
            "imports",
            "emissions",
            required=True,
        ),
        year("year", "Year from which it holds (blank = always)."),
        number(
            "amount",
            "Most in a year.",
            "million case money/year, 1/year or t/year",
            required=True,
            unlimited=True,
        ),
    ),
    ("id", "year"),
)

TARGETS = TableSchema(
    "targets",
    "Shares of demand that must be served.",
    (
        ident("Name of the target."),
        reference("segment", "Group of users.", "segments", required=True),
        share("share", "Least share served, by this class or better.", required=True),
        reference("class", "Origin class.", "origin_classes", allowed=("any",), default="any"),
        year("year", "Year from which it holds, to the end of the report.", required=True),
        share("probability", "Probability with which it holds (blank = always)."),
    ),
    ("id",),
)

TRADE = (
    LINKS,
    LINK_RULES,
    TARIFFS,
    SUPPLIERS,
    BUYERS,
    DEMANDS,
    DEMAND_MATERIALS,
    ORIGIN_CLASSES,
    ORIGIN_RULES,
    ORIGIN_EXCEPTIONS,
    STOCKS,
    LIMITS,
    TARGETS,
)
