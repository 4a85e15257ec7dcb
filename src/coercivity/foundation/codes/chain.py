"""Pages of codes about the chain as a whole: meaning, why, what to do."""

from __future__ import annotations

CHAIN: dict[str, tuple[str, str, str]] = {
    "T104": (
        "A process makes more of an element than it takes in.",
        "Elements are neither made nor lost into nothing: contained element out is at most "
        "contained element in.",
        "Check the amounts in recipes, the fractions in compositions, and whether both count the "
        "element, its oxide or the gross mass.",
    ),
    "C201": (
        "A demand names no material that serves it.",
        "It could never be served.",
        "List at least one material for it in demand_materials.csv.",
    ),
    "C202": (
        "Nothing can bring a material that serves the demand to its place.",
        "There is no supplier, no plant and no way that ends there.",
        "Add a supplier, a link or a link rule to its place, or an asset or option that makes it.",
    ),
    "C203": (
        "An asset can never run, because it has no capacity and no option adds any.",
        "It is most often a forgotten capacity or a wrong year.",
        "Give it a nameplate capacity (empty means 0), check its years, or add an option.",
    ),
    "C204": (
        "An asset can never run, because something it needs cannot reach its site.",
        "It would stand idle in every plan.",
        "Add a supplier, a link or a link rule that brings the named material.",
    ),
    "C205": (
        "An option cannot finish within the horizon.",
        "A module counts only where its first output falls inside the periods.",
        "Shorten permit_years or build_years, move earliest, or extend the periods.",
    ),
    "C206": (
        "The shares in capital_years do not fit: too many of them, or a sum other than 1.",
        "Capital would be spent twice or not at all.",
        "Give at most one share a construction year, together 1.",
    ),
    "C207": (
        "A share in ramp lies outside 0 to 1.",
        "It is the share of the size that is available in a year of output.",
        "Write such as 0.5;0.8;1.",
    ),
    "C208": (
        "Financing is stated only by half, or over less than a year.",
        "A level payment needs both its rate and its years.",
        "Give financing_rate and financing_years, or neither.",
    ),
    "C209": (
        "Options require each other in a circle.",
        "None of them could be decided on first.",
        "Take one of the requirements out.",
    ),
    "C210": (
        "An option both requires and excludes another.",
        "It could never be chosen.",
        "Take the other out of one of the two lists.",
    ),
    "C211": (
        "A link leads from a site to itself.",
        "Nothing moves on it.",
        "Name two different sites.",
    ),
    "C212": (
        "A part of a link rule names no site, country, group or kind.",
        "The rule would silently match nothing.",
        "Name an id of sites or countries, a group, or kind:plant; join with & what must all hold.",
    ),
    "C213": (
        "A link rule costs by distance, but some of its sites have no coordinates.",
        "Their distance cannot be known.",
        "Give lat and lon in sites.csv, or use fixed_cost.",
    ),
    "C214": (
        "A tariff is a share of the value of a material that has no price.",
        "The duty cannot be computed.",
        "Add a row to prices.csv, or give the tariff as an amount per tonne.",
    ),
    "C215": (
        "Steps of a supplier or buyer are not in the order of their prices.",
        "The plan takes the better step first, whatever its number.",
        "Order the steps: rising prices for suppliers, falling prices for buyers.",
    ),
    "C216": (
        "A demand of higher priority has a lower penalty than one of lower priority.",
        "In a shortage the plan serves the higher penalty first.",
        "Raise the penalty, or change the priority in segments.csv.",
    ),
    "C217": (
        "A limit names no target, or one that does not fit its scope.",
        "What it bounds cannot be known.",
        "Name the country, project or material that the scope asks for.",
    ),
    "C218": (
        "A limit names a project to which no option belongs.",
        "It would bound nothing.",
        "Check the name of the project, here and in options.csv.",
    ),
    "C219": (
        "An asset is unlimited, but can be kept, mothballed or retired.",
        "A yes/no state switches a capacity off, and no number says how much that is.",
        "Give nameplate_capacity a number, or leave fixed_cost, care_cost, restart_cost and "
        "turndown empty.",
    ),
    "C220": (
        "No material of a process has a composition.",
        "Its element balance cannot be checked, so tonnes might be made from nothing.",
        "List what its materials contain in compositions.csv.",
    ),
    "C221": (
        "A mode is counted in a material that its recipe neither takes nor gives.",
        "Capacity and activity would be tonnes of something that never appears.",
        "Add the material to the recipe, or give the mode its own reference_material.",
    ),
    "C222": (
        "A process has no recipe.",
        "A plant running it would take nothing and give nothing.",
        "List what it takes and gives in recipes.csv.",
    ),
    "C223": (
        "The contents of a material exceed the whole.",
        "A tonne cannot contain more than a tonne.",
        "Check the fractions, and whether they count element or oxide.",
    ),
    "C224": (
        "The contents of a material add up to nearly 1, but not to 1.",
        "Assays rarely close; scaling them is a choice that has to be made by you.",
        "Correct the fractions, or write `normalise: yes` in case.yaml to have them scaled.",
    ),
    "C225": (
        "A number that a plan reads once was made to vary by year.",
        "A companion table or a dated change of a scenario would otherwise have no effect.",
        "Give a second row with its own years, such as a mode or an option.",
    ),
    "C226": (
        "Correlations of prices cannot hold together.",
        "Prices are drawn together from their matrix; one with a negative eigenvalue belongs to no "
        "set of prices, and mending it would change numbers that you gave.",
        "List each pair once, never a material with itself, and bring pairs that share a material "
        "closer together. A pair that is not listed counts as 0.",
    ),
    "C228": (
        "A duty is a share of a value for which the case has several series of prices.",
        "Series differ in grade, terms and tax; taking one of them, or a mean, would be a guess.",
        "Keep one series at the place of the exporter, move the others to another place, or give "
        "the tariff as an amount per tonne.",
    ),
    "C229": (
        "A series of prices changes its basis or its unit on the way.",
        "A tonne of oxide is not a tonne of metal, and dollars per kilogram are not dollars per "
        "tonne: what looks like a rise of the price would be a change of what is counted.",
        "Convert the quotes to one basis and unit, or give those that differ a series of their "
        "own.",
    ),
}
