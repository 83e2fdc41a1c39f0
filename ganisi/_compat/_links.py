"""Where the documentation of an estimator is."""

import sys
from importlib import metadata

#: What links to the documentation begin with. None is the address in the metadata of the installed
#: package, and no link where it has none; while the site itself is built, "../" for its gallery.
address = None


def page_address(cls):
    """Return the address of a public class's page; empty where nobody knows where the site is."""
    home = _published_address() if address is None else address
    return home and f"{home.rstrip('/')}/generated/{_public_name(cls)}.html"


def _published_address():
    try:
        entries = metadata.metadata("ganisi").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        return ""
    return dict(entry.split(", ", 1) for entry in entries).get("Documentation", "")


def _public_name(cls):
    """Return the shortest name that a class is imported by, such as ``ganisi.GaborBank``."""
    package = cls.__module__.split(".")[0]
    names = (name for name in list(sys.modules) if name.split(".")[0] == package)
    homes = [name for name in names if getattr(sys.modules[name], cls.__name__, None) is cls]
    # Windows of private modules may lie anywhere in the package.
    home = min(homes, key=lambda name: (name.count("."), len(name)))
    return f"{home}.{cls.__name__}"
