"""Prices, contracts, promises, uncertainty, scenarios and sources."""

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
    year,
    yes_no,
)

OBSERVATIONS = TableSchema(
    "observations",
    "What was counted in a year; never enters a plan.",
    (
        reference("asset", "The asset it was counted at.", "assets"),
        reference("country", "The country it was counted in.", "countries"),
        reference("stage", "Step of the chain.", "stages"),
        reference("material", "What was counted.", "materials"),
        year("year", "The year.", required=True),
        choice(
            "kind",
            "What was counted.",
            "production",
            "consumption",
            "import",
            "export",
            "stock",
            required=True,
        ),
        number("amount", "How much.", "t/year", required=True),
        choice(
            "covers",
            "Everything, or what the listed assets do not cover.",
            "total",
            "rest",
            default="total",
        ),
    ),
    ("asset", "country", "stage", "material", "year", "kind", "covers"),
    exactly_one=(("asset", "country"),),
)

PRICES = TableSchema(
    "prices",
    "Observed or assumed prices.",
    (
        reference("material", "What is priced.", "materials", required=True),
        Column("date", Kind.TEXT, "Year, month (YYYY-MM) or day (YYYY-MM-DD)."),
        number("price", "The price.", "as in column unit", required=True, low=None),
        text("unit", "Unit of the price, such as USD/t (blank = case currency per tonne)."),
        choice(
            "basis",
            "What a tonne counts (blank = that of the material).",
            "gross",
            "oxide",
            "contained",
            "metal",
        ),
        text("place", "Where it is quoted: a country id or a word."),
        text("series", "Name of the series."),
    ),
    ("material", "date", "place", "series"),
)

PRICE_MODELS = TableSchema(
    "price_models",
    "How a price moves.",
    (
        reference("material", "What is priced.", "materials", required=True),
        text("place", "Where it is quoted."),
        number("level", "Ordinary long-run price.", "case money/t", above_low=True),
        number("reversion", "Speed of return.", "1/year"),
        number("volatility", "Standard deviation of the log price over a year.", "1/year^0.5"),
        number("second_ratio", "Second attractor over the level.", "fraction", above_low=True),
        number("rate_to_second", "Rate of moving to the second attractor.", "1/year"),
        number("rate_back", "Rate of moving back.", "1/year"),
        number("jump_rate", "Rate of upward jumps.", "1/year"),
        number("jump_mean", "Mean of the log jump.", "log", low=None),
        number("jump_sd", "Standard deviation of the log jump.", "log"),
        text("correlation_group", "Prices of one group move together."),
    ),
    ("material", "place"),
)

PRICE_LINKS = TableSchema(
    "price_links",
    "Prices that follow others.",
    (
        reference("material", "What is priced.", "materials", required=True),
        reference("follows", "What it contains.", "materials", required=True),
        number("share", "Tonnes of the followed per tonne.", "t/t", required=True),
        number("margin", "Added price.", "case money/t", default=0.0, low=None),
        number("lag_years", "Delay.", "year", default=0.0),
        text("place", "Where it is quoted."),
    ),
    ("material", "follows", "place"),
)

PRICE_CORRELATIONS = TableSchema(
    "price_correlations",
    "Which prices move together; pairs that are not listed move on their own.",
    (
        reference("material", "One of the two.", "materials", required=True),
        reference("with_material", "The other.", "materials", required=True),
        number(
            "correlation",
            "Correlation of the yearly changes of the log prices.",
            "fraction",
            required=True,
            low=-1.0,
            high=1.0,
        ),
    ),
    ("material", "with_material"),
)

EXCHANGE_RATES = TableSchema(
    "exchange_rates",
    "Yearly rates by which figures were carried over; never enters a plan.",
    (
        Column("currency", Kind.ID, "Code of the currency (ISO 4217).", required=True),
        year("year", "The year the rate is the mean of.", required=True),
        number(
            "per_usd",
            "Units of the currency for one U.S. dollar.",
            "currency/USD",
            required=True,
            above_low=True,
        ),
    ),
    ("currency", "year"),
)

DEFLATORS = TableSchema(
    "deflators",
    "Price indices by which money was carried from year to year; never enters a plan.",
    (
        Column("index", Kind.ID, "Name of the index.", required=True),
        year("year", "The year the value is the mean of.", required=True),
        number("value", "Value of the index.", "index points", required=True, above_low=True),
    ),
    ("index", "year"),
)

EVENTS = TableSchema(
    "events",
    "Disruptions that may happen.",
    (
        ident("Name of the event."),
        choice(
            "scope",
            "What it hits.",
            "asset",
            "project",
            "country",
            "link",
            "material",
            "supplier",
            required=True,
        ),
        reference(
            "target",
            "Which one.",
            "assets",
            "projects",
            "countries",
            "links",
            "materials",
            "suppliers",
            required=True,
        ),
        number("rate", "How often.", "1/year"),
        choice(
            "duration_law",
            "Law of its length.",
            "fixed",
            "exponential",
            "lognormal",
            default="exponential",
        ),
        number("duration_mean", "Mean length.", "year"),
        number("duration_sd", "Standard deviation of its length.", "year"),
        share("depth", "Share lost while it lasts.", default=1.0),
        text("correlation_group", "Events of one group happen together."),
    ),
    ("id",),
)

OVERRUNS = TableSchema(
    "overruns",
    "Cost overruns and delays.",
    (
        ident("Name of the row."),
        choice("scope", "What it concerns.", "stage", "project", required=True),
        reference("target", "Which one.", "stages", "projects", required=True),
        number("capital_shift", "Shift of the lognormal factor.", "fraction", low=None),
        number("capital_mu", "Log mean of the factor.", "log", low=None),
        number("capital_sigma", "Log standard deviation of the factor.", "log"),
        number("delay_mean", "Mean delay.", "year"),
        number("delay_sd", "Standard deviation of the delay.", "year"),
        text("ramp_class", "Class of ramp-up."),
    ),
    ("id",),
)

CONTRACT_KINDS = (
    "grant",
    "loan",
    "guarantee",
    "floor",
    "cfd",
    "upside-share",
    "take-or-pay",
    "cost-plus",
    "ebitda-floor",
    "production-credit",
    "tariff",
    "stockpile-purchase",
    "preferred-equity",
)

CONTRACTS = TableSchema(
    "contracts",
    "Support and sale contracts.",
    (
        ident("Name of the contract."),
        choice("kind", "Kind of contract.", *CONTRACT_KINDS, required=True),
        reference("project", "Project it supports.", "projects"),
        reference("company", "Company it supports.", "companies"),
        reference("payer", "Who pays.", "companies", allowed=("government",), default="government"),
        reference("promise", "Kind of promise behind it.", "promises"),
        choice(
            "starts",
            "From when its years run.",
            "signing",
            "date",
            "first-output",
            default="signing",
        ),
        reference("starts_with", "Option whose first output starts it.", "options"),
        date("start_date", "Day it starts."),
        number("years", "Length.", "year"),
        yes_no("indexed", "Whether its money keeps its value.", default=False),
        choice(
            "settlement",
            "How often it is settled.",
            "monthly",
            "quarterly",
            "yearly",
            default="quarterly",
        ),
        text(
            "volume_basis",
            "Which tonnes count: produced, sold, contained, or alternatives joined by |.",
        ),
        share("termination_share", "Share of what remains that is paid on termination."),
    ),
    ("id",),
    exactly_one=(("project", "company"),),
)

CONTRACT_TERMS = TableSchema(
    "contract_terms",
    "Numbers of a contract.",
    (
        reference("contract", "The contract.", "contracts", required=True),
        text("term", "Name of the number.", required=True),
        number("value", "The number.", "as in column unit", low=None),
        text("unit", "Its unit."),
        reference("material", "Material it concerns.", "materials"),
        text("benchmark", "Price it is settled against."),
        date("from_date", "First day."),
        date("to_date", "Last day."),
        reference("after", "Option whose first output starts it.", "options"),
    ),
    ("contract", "term", "material", "from_date", "after"),
)

PROMISES = TableSchema(
    "promises",
    "Kinds of promise and how they lapse.",
    (
        choice(
            "id",
            "Kind of promise.",
            "announcement",
            "appropriation",
            "statute",
            "contract",
            "obligated",
            required=True,
        ),
        number("hazard", "Rate of lapsing.", "1/year"),
        choice(
            "renewal",
            "When it can lapse.",
            "continuous",
            "fiscal-year",
            "election",
            default="continuous",
        ),
        number("reprovision", "Rate of coming back.", "1/year"),
        yes_no("grandfathered", "Whether started plants keep it.", default=False),
        share("termination_share", "Share of what remains that is paid on lapse."),
    ),
    ("id",),
)

ELASTICITIES = TableSchema(
    "elasticities",
    "How demand and supply follow the price.",
    (
        reference("material", "The material.", "materials", required=True),
        number("demand", "Elasticity of demand.", "ratio", low=None),
        number("supply", "Elasticity of supply.", "ratio", low=None),
        number("lag_years", "Delay.", "year"),
    ),
    ("material",),
)

SCENARIOS = TableSchema(
    "scenarios",
    "Named futures: lists of changes to the case.",
    (
        ident("Name of the scenario."),
        text("title", "Title shown to people."),
        share("probability", "Its probability (blank = only when named)."),
    ),
    ("id",),
)

CHANGES = TableSchema(
    "changes",
    "What a scenario changes.",
    (
        reference("scenario", "The scenario.", "scenarios", required=True),
        text("table", "Table that is changed.", required=True),
        text("key", "Id, or the key columns joined by /.", required=True),
        text("column", "Column that is changed.", required=True),
        year("year", "Year from which the change holds (blank = always)."),
        text("set", "New value."),
        number("factor", "Factor on the value of the case.", "ratio", low=None),
    ),
    ("scenario", "table", "key", "column", "year"),
    exactly_one=(("set", "factor"),),
)

SOURCES = TableSchema(
    "sources",
    "Where figures come from.",
    (
        ident("Name of the source in column source."),
        text("title", "Title."),
        text("publisher", "Publisher."),
        text("year", "Year of publication."),
        text("address", "Where it can be found."),
        text("licence", "Licence of the figures."),
    ),
    ("id",),
)

MONEY = (
    OBSERVATIONS,
    PRICES,
    PRICE_MODELS,
    PRICE_LINKS,
    PRICE_CORRELATIONS,
    EXCHANGE_RATES,
    DEFLATORS,
    EVENTS,
    OVERRUNS,
    CONTRACTS,
    CONTRACT_TERMS,
    PROMISES,
    ELASTICITIES,
    SCENARIOS,
    CHANGES,
    SOURCES,
)
