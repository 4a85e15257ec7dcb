"""Sphinx configuration; everything is built offline, and pages that show results are run."""

import sys
from importlib import metadata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

project = "Coercivity"
author = "The Coercivity authors"
copyright = "2026, The Coercivity authors"
release = version = metadata.version("coercivity")
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "docs._ext.mathml",
    "docs._ext.executed",
    "docs._ext.generated",
]
executed_ahead = [
    "coercivity plan us-rare-earths --name base",
    "coercivity plan us-rare-earths --scenario ban-2028 --gap 0.02 --name ban-2028",
    "coercivity plan us-rare-earths --scenario offer-falls --gap 0.02 --name offer-falls",
    "coercivity plan us-rare-earths --scenario offer-cheap --gap 0.03 --name offer-cheap",
    "coercivity plan us-rare-earths --seed 7 --name seed-7",
]
myst_enable_extensions = ["dollarmath", "deflist", "colon_fence"]
myst_heading_anchors = 3
html_math_renderer = "mathml"
html_theme = "furo"
html_title = "Coercivity"
html_static_path = ["_static"]
html_css_files = ["manual.css"]
html_theme_options: dict[str, object] = {"footer_icons": []}
html_show_sphinx = False
exclude_patterns = ["_build", "_ext"]
add_module_names = False
autodoc_typehints = "none"
autodoc_member_order = "bysource"
toc_object_entries = False
suppress_warnings = ["myst.xref_missing"]
