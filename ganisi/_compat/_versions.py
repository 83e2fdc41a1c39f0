"""Which versions of what are installed: told in reports, on the command line and to readers."""

import platform
from importlib.metadata import PackageNotFoundError, version

from joblib import cpu_count
from threadpoolctl import threadpool_info

from .._version import __version__

#: What computes the figures.
_PACKAGES = ("numpy", "scipy", "scikit-image", "scikit-learn", "joblib")
#: What else is needed, and what the extras bring.
_OTHERS = ("jinja2", "pillow", "threadpoolctl")
_EXTRAS = (
    "dask",
    "distributed",
    "matplotlib",
    "nibabel",
    "numba",
    "pydicom",
    "scikit-learn-intelex",
    "torch",
    "torchvision",
    "tqdm",
)


def software_versions():
    """Return the versions of Python, ganisi and what computes the figures."""
    return {
        "python": platform.python_version(),
        "ganisi": __version__,
        **{name: version(name) for name in _PACKAGES},
    }


def show_versions() -> None:
    """Print what belongs into a report of a fault: versions, system and threads.

    No path is among it, nor a name of the machine or of who works on it. Nothing is imported that
    was not, torch and numba neither.

    See Also
    --------
    sklearn.show_versions : The same of scikit-learn.

    Examples
    --------
    >>> import ganisi
    >>> ganisi.show_versions()  # doctest: +ELLIPSIS
    ganisi ...
    python ...
    numpy ...
    """
    versions = software_versions()
    print(f"ganisi {versions.pop('ganisi')}")
    for name, number in versions.items():
        print(f"{name} {number}")
    for name in (*_OTHERS, *_EXTRAS):
        print(f"{name} {_installed(name)}")
    print(f"system {platform.system()} {platform.release()}, {platform.machine()}")
    print(f"processors {cpu_count()}")
    for pool in threadpool_info():
        name = f"{pool['internal_api']} {pool['version'] or 'of unknown version'}"
        print(f"threads {pool['num_threads']} of {name} ({pool['user_api']})")


def _installed(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return "is not installed"
