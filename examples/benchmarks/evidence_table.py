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
goes on; attacks and audit are measured anew where the set, the settings or their code have changed.
"""

import argparse
import dataclasses
import time
from pathlib import Path

import _generator_data as data
import _generator_sets as sets
import numpy as np
from _generator_sets import auc_and_error
from _results import ATTACKS, AUDIT, code_of, identity, keep, kept, table, tell
from _scoring import attacks, cells_for, partition, score_with

from ganisi import recommended
from ganisi.audit import audit

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


# ---- what is measured


def score_all(arrays, settings):
    """Yield the name of each attack, and the scores and folds of all images in each partition."""
    seeds = range(settings.n_partitions)
    partitions = [partition(arrays, settings.n_folds, seed) for seed in seeds]
    for model, identifiers in attacks(arrays["images"].shape[1]):
        yield from score_with(model, identifiers, arrays, partitions)
    # Fits nothing, so all images are compared with all.
    mirrored = data.mirrored_distances(arrays["images"], arrays["generated"]).min(axis=1)
    yield "pixels or mirror image, nothing fitted", [(-mirrored, np.zeros(len(mirrored), int))]


def judge(arrays, settings, n_jobs):
    """What the audit says, in short."""
    known = sets.labelled(arrays)
    report = audit(
        recommended(grid=cells_for(arrays["images"].shape[1])),
        known["images"],
        known["used"],
        generated=(known["generated"],),
        groups=known["groups"],
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


def measure(name, folder, settings, path, n_jobs):
    """Results of a set; what is at `path` already is not measured again."""
    arrays, record = sets.read_set(name, folder)
    arrays = sets.part_of(arrays, settings)
    results = kept(path, identity(arrays, settings, ATTACKS))
    code = code_of(AUDIT)

    def add(part, found):
        results[part] = found
        keep(path, results)
        tell(f"{name}: {part}, {time.perf_counter() - start:.0f} s")

    start = time.perf_counter()
    if "images" not in results:
        add("images", sets.look(arrays, record))
    if "attacks" not in results:
        add(
            "attacks",
            {
                attack: {key: auc_and_error(arrays, scored, COMPARED[key]) for key in COMPARED}
                for attack, scored in score_all(arrays, settings)
            },
        )
    if results.get("audit", {}).get("code") != code:
        add("audit", {**judge(arrays, settings, n_jobs), "code": code})
    return results


# ---- tables


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


if __name__ == "__main__":
    main()
