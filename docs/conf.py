"""Sphinx configuration."""

from importlib.util import find_spec
from pathlib import Path

import ganisi
from ganisi._compat import _links as documentation

project = "ganisi"
author = "the ganisi developers"
copyright = "2026, the ganisi developers"
release = version = ganisi.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "myst_parser",
    "sphinx_gallery.gen_gallery",
]
exclude_patterns = ["_build", "tables"]
templates_path = ["_templates"]
autosummary_generate = True
# The docstrings say it in words, with shapes.
autodoc_typehints = "none"
numpydoc_show_class_members = False
myst_heading_anchors = 3
nitpicky = False

examples = Path(__file__).parents[1] / "examples"

html_theme = "pydata_sphinx_theme"
html_theme_options = {
    "show_prev_next": False,
    "navigation_with_keys": False,
    # Without a table of contents beside it, the code of an example fits in the page.
    "secondary_sidebar_items": {
        "**": ["page-toc", "sourcelink"],
        **{f"auto_examples/{path.stem}": [] for path in examples.glob("plot_*.py")},
    },
}
html_title = "ganisi"
# Pages without a section of their own.
alone = [
    "install",
    "guide/first_steps",
    "evidence",
    "speed",
    "paper",
    "glossary",
    "contributing",
    "policy",
    "citing",
    "changes",
]
html_sidebars = {name: [] for name in alone}

# torch weighs gigabytes: where it is missing, the page that needs it is shown but not run.
has_torch = find_spec("torch") is not None and find_spec("torchvision") is not None

# The diagrams of estimators in the gallery link to the API pages beside it.
documentation.address = "../"

sphinx_gallery_conf = {
    "examples_dirs": "../examples",
    "gallery_dirs": "auto_examples",
    "ignore_pattern": r"^(?!plot_)",
    "filename_pattern": r"plot_" if has_torch else r"plot_(?!8_deep_features)",
    "within_subsection_order": "FileNameSortKey",
    "abort_on_example_error": True,
    # A page is made by the library as it is now, even if its script has not changed.
    "run_stale_examples": True,
    # Names of ganisi in the code lead to the API pages.
    "doc_module": "ganisi",
    "reference_url": {"ganisi": None},
    "backreferences_dir": "auto_examples/backreferences",
    # A cell that ends in a picture shows the picture, and not the name of its class.
    "ignore_repr_types": r"ganisi\.plotting|matplotlib",
    "remove_config_comments": True,
    "show_memory": False,
    "show_signature": False,
    "write_computation_times": False,
}


def add_examples(app, what, name, obj, options, lines):
    """End what is said of a class or function with the examples that use it."""
    if what in ("class", "function"):
        lines += ["", f".. minigallery:: {name}", ""]


def setup(app):
    """Let pages say whether torch was there, and API pages which examples there are."""
    if has_torch:
        app.tags.add("torch")
    app.connect("autodoc-process-docstring", add_examples)
