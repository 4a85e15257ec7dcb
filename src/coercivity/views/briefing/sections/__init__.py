"""What a briefing says of a run: the sections of every verb, one list.

To add a section, write a file here that ends in a `Telling` named ``TELLING`` and put it into
`TELLINGS`: a test fails for a file that was forgotten. Tellings of one verb follow each other in
the order of the list.

A redacted briefing shows only what a part gives as its ``cut``; without one the part is left out,
so a new section tells nothing of the inputs unless its writer says what may stay.

>>> [telling.verb for telling in TELLINGS]
['plan', 'plan', 'assess', 'source', 'finance', 'align', 'align', 'stress-sweep',
 'stress-survive', 'stress-worst', 'stress-simulate', 'stress-stockpile', 'stress-adversary',
 'loop']
"""

from coercivity.views.briefing.sections import (
    adversary,
    align,
    assess,
    coordination,
    finance,
    loop,
    plan,
    simulate,
    source,
    stockpile,
    survive,
    sweep,
    takes,
    worst,
)
from coercivity.views.briefing.sections.telling import Telling

__all__ = ["TELLINGS", "Telling"]

TELLINGS: tuple[Telling, ...] = (
    plan.TELLING,
    takes.TELLING,
    assess.TELLING,
    source.TELLING,
    finance.TELLING,
    align.TELLING,
    coordination.TELLING,
    sweep.TELLING,
    survive.TELLING,
    worst.TELLING,
    simulate.TELLING,
    stockpile.TELLING,
    adversary.TELLING,
    loop.TELLING,
)
"""Every telling, in the order in which sections are read."""
