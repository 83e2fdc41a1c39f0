"""What is said of each image of unknown status."""


def decisions_text(report):
    """Say which queries are called used, how often that is wrong, and of what it says nothing."""
    found = report.set_level.decisions
    if found.reason:
        return f"About none of them alone can anything be said: {found.reason}"
    called = called_used(report)
    n = report.counts.queries
    if not called:
        return (
            f"None of the {n} images alone can be distinguished from those of {found.n_reference} "
            f"not-used patients at a false discovery rate of {found.fdr:g}. That does not say that "
            "none was used."
        )
    return (
        f"{len(called)} of the {n} images are called used, by comparison with {found.n_reference} "
        f"not-used patients: of the patients whose images are, a share of at most {found.fdr:g} is "
        "expected not to have been used, if the others are of the same kind as those. The rest "
        "cannot be distinguished from not-used images, which does not say that they were not used."
    )


def called_used(report):
    """Return the names of the queries that are called used, and their q-values."""
    found = report.set_level.decisions
    if found is None or found.reason:
        return []
    rows = zip(report.images.query_name, found.decision, found.q_value, strict=True)
    return [f"{name} (q = {q:.2g})" for name, decision, q in rows if decision == "used"]
