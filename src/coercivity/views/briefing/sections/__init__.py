"""What a briefing says of a run: the sections of every verb, one list.

To add a section, write a file here that ends in a `Telling` named ``TELLING`` and put it into
`TELLINGS`: a test fails for a file that was forgotten. Tellings of one verb follow each other in
the order of the list.

A redacted briefing shows only what a part gives as its ``cut``; without one the part is left out,
so a new section tells nothing of the inputs unless its writer says what may stay.

>>> [telling.verb for telling in TELLINGS]
['plan', 'plan', 'assess', 'source', 'finance']
"""

from coercivity.views.briefing.sections import assess, finance, plan, source, takes
from coercivity.views.briefing.sections.telling import Telling

__all__ = ["TELLINGS", "Telling"]

TELLINGS: tuple[Telling, ...] = (
    plan.TELLING,
    takes.TELLING,
    assess.TELLING,
    source.TELLING,
    finance.TELLING,
)
"""Every telling, in the order in which sections are read."""
