"""What a redacted briefing leaves out, and what stays.

A redacted briefing shows results added up over stages, segments, groups of countries and years. It
leaves out every single input and whatever names or places one:

- values of the case (assumptions, weakest figures, differences of inputs), its name, title and
  description, and the options of the call but for the segment and class of a frontier;
- sources: ids, titles, publishers, addresses, and how many rows rest on each;
- sites, plants, options, companies, suppliers, buyers and single demands, by name or on a map, and
  the capacity of stages, which may be that of one plant;
- the size of what is built where a single option stands behind it;
- whatever a section does not say may stay: `coercivity.views.briefing.sections`.

It keeps the id of the run, the digest of its inputs, versions, solver, times and size of the model,
so that whoever holds the run can compute it again; names of stages, materials, segments, classes
and countries; and the banner.

A sum over one thing is that thing: where a segment has one demand, its served tonnes are that
demand's; where a country has one mine, its ore is that mine's. And a digest tells whoever guesses
all inputs that the guess was right.
"""

from __future__ import annotations

FIGURES_KEPT = ("coverage", "costs")
"""Figures of sums that may stand side by side in a comparison."""
LEFT_OUT = "Left out of this copy."
