"""Sphinx configuration."""

import ganisi

project = "ganisi"
author = "the ganisi developers"
copyright = "2026, the ganisi developers"
release = version = ganisi.__version__

extensions = ["sphinx.ext.autodoc", "sphinx.ext.autosummary", "numpydoc", "myst_parser"]
exclude_patterns = ["_build"]
templates_path = ["_templates"]
autosummary_generate = True
numpydoc_show_class_members = False
myst_heading_anchors = 3
nitpicky = False

html_theme = "pydata_sphinx_theme"
html_theme_options = {"show_prev_next": False, "navigation_with_keys": False}
html_title = "ganisi"
