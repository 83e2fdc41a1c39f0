"""What attacks and the audit make of generators whose memory is known: tables of docs/evidence.md.

    python examples/benchmarks/evidence_table.py                   # the two sets of the package
    python examples/benchmarks/evidence_table.py generator_sets    # and those of generators.py
    python examples/benchmarks/evidence_table.py --quick           # parts of the two, in a minute

Sets of the folder that the package has too are taken from the package, which holds fewer of their
generated images. For each set, the ROC AUC of used images against images of other patients and
against unused slices of the same patients. Every attack is fitted on used images and those of other
patients in five folds that share no patient, and asked about all images of the patients left out;
an unused slice of a used patient is asked about and never fitted. The AUC is the mean over folds,
and over three partitions into folds, since another partition moves it by 0.05. Standard errors are
a jackknife over patients that fits nothing again. Then the verdict of `audit(recommended())` on
used images and those of other patients, with the bound on the AUC chosen before looking.

Prints Markdown. What is done is kept in --results, one file a set, so that a run that was stopped
goes on; it is measured anew where the set, the settings or the code of the attacks have changed.
"""

import argparse
import dataclasses
import hashlib
import json
import sys
import time
from pathlib import Path

import _generator_data as data
import _generator_sets as sets
import numpy as np
from _generator_sets import auc_and_error
from sklearn.model_selection import StratifiedGroupKFold

import ganisi
from ganisi import GANISI, baselines, recommended
from ganisi.audit import CrossFit, audit
from ganisi.identification import baselines as on_distances
from ganisi.model._describing import described

#: What the attacks and the audit consist of: when it changes, results are measured anew.
ROOMS = ("audit", "model", "identification", "distances", "descriptors", "images", "metrics")
COMPARED = {"other patients": data.NOT_USED, "same patients": data.SIBLING}


@dataclasses.dataclass(frozen=True)
class Settings:
    """How it is measured."""

    n_partitions: int = 3
    n_folds: int = 5
    n_permutations: int = 199
    max_auc: float = 0.75
    random_state: int = 0
    #: Used patients, as many not used, and generated images that are taken of a set; None is all.
    n_patients: int | None = None
    n_generated: int | None = None


QUICK = Settings(n_partitions=1, n_folds=3, n_permutations=19, n_patients=9, n_generated=30)


# ---- attacks


def attacks(side):
    """Models for images of so many pixels, each with the identifiers tried on its distances."""
    simple = {name: getattr(on_distances, name)() for name in on_distances.__all__}
    eyes = {name: getattr(baselines, name)() for name in ("pixels", "correlation")}
    eyes["similarity rules"] = baselines.similarity_rules(grid=min(64, side))
    return [
        (GANISI(), {"GANISI()": None}),
        (recommended(), {"recommended()": None, **simple}),
        *((eye, {name: None}) for name, eye in eyes.items()),
    ]


def score_all(arrays, settings):
    """Yield the name of each attack, and the scores and folds of all images in each partition."""
    labelled = arrays["role"] != data.SIBLING
    partitions = [partition(arrays, settings, seed) for seed in range(settings.n_partitions)]
    for model, identifiers in attacks(arrays["images"].shape[1]):
        descriptor, pairer, own = model.stages()
        descriptor.fit(arrays["images"][labelled])
        rows = described(descriptor, arrays["images"], views=model.views)
        fits = [
            CrossFit(
                pairer,
                own,
                rows[labelled],
                arrays["used"][labelled],
                generated=(described(descriptor, arrays["generated"]),),
                groups=arrays["groups"][labelled],
                cv=folds,
            )
            for folds, _ in partitions
        ]
        for name, identifier in identifiers.items():
            scored = []
            for fit, (_, fold) in zip(fits, partitions, strict=True):
                asked = fit if identifier is None else fit.with_identifier(identifier)
                scores = np.empty(len(rows))
                scores[labelled] = asked.out_of_fold()
                scores[~labelled] = asked.score_new(rows[~labelled], fold[~labelled])
                scored.append((scores, fold))
            yield name, scored
    # Fits nothing, so all images are compared with all.
    mirrored = data.mirrored_distances(arrays["images"], arrays["generated"]).min(axis=1)
    yield "pixels or mirror image, nothing fitted", [(-mirrored, np.zeros(len(mirrored), int))]


def partition(arrays, settings, seed):
    """Folds by patient of used images and those of other patients; the fold of every image."""
    labelled = arrays["role"] != data.SIBLING
    used, groups = arrays["used"][labelled], arrays["groups"][labelled]
    folds = StratifiedGroupKFold(settings.n_folds, shuffle=True, random_state=seed)
    folds = list(folds.split(used, used, groups))
    fold = np.empty(len(arrays["groups"]), int)
    for k, (_, asked) in enumerate(folds):
        fold[np.isin(arrays["groups"], groups[asked])] = k
    return folds, fold


def judge(arrays, settings, n_jobs):
    """What the audit says, in short."""
    labelled = arrays["role"] != data.SIBLING
    report = audit(
        recommended(),
        arrays["images"][labelled],
        arrays["used"][labelled],
        generated=(arrays["generated"],),
        groups=arrays["groups"][labelled],
        n_permutations=settings.n_permutations,
        max_auc=settings.max_auc,
        random_state=settings.random_state,
        n_jobs=n_jobs,
    )
    best = report.attacks[report.best.name]
    return {
        "verdict": report.verdict,
        "reason": report.reason,
        "recommended()": [report.attack.scores["roc_auc"], *report.attack.interval],
        "best": report.best.name,
        "best AUC": best.scores["roc_auc"],
        "p": report.best.p_value,
        "excess": None if best.excess is None else [best.excess, *best.excess_interval],
        "blind checks": {
            k: check.roc_auc for k, check in report.eyes[best.eye].blind_checks.checks.items()
        },
        "planted copies found": report.controls.found,
        "minimum detectable AUC": report.power.minimum_detectable_auc,
    }


# ---- what is kept


def identity(arrays, settings):
    """What results depend on."""
    code = hashlib.sha256()
    package = Path(ganisi.__file__).parent
    for room in ROOMS:
        for path in sorted((package / room).rglob("*.py")):
            code.update(path.read_bytes())
    names = ("generated", "images", "role", "used", "groups")
    return {
        "set": {name: data.checksum(np.ascontiguousarray(arrays[name])) for name in names},
        "settings": dataclasses.asdict(settings),
        "code": code.hexdigest(),
    }


def measure(name, folder, settings, path, n_jobs):
    """Results of a set; what is at `path` already is not measured again."""
    arrays, record = sets.read_set(name, folder)
    arrays = sets.part_of(arrays, settings)
    of = identity(arrays, settings)
    results = kept(path, of)

    def keep(part, found):
        results[part] = found
        data.write_atomically(path, (json.dumps(results, indent=1) + "\n").encode())
        tell(f"{name}: {part}, {time.perf_counter() - start:.0f} s")

    start = time.perf_counter()
    if "images" not in results:
        keep("images", sets.look(arrays, record))
    if "attacks" not in results:
        keep(
            "attacks",
            {
                attack: {key: auc_and_error(arrays, scored, COMPARED[key]) for key in COMPARED}
                for attack, scored in score_all(arrays, settings)
            },
        )
    if "audit" not in results:
        keep("audit", judge(arrays, settings, n_jobs))
    return results


def kept(path, of):
    """What an earlier run measured of the same; without anything, where it did not."""
    try:
        results = json.loads(path.read_text())
        if results["of"] == of:
            return results
    except FileNotFoundError:
        return {"of": of}
    except (ValueError, KeyError, TypeError) as error:
        raise SystemExit(f"{path} holds no results ({error!r}); remove it.") from error
    tell(f"{path} is of another set, other settings or other code, so it is measured anew")
    return {"of": of}


# ---- tables


def table(head, rows):
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def set_table(results):
    rows = []
    for name, result in results.items():
        seen = result["images"]
        spans = [
            " / ".join(f"{value:.0f}" for value in seen[key]) for key in ("to used", "to others")
        ]
        made = [
            "-" if seen[key] is None else f"{seen[key]:.0f}" for key in ("trained on", "seconds")
        ]
        found = f"{seen['nearest to some']} of {seen['used']}"
        rows.append([name, *made, str(seen["generated"]), *spans, found])
    head = ["trained on", "seconds", "generated", "to the nearest used image"]
    head += ["to the nearest of other patients", "used images that are nearest to a generated one"]
    return table(["", *head], rows)


def attack_table(results, compared):
    """Sets down, attacks across; below each kind of several seeds its mean and spread."""
    names = list(next(iter(results.values()))["attacks"])
    rows = []
    for kind, of_kind in by_kind(results).items():
        figures = np.array([[r["attacks"][n][compared] for n in names] for r in of_kind.values()])
        for name, row in zip(of_kind, figures, strict=True):
            rows.append([name, *(f"{auc:.2f} ± {error:.2f}" for auc, error in row)])
        if len(figures) > 1:
            means, spreads = figures[..., 0].mean(axis=0), figures[..., 0].std(axis=0, ddof=1)
            cells = (f"**{m:.2f}**, sd {s:.2f}" for m, s in zip(means, spreads, strict=True))
            rows.append([f"**{kind}**, {len(figures)} seeds", *cells])
    return table(["", *names], rows)


def by_kind(results):
    kinds = {}
    for name, result in results.items():
        kinds.setdefault(name.rpartition("-")[0], {})[name] = result
    return kinds


def audit_table(results):
    def span(values):
        return "-" if values is None else "{:.2f} ({:.2f} to {:.2f})".format(*values)

    def number(value):
        return "-" if value is None else f"{value:.2f}"

    head = ["", "verdict", "`recommended()`", "best attack", "p", "its excess", "blind checks"]
    rows = []
    for name, result in results.items():
        said = result["audit"]
        rows.append(
            [
                name,
                f"**{said['verdict']}**",
                span(said["recommended()"]),
                f"{said['best']}, {said['best AUC']:.2f}",
                f"{said['p']:.3f}",
                span(said["excess"]),
                ", ".join(map(number, said["blind checks"].values())),
                number(said["minimum detectable AUC"]),
            ]
        )
    return table([*head, "minimum detectable"], rows)


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", type=Path, nargs="?", help="folder of generators.py")
    parser.add_argument("--only", nargs="+", metavar="SET", help="these sets, such as strong-1")
    parser.add_argument("--quick", action="store_true", help="see that it runs; parts of the sets")
    parser.add_argument("--jobs", type=int, default=1, help="workers of the audit's permutations")
    parser.add_argument(
        "--results", type=Path, default=Path("evidence_results"), help="folder of what is done"
    )
    options = parser.parse_args(arguments)
    settings = QUICK if options.quick else Settings()
    names = sets.names_of(options.sets)
    if unknown := sorted(set(options.only or ()) - set(names)):
        parser.error(f"argument --only: there is no set {', '.join(unknown)}; there are {names}")
    results = {}
    try:
        options.results.mkdir(parents=True, exist_ok=True)
        for name in options.only or names:
            path = options.results / f"{name}{'-quick' if options.quick else ''}.json"
            results[name] = measure(name, options.sets, settings, path, options.jobs)
    except OSError as error:
        raise SystemExit(f"Cannot go on: {error}") from error
    except KeyboardInterrupt:
        tell("Stopped. The same command goes on.")
        raise SystemExit(130) from None
    print(f"Images, distances in grey levels, 10 / 50 / 90 %:\n\n{set_table(results)}\n")
    for compared in COMPARED:
        print(f"Against {compared}:\n\n{attack_table(results, compared)}\n")
    print(f"Audit, bound {settings.max_auc:g}:\n\n{audit_table(results)}")


def tell(line):
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
