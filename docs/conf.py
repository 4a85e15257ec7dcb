"""Sphinx configuration; everything is built offline."""

from importlib.metadata import version

project = "Coercivity"
author = "The Coercivity authors"
copyright = "2026, The Coercivity authors"
release = version("coercivity")
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.mathjax"]
myst_enable_extensions = ["dollarmath", "deflist", "colon_fence"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "Coercivity"
html_static_path = ["_static"]
exclude_patterns = ["_build"]
autodoc_typehints = "description"
autodoc_member_order = "bysource"
suppress_warnings = ["myst.xref_missing"]
