"""Public modules, whose `__all__` is the API."""

PUBLIC = [
    "ganisi",
    "ganisi.audit",
    "ganisi.baselines",
    "ganisi.datasets",
    "ganisi.descriptors",
    "ganisi.descriptors.filters",
    "ganisi.distances",
    "ganisi.identification",
    "ganisi.metrics",
    "ganisi.model",
    "ganisi.plotting",
    "ganisi.testing",
]
