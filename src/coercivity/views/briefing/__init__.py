"""The briefing: a run, or several side by side, for people who read one thing.

It opens with the answer in three sentences; then figures whose titles say what was found, the
assumptions that matter, sources, and how it was computed. One `Briefing` is written as interactive
HTML, static HTML, PDF or a workbook.
"""

from coercivity.views.briefing.assemble import make_briefing
from coercivity.views.briefing.nouns import Briefing, Listing, Section
from coercivity.views.briefing.writing import Form, form_of, write_briefing

__all__ = [
    "Briefing",
    "Form",
    "Listing",
    "Section",
    "form_of",
    "make_briefing",
    "write_briefing",
]
