"""Where the documentation of an estimator is."""

import sys
from importlib import metadata

#: What links to the documentation begin with. None is the address in the metadata of the installed
#: package, and no link where it has none; while the site itself is built, "../" for its gallery.
address = None


def page_address(cls):
    """Return the address of the page of a class.

    Parameters
    ----------
    cls : class
        A public class of ganisi.

    Returns
    -------
    address : str
        Of the page that docs/api.rst generates; empty where nobody knows where the site is.
    """
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
    windows = [
        name
        for name, module in list(sys.modules.items())
        if name.split(".")[0] == "ganisi"
        and cls.__name__ in getattr(module, "__all__", ())
        and getattr(module, cls.__name__) is cls
    ]
    return f"{min(windows, key=len, default=cls.__module__)}.{cls.__name__}"
