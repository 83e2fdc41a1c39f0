"""What a report says in words, the same on the terminal and on the page."""

from .degradation import DEGRADATIONS, MEANINGS
from .verdict import CANNOT_SAY, LEAKAGE, NONE_DETECTED

#: What each verdict means to somebody who has to act on it.
CONSEQUENCES = {
    LEAKAGE: (
        "The synthetic images carry traces of the particular real images that the generator was "
        "trained on. Treat them as personal data of those patients until shown otherwise."
    ),
    NONE_DETECTED: (
        "The attacks tried here found nothing, and they would probably have found a leak of the "
        "size given. This is not a proof that there is none."
    ),
    CANNOT_SAY: (
        "These data support neither statement. Read the reason; it says what is missing. This is "
        "not a clearance."
    ),
}

THREAT_MODEL = (
    "Somebody holds the synthetic images and real images of a patient, and wants to know whether "
    "those real images were used to train the generator. They also hold some real images known to "
    "be used and some known not to be. They have no access to the generator itself, its weights or "
    "its code."
)

CANNOT_PROVE = (
    "That nobody can find a leak. Only the attacks listed here were tried.",
    "Anything about a single patient. The figures are about the group of labelled images.",
    "Anything about other generators, or other images from the same one.",
    "That the labels are true. If an image called not used was used after all, or a patient is on "
    "both sides, the figures are wrong.",
    "That used and not-used images come from one population. The blind checks look for "
    "differences, but may miss some.",
    "That the images cannot be traced in another way: text burned into them, file headers, rare "
    "anatomy.",
)

#: Columns of the table of attacks: key of the score, short title, meaning.
COLUMNS = (
    ("accuracy", "acc", "accuracy: share of right answers"),
    ("balanced_accuracy", "bal", "mean of recall and specificity"),
    ("precision", "prec", "precision: share of right ones among the answers 'used'"),
    ("recall", "rec", "recall (sensitivity): share of used images called used"),
    ("specificity", "spec", "specificity: share of not-used images called not used"),
    ("f1", "F1", "F1: harmonic mean of precision and recall"),
    ("kappa", "kappa", "Cohen's kappa: agreement beyond chance"),
    ("average_precision", "AP", "average precision"),
    ("tpr_at_fpr=0.01", "T@1%", "share of used images found at 1 % false alarms"),
    ("tpr_at_fpr=0.1", "T@10%", "share of used images found at 10 % false alarms"),
    ("ppv_at_prevalence", "PPV", "share of right answers 'used' at the prevalence given"),
    ("f1_at_prevalence", "F1pv", "F1 at the prevalence given"),
)


def shown_columns(report):
    """Return the columns that the attacks of a report have."""
    some = next(iter(report.attacks.values()))["scores"]
    return [column for column in COLUMNS if column[0] in some]


def number(value, digits=2):
    """Write a score; what these images cannot show is a dash."""
    return "-" if value is None or value != value else f"{value:.{digits}f}"


def interval(ends, digits=2):
    """Write an interval."""
    return "-" if ends is None else f"{ends[0]:.{digits}f} to {ends[1]:.{digits}f}"


def p_text(p_value):
    """Write a p-value."""
    return f"{p_value:.3f}" if p_value >= 0.001 else f"{p_value:.1g}"


def labellings_text(n_distinct):
    """Write how many labellings there are, which may have hundreds of digits."""
    return str(n_distinct) if n_distinct < 10**6 else f"about 10^{len(str(n_distinct)) - 1}"


def control_text(name):
    """Say what was planted."""
    if name == "nothing":
        return "nothing (null control)"
    kind, strength = DEGRADATIONS[name]
    return MEANINGS[kind].format(strength=strength)


def detectable_text(power):
    """Say which AUC would have been found."""
    value = power["minimum_detectable_auc"]
    if value > 1:
        return (
            "Minimum detectable ROC AUC: none. With so few images not even a perfect attack is "
            f"found with probability {power['power']:g}."
        )
    return (
        f"Minimum detectable ROC AUC: {value:.2f}. An attack that truly reaches it is found with "
        f"probability {power['power']:g} on as many images; a smaller leak is easily missed."
    )


def counts_text(report):
    """Say what was looked at."""
    counts = report.counts
    patients = (
        "every image counted as a patient of its own"
        if counts["patients"] is None
        else f"{counts['patients']} patients"
    )
    return (
        f"{counts['used']} used and {counts['not_used']} not-used real images ({patients}), "
        f"{counts['generated']} synthetic images, {counts['folds']} folds by patient."
    )


def copies_text(report):
    """Say how many real images are among the synthetic ones as they are."""
    used, not_used = (report.counts[f"exact_copies_of_{kind}"] for kind in ("used", "not_used"))
    if not used and not not_used:
        return "No labelled real image is among the synthetic ones bit for bit."
    return (
        f"{used} used and {not_used} not-used real images are among the synthetic ones bit for bit!"
    )


def set_level_text(report):
    """Say what the queries show as one set."""
    result, alpha = report.set_level, report.settings["alpha"]
    says = "look" if result["p_value"] <= alpha else "do not look"
    text = (
        f"The {report.counts['queries']} images of unknown status, taken together, {says} more "
        f"used than not-used images (ROC AUC {result['roc_auc']:.2f}, "
        f"p = {p_text(result['p_value'])}; where none was used, 0.50 is expected)."
    )
    text += (
        f" Textures alone, which cannot see training, reach {result['blind_roc_auc']:.2f} "
        f"(p = {p_text(result['blind_p_value'])})."
    )
    if result["p_value"] <= alpha and result["blind_p_value"] <= alpha:
        text += " So the set may merely come from another source than the not-used images."
    if not result["grouped"]:
        text += (
            " Their patients are not known, so each image counted as a patient of its own; if "
            "several are of one patient, p is too small."
        )
    return text


def found_text(result, alpha):
    """Say whether planted copies were found, and nothing where there is nothing."""
    found = result["p_value"] <= alpha
    if result["name"] == "nothing":
        return "found, wrongly" if found else "not found, rightly"
    return "found" if found else "not found"


def control_warning(report):
    """Warn if the null control found something, or return an empty text."""
    results = report.controls["results"]
    if results and results[0]["p_value"] <= report.settings["alpha"]:
        return (
            "The null control sounded although nothing was planted: the two halves of the "
            "not-used images differ by chance, so read the other controls with care."
        )
    return ""
