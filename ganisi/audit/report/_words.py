"""What a report says in words, the same on the terminal and on the page."""

from .._degradation import meaning_of
from ._names import NAMINGS
from ._published import given_out

#: Lowest coverage of 95 % intervals in the simulations: those of the ROC AUC, of the excess
#: (``audit_simulations.py --only power --draws 80``; the table is in docs/evidence.md).
LOWEST_COVERAGE = (0.79, 0.89)

#: Bit depths, in words.
_DEPTHS = {
    "uint8": "8 bits a pixel",
    "uint16": "16 bits a pixel",
    "float": "floating-point grey levels",
}

THREAT_MODEL = (
    "Somebody holds the synthetic images and real images of a patient, and wants to know whether "
    "those real images were used to train the generator. They also hold some real images known to "
    "be used and some known not to be. They have no access to the generator itself, its weights or "
    "its code."
)

CANNOT_PROVE = (
    "That nobody can find a leak. Only the attacks listed here were tried.",
    "Anything about other generators, or other images from the same one.",
    "That the labels are true. If an image called not used was used after all, or a patient is on "
    "both sides, the figures are wrong.",
    "That used and not-used images come from one population. The blind checks look for "
    "differences, but may miss some.",
    "That the images cannot be traced in another way: text burned into them, file headers, rare "
    "anatomy.",
)

#: Why there are blind checks.
BLIND_CHECKS = (
    "If the two groups of real images differ in themselves, for instance because they come from "
    "two scanners, they can be told apart without any leak. Two blind checks look for that: one "
    "sees only the real images, the other compares them with further real images instead of the "
    "synthetic ones. Neither can see training. Only what an attack reaches beyond them, and beyond "
    "guessing, counts as evidence of a leak: its excess."
)

#: Why copies are planted.
CONTROLS = (
    "To see whether the attack works at all on these images, copies of half of the not-used ones "
    "were planted among the synthetic images, and the attack had to tell that half from the other. "
    "Where nothing is planted, it should only guess. Without what is called required it may not be "
    "said that no leakage was detected."
)

#: Columns of the table of attacks: key of the score, short title, meaning.
COLUMNS = (
    ("accuracy", "acc", "accuracy, the share of right answers"),
    ("balanced_accuracy", "bal", "mean of recall and specificity"),
    ("precision", "prec", "precision, the share of right ones among the answers 'used'"),
    ("recall", "rec", "recall (sensitivity), the share of used images called used"),
    ("specificity", "spec", "specificity, the share of not-used images called not used"),
    ("f1", "F1", "harmonic mean of precision and recall"),
    ("kappa", "kappa", "Cohen's kappa, the agreement beyond chance"),
    ("average_precision", "AP", "average precision"),
    ("tpr_at_fpr=0.01", "T@1%", "share of used images found at 1 % false alarms"),
    ("tpr_at_fpr=0.1", "T@10%", "share of used images found at 10 % false alarms"),
    ("ppv_at_prevalence", "PPV", "share of right answers 'used' at the prevalence given"),
    ("f1_at_prevalence", "F1pv", "F1 at the prevalence given"),
)


def shown_columns(report):
    """Return the columns that the attacks of a report have."""
    return [column for column in COLUMNS if column[0] in report.attack.scores]


def titles(columns):
    """Return the short titles of columns."""
    return [title for _, title, _ in columns]


def cells(scores, columns):
    """Write the scores of an attack or a naive answer."""
    return [number(scores.get(key)) for key, _, _ in columns]


def scores_note(columns):
    """Explain the table of scores."""
    meanings = "; ".join(f"{title}: {meaning}" for _, title, meaning in columns)
    return (
        "The grey rows are naive answers, which look at no image; a score that does not beat them "
        "says nothing. A dash: too few images to say. AUC is the ROC AUC; p is of each attack on "
        f"its own. {meanings}."
    )


def settings_text(settings):
    """Write the settings in a line."""
    return (
        f"design {settings.design}, alpha {settings.alpha:g}, max_auc "
        f"{given(settings.max_auc)}, max_share "
        f"{given(settings.max_share)}, prevalence "
        f"{given(settings.prevalence)}, max_disclosure_risk {given(settings.max_disclosure_risk)}, "
        f"fdr {given(settings.fdr)}, {settings.n_permutations} permutations, seed "
        f"{settings.seed}"
    )


def settings_rows(report):
    """Write the settings and versions as rows of a table."""
    settings = report.settings
    return [
        ("how used and not used came about", settings.design),
        ("alpha", f"{settings.alpha:g}"),
        ("largest tolerable AUC", given(settings.max_auc)),
        ("largest tolerable share of patients", given(settings.max_share)),
        ("prevalence", given(settings.prevalence)),
        ("largest tolerable risk of disclosure", given(settings.max_disclosure_risk)),
        ("false discovery rate of decisions about queries", given(settings.fdr)),
        ("folds asked for", settings.cv),
        ("permutations", settings.n_permutations),
        ("seed", settings.seed),
        *report.provenance.versions.items(),
    ]


def versions_text(provenance):
    """Write the versions in a line."""
    return ", ".join(f"{name} {version}" for name, version in provenance.versions.items())


def hashes(provenance):
    """Return the hashes of images, labels and patients with what they are of."""
    yield from provenance.sha256.items()
    yield "labels", provenance.sha256_of_labels
    yield "patients", provenance.sha256_of_groups or "not given"


def number(value, digits=2):
    """Write a score; what these images cannot show is a dash."""
    return "-" if value is None or value != value else f"{value:.{digits}f}"


def signed(value):
    """Write an excess."""
    return "-" if value is None else f"{value:+.2f}"


def interval(ends, digits=2):
    """Write an interval."""
    return "-" if ends is None else f"{ends[0]:.{digits}f} to {ends[1]:.{digits}f}"


def given(value):
    """Write a setting that may be left open."""
    return "not given" if value is None else f"{value:g}"


def level_text(report):
    """Write the confidence level of the intervals."""
    return f"{100 * (1 - report.settings.alpha):g} %"


def coverage_text(report):
    """Say what the intervals promise, and how far they kept it where the truth was known."""
    auc, excess = LOWEST_COVERAGE
    return (
        f"The intervals are meant to hold the true value in {level_text(report)} of cases. They "
        "keep less: in simulations where it is known, 95 % intervals held it in as few as "
        f"{100 * auc:g} % of cases for the ROC AUC and {100 * excess:g} % for the excess, where "
        "the leak was moderate."
    )


def p_text(p_value):
    """Write a p-value."""
    return f"{p_value:.3f}" if p_value >= 0.001 else f"{p_value:.1g}"


def labellings_text(best):
    """Write how many labellings there are, which may have hundreds of digits."""
    few = best.log10_n_distinct < 6
    return str(best.n_distinct) if few else f"about 10^{int(best.log10_n_distinct)}"


def control_text(name):
    """Say what was planted."""
    if name == "nothing":
        return "nothing (null control)"
    return meaning_of(name)


def detectable_text(power):
    """Say which AUC would have been found."""
    value = power.minimum_detectable_auc
    if value is None:
        return (
            "Minimum detectable ROC AUC: none. With so few images not even a perfect attack is "
            f"found with probability {power.power:g}."
        )
    return (
        f"Minimum detectable ROC AUC: {value:.2f}. An attack that truly reaches it is found with "
        f"probability {power.power:g} on as many images; a smaller leak is easily missed."
    )


def share_text(power):
    """Say how many patients would have been found, and what a bound of the AUC means in them."""
    value = power.minimum_detectable_share
    least = "Not even all used patients, each recognised for sure, would be found"
    if value is not None:
        least = (
            f"If an attacker can be sure of {value:.0%} of the used patients or more, and knows "
            f"nothing of the others, that is found with probability {power.share_power:g}; fewer "
            "may go unseen"
        )
    return (
        f"{least}. An AUC is an average: where a share f of the used patients is recognised for "
        "sure, it is about 0.5 + f / 2, so 0.65 may mean 30 % of them."
    )


def standing_out_text(report):
    """Say whether a few patients stand out."""
    few = report.standing_out
    return (
        f"Do a few patients stand out? Of the {few.n_patients} patients whom {few.name} finds most "
        f"used, {few.n_used} are used: p = {p_text(few.p_value)}, all attacks and all such numbers "
        "counted."
    )


def checks_text(report):
    """Say what the figures of blind checks should be, and how far from it they are."""
    text = (
        "They should guess, which is 0.50; a figure well above or below it says that the groups "
        "of real images differ in themselves. Where real images stand in for generated ones, it is "
        "the mean over random choices of the patients whose images these are."
    )
    furthest = report.furthest_blind
    return (
        f"{text} The furthest from 0.50 is {furthest.name} ({furthest.roc_auc:.2f}): as far is "
        f"chance with probability p = {p_text(furthest.p_value)}, all checks counted."
    )


def counts_text(report):
    """Say what was looked at."""
    counts = report.counts
    patients = (
        "every image counted as a patient of its own"
        if counts.patients is None
        else f"{counts.patients} patients"
    )
    mixed = ""
    if counts.mixed_patients:
        mixed = f" Patients with both used and not-used images: {counts.mixed_patients}."
    return (
        f"{counts.used} used and {counts.not_used} not-used real images ({patients}), "
        f"{counts.generated} synthetic images, {counts.folds} folds by patient.{mixed}"
    )


def best_text(report):
    """Say how surprising the best attack would be without a leak."""
    best, settings, n_attacks = report.best, report.settings, len(report.attacks)
    if n_attacks == 1:
        first, it = f"The only attack is {best.name}.", "it"
    else:
        first, it = f"The best attack is {best.name}.", f"the best of all {n_attacks} attacks"
    return (
        f"{first} If nothing distinguished the two groups, {it} would do as well with probability "
        f"p = {p_text(best.p_value)}; at most {settings.alpha:g} is taken as more than "
        f"chance. To find p, the labels of patients were shuffled {settings.n_permutations} "
        f"times ({labellings_text(best)} labellings are possible) and every attack "
        "was fitted again each time."
    )


def cannot_prove(report):
    """Return what the report does not prove."""
    nobody = "Anything about a single patient. The figures are about the group of labelled images."
    if not given_out(report):
        return (CANNOT_PROVE[0], nobody, *CANNOT_PROVE[1:])
    return (
        CANNOT_PROVE[0],
        nobody.replace("patient.", "patient, but for the images named above."),
        *CANNOT_PROVE[1:],
    )


#: Entries of a folder that were left alone for one reason, and are named.
_NAMES_TOLD = 20


def inputs_text(row):
    """Say what a folder held."""
    sizes = row["sizes"]
    size = " or ".join(sizes) + " pixels"
    if len(sizes) > 3:
        size = f"{len(sizes)} different sizes, from {sizes[0]} to {sizes[-1]} pixels"
    if any(height != width for height, width in (one.split(" x ") for one in sizes)):
        size += " (height x width)"
    folder = "" if row["folder"] is None else f"folder {row['folder']}, "
    held = f"{row['role']}: {folder}{row['images']} images, {size}, {_DEPTHS[row['depth']]}"
    return held if row["left_alone"] is None else f"{held}; {_left_alone_text(row['left_alone'])}"


def _left_alone_text(left_alone):
    """Say what of a folder was not read, and why; of many names the first few."""
    told = []
    for one in left_alone:
        text = f"{one['entries']} x {one['why']}"
        if one["names"]:
            more = one["entries"] - _NAMES_TOLD
            text += f": {', '.join(one['names'][:_NAMES_TOLD])}"
            text += f" and {more} more" if more > 0 else ""
        told.append(text)
    return f"left alone: {'; '.join(told) or 'nothing'}"


def names_text(settings):
    """Say what images and folders are called."""
    return NAMINGS[settings.names]


def set_level_text(report):
    """Say what the queries show as one set."""
    result, alpha = report.set_level, report.settings.alpha
    if result.reason:
        return (
            f"The {report.counts.queries} images of unknown status could not be tested as one "
            f"set: {result.reason}"
        )
    says = "look" if result.p_value <= alpha else "do not look"
    text = (
        f"The {report.counts.queries} images of unknown status, taken together, {says} more "
        f"used than not-used images (ROC AUC {result.roc_auc:.2f}, "
        f"p = {p_text(result.p_value)}; where none was used, 0.50 is expected)."
    )
    text += (
        f" Textures alone, which cannot see training, reach {result.blind_roc_auc:.2f} "
        f"(p = {p_text(result.blind_p_value)})."
    )
    if result.p_value <= alpha and result.blind_p_value <= alpha:
        text += " So the set may merely come from another source than the not-used images."
    if result.grouped:
        one = result.images_per_patient == 1
        images = "1 image" if one else f"{result.images_per_patient} images"
        text += f" Each patient counts with {images}, drawn at random where there are more"
        if result.n_patients_left_out:
            text += f"; {result.n_patients_left_out} patients with fewer do not count"
        text += "."
    else:
        text += (
            " Their patients are not known, so each image counted as a patient of its own; if "
            "several are of one patient, p is too small."
        )
    return text


def found_text(result, controls, alpha):
    """Say whether planted copies were found, and nothing where there is nothing."""
    found = result.p_value <= alpha
    if result.name == "nothing":
        return "found, wrongly" if found else "not found, rightly"
    required = " (required)" if result.name in controls.required else ""
    return ("found" if found else "not found") + required


def control_warning(report):
    """Warn if the null control found something, or return an empty text."""
    results = report.controls.results
    if results and results[0]["p_value"] <= report.settings.alpha:
        return (
            "The null control sounded although nothing was planted: the two halves of the "
            "not-used images differ by chance, so read the other controls with care."
        )
    return ""
