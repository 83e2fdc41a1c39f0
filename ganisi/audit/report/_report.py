"""What an audit found, to be read, kept and computed with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any, Literal

from ..._compat._brief import Words
from ..._compat._hints import DataFrame, FilePath
from ..._compat._printable import printable
from ..._compat._writing import written
from .._provenance import today
from .._verdict import VERDICTS
from ._crosswalk import crosswalk
from ._plain import Section, from_plain, to_plain
from ._rendering import html_page, plain_text
from ._sections import (
    Attack,
    Best,
    Controls,
    Counts,
    Disclosure,
    Extreme,
    ImageItself,
    Images,
    InputFolder,
    LeftAlone,
    Power,
    Provenance,
    Run,
    SeenBy,
    SetLevel,
    Settings,
    StandingOut,
)
from ._words import interval

#: Version of the report's JSON: changes whenever a field comes, goes or means something else.
SCHEMA_VERSION = 7
#: What the estimator under audit is called among the attacks.
MAIN_ATTACK = "main attack"


@dataclass(frozen=True, repr=False)
class AuditReport(Section):
    """What an audit found. Print it to read it.

    Each section is an object whose fields read like keys too: ``report.best.p_value`` is
    ``report.best["p_value"]``.

    Attributes
    ----------
    verdict : {"leakage detected", "no leakage detected at this power", "cannot say"}
        What the data support.
    reason : str
        Why, in plain words.
    counts : Counts
        Images, patients and folds.
    attack : Attack
        The estimator under audit: "scores" (see :func:`ganisi.metrics.all_scores`), "interval" of
        its ROC AUC, "rate_intervals" of some of its scores (see
        :func:`ganisi.metrics.rate_intervals`), "epsilon_lower_bound" (see
        :func:`ganisi.metrics.epsilon_lower_bound`; no guarantee of differential privacy; None
        where every patient has used images), "p_value", "excess" over the blind checks of its eye
        and "excess_interval"; the out-of-fold "probability" of each image, and its "score" before
        it was made one, which the ROC AUC is of; its "meaning" in plain words, its "settings", and
        the name of its "eye".
    baselines : dict of str to Attack
        The other attacks, by the user's names or those of :mod:`ganisi.baselines`.
    best : Best
        "name" of the attack with the largest ROC AUC, "p_value" adjusted for that choice, and
        "n_distinct", the number of different labellings.
    lowest : Extreme
        "name" and "roc_auc" of the attack with the smallest ROC AUC, and the "p_value" of being
        that far below 1/2, adjusted for that choice.
    furthest_blind : Extreme
        The same of the blind check that is furthest from 1/2, to either side.
    standing_out : StandingOut
        The attack before which a few patients stand out most: its "name"; how many of its
        "n_patients" most extreme ones are used, "n_used"; and the "p_value".
    image_itself : ImageItself or None
        Whether used images are nearer to synthetic ones than these are to each other: which
        "share" of them is among the nearest quarter of both, which share of synthetic ones is,
        "usual", and the "p_value" of the difference. None where there are too few images to say.
    disclosure : Disclosure or None
        How often "used" is right at ``settings.prevalence``: of the "attack", and of the "answers"
        of it, whose "interval" reaches furthest up, the "risk"; whether that end is "below"
        ``settings.max_disclosure_risk``. None without a prevalence.
    naive : dict of str to dict
        What saying the same of every image scores.
    eye : SeenBy
        Of the attack under audit, and of all attacks that see its distances: its "meaning" in plain
        words, its "settings", and its "blind_checks", with "checks": the ROC AUC, its interval, the
        probabilities and the scores, of what cannot see training; "reason" where one could not be
        made.
    other_eyes : dict of str to SeenBy
        Of the attacks that see otherwise, by the name of the one that brings the eye.
    controls : Controls
        "results": what was planted and how well it was told, nothing first; "found": whether all
        "required" kinds were; "reason" where none could be planted.
    power : Power
        "minimum_detectable_auc" at "power", None where no AUC would have been found, and the
        standard deviation under permutation; "minimum_detectable_share" of used patients, each
        known for sure, at "share_power".
    set_level : SetLevel or None
        The test of the queries as one set: "roc_auc" and "p_value", those of textures alone
        ("blind_roc_auc", "blind_p_value"), how many images of each patient count and how many
        patients have fewer; "grouped", whether patients are known; "reason" where it could not be;
        "decisions" about each query at a false discovery rate of ``settings.fdr`` among patients
        (see `QueryDecisions`), with a "reason" where there are none.
    images : Images
        Whether each image was "used"; "query_name" and "query_probability" of each image of
        unknown status, and "query_interval", low and high around it as `predict_proba_interval`
        gives them (None where the attack has none), all means over the models of the folds;
        "exact_copies", the names of the "used", "not_used" and "queries" images
        that are among the generated ones as they are; "near_copies", of those that are nearly: a
        generated image is nearer to them than half of what any two real images of different
        patients are, brightness and contrast aside and under the 8 turns and mirrors, at 32 x 32
        pixels; "alike", pairs of real images that are nearly the same and count as of different
        patients. What a file is called is in ``settings.names``.
    settings : Settings
        Everything that was chosen, and the seed.
    provenance : Provenance
        Versions, and hashes of the inputs; "run", where `dated` put it.

    Notes
    -----
    The same inputs and seed give the same report to the last bit, with any number of workers; so
    :func:`ganisi.audit.audit` puts no date and no duration in it. `dated` adds the date; ``python
    -m ganisi audit`` does so.
    """

    verdict: str
    reason: str
    counts: Counts
    attack: Attack
    baselines: dict[str, Attack]
    best: Best
    lowest: Extreme
    furthest_blind: Extreme
    standing_out: StandingOut
    image_itself: ImageItself | None
    disclosure: Disclosure | None
    naive: dict[str, dict[str, float | None]]
    eye: SeenBy
    other_eyes: dict[str, SeenBy]
    controls: Controls
    power: Power
    set_level: SetLevel | None
    images: Images
    settings: Settings
    provenance: Provenance

    @property
    def attacks(self) -> dict[str, Attack]:
        """All attacks by name, the one under audit first, as "main attack"."""
        return {MAIN_ATTACK: self.attack, **self.baselines}

    @property
    def eyes(self) -> dict[str, SeenBy]:
        """All eyes by name, that of the attack under audit first, as "main attack"."""
        return {MAIN_ATTACK: self.eye, **self.other_eyes}

    def __str__(self):
        return plain_text(self)

    def _main_figures(self):
        best, counts = self.attacks[self.best.name], self.counts
        return {
            "verdict": Words(self.verdict),
            "best": Words(self.best.name),
            "roc_auc": best.scores["roc_auc"],
            "interval": Words(interval(best.interval)),
            "p_value": self.best.p_value,
            **{name: getattr(counts, name) for name in ("used", "not_used", "patients")},
            **{name: getattr(counts, name) for name in ("generated", "queries")},
        }

    def _repr_html_(self):
        reason = printable(f"<p>Because {escape(self.reason)}.</p>")
        return f"{super()._repr_html_()}{reason}<p>To read it whole: print it, or to_html().</p>"

    def dated(self, command: str = "not given", inputs: Sequence[dict] = ()) -> AuditReport:
        """Return a copy that says when it was made, and from what.

        Parameters
        ----------
        command : str, default="not given"
            What made it.
        inputs : sequence of dict, default=()
            One a folder: "role", what its images are; "folder", its name, or None where the report
            is to hold no names; "images", their number;
            "sizes", a list of str; "depth", "uint8", "uint16" or "float"; and, where an account was
            kept, "left_alone", a list of dict: "why" entries were not read, how many "entries", and
            their "names", or None.

        Returns
        -------
        report : AuditReport
            With ``provenance["run"]``: these two, and the "date" in UTC.
        """
        run = Run(today(), command, tuple(map(_folder, inputs)))
        return replace(self, provenance=replace(self.provenance, run=run))

    def to_dict(self) -> dict[str, Any]:
        """Return everything as dictionaries, lists, numbers and strings.

        Returns
        -------
        report : dict
            A copy. "schema_version" says which fields there are; what has no value (a rate that so
            few images cannot show) is None. "crosswalk" has a row for each question of the texts
            that releases are read against: the "fields" that serve it, those of them that are
            "empty" here, and what is "not_said"; it is no legal advice.
        """
        return {"schema_version": SCHEMA_VERSION, **to_plain(self), "crosswalk": crosswalk(self)}

    @classmethod
    def from_dict(cls, report: dict[str, Any]) -> AuditReport:
        """Return the report that `to_dict` was asked of.

        Parameters
        ----------
        report : dict
            From `to_dict`. Its crosswalk is made anew, from the figures.

        Returns
        -------
        report : AuditReport
            Equal to the one written.

        Raises
        ------
        ValueError
            If its schema version is another, or a field is missing, unknown or of another type.
        """
        if not isinstance(report, dict) or "schema_version" not in report:
            raise ValueError(
                "this is no report of ganisi: it has no schema_version; give what to_dict or "
                "to_json of an AuditReport returned."
            )
        version = report["schema_version"]
        if type(version) is not int or version != SCHEMA_VERSION:
            raise ValueError(
                f"the report has schema version {version!r}, and this version of ganisi reads "
                f"{SCHEMA_VERSION}; read it with the version that wrote it (its provenance names "
                "it), or audit again."
            )
        if "crosswalk" not in report:
            raise ValueError("the report lacks its crosswalk; give what to_dict or to_json wrote.")
        apart = ("schema_version", "crosswalk")
        rest = {name: value for name, value in report.items() if name not in apart}
        read = from_plain(cls, rest, "report")
        if read.verdict not in VERDICTS:
            raise ValueError(f"the verdict of the report is {read.verdict!r}; expected {VERDICTS}.")
        if read.best.name not in read.attacks:
            raise ValueError(
                f"the best attack of the report is {read.best.name!r}; expected one of its "
                f"attacks, {list(read.attacks)}."
            )
        for name, attack in read.attacks.items():
            if attack.eye not in read.eyes:
                raise ValueError(
                    f"the eye of the attack {name!r} of the report is {attack.eye!r}; expected one "
                    f"of its eyes, {list(read.eyes)}."
                )
        return read

    def to_json(self, path: FilePath | None = None) -> str:
        """Return everything as JSON.

        Parameters
        ----------
        path : path-like or None, default=None
            File to write it to as well, in one step: an earlier one stays until it is complete.

        Returns
        -------
        text : str
            What has no value (a rate that so few images cannot show) is null.
        """
        return written(json.dumps(self.to_dict(), indent=1, allow_nan=False) + "\n", path)

    @classmethod
    def from_json(cls, text: str) -> AuditReport:
        """Return the report that `to_json` was asked of.

        Parameters
        ----------
        text : str
            From `to_json`, or from the file that it wrote.

        Returns
        -------
        report : AuditReport
            Equal to the one written.

        Raises
        ------
        ValueError
            If the text is not JSON, its schema version is another, or a field is missing, unknown
            or of another type.
        """
        return cls.from_dict(json.loads(text))

    def to_html(self, path: FilePath | None = None) -> str:
        """Return a page that a data-protection officer can read and keep.

        Parameters
        ----------
        path : path-like or None, default=None
            File to write it to as well, in one step: an earlier one stays until it is complete.

        Returns
        -------
        page : str
            HTML that needs nothing from elsewhere, runs no script and shows no image.
        """
        return written(html_page(self), path)

    def to_frame(
        self, of: Literal["attacks", "images", "controls", "queries"] = "attacks"
    ) -> DataFrame:
        """Return a table; needs pandas.

        Parameters
        ----------
        of : {"attacks", "images", "controls", "queries"}, default="attacks"
            One row an attack, with all its figures; one row a labelled image, with whether it was
            "used" and its out-of-fold probabilities, "probability (main attack)" first; one row
            a planted kind of copy; or one row a query, with "name", "probability" and, where they
            could be made, "low" and "high" around it, "p_value", "q_value" and "decision".

        Returns
        -------
        table : pandas.DataFrame
            The table.

        Raises
        ------
        ImportError
            If pandas is not installed.
        ValueError
            If there is no such table.
        """
        try:
            import pandas
        except ImportError as error:
            raise ImportError(
                "to_frame needs pandas; install it (pip install pandas) or use to_dict()."
            ) from error
        if of == "attacks":
            rows = {name: _flat(attack) for name, attack in self.attacks.items()}
            return pandas.DataFrame.from_dict(rows, orient="index")
        if of == "images":
            columns = {f"probability ({name})": a.probability for name, a in self.attacks.items()}
            return pandas.DataFrame({"used": self.images.used, **columns})
        if of == "controls":
            return pandas.DataFrame([to_plain(result) for result in self.controls.results or ()])
        if of == "queries":
            return pandas.DataFrame(_queries(self))
        raise ValueError(f"of={of!r}; expected 'attacks', 'images', 'controls' or 'queries'.")


def _queries(report):
    images, of_set = report.images, report.set_level
    columns = {"name": images.query_name or (), "probability": images.query_probability or ()}
    if images.query_interval:
        columns["low"], columns["high"] = zip(*images.query_interval, strict=True)
    found = None if of_set is None else of_set.decisions
    if found is not None and not found.reason:
        columns |= {name: found[name] for name in ("p_value", "q_value", "decision")}
    return columns


def _flat(attack):
    excess_low, excess_high = attack.excess_interval or (None, None)
    return {
        "eye": attack.eye,
        **attack.scores,
        "roc_auc_low": attack.interval[0],
        "roc_auc_high": attack.interval[1],
        "epsilon_lower_bound": attack.epsilon_lower_bound,
        "p_value": attack.p_value,
        "excess": attack.excess,
        "excess_low": excess_low,
        "excess_high": excess_high,
    }


def _folder(row):
    left = row.get("left_alone")
    left = None if left is None else tuple(LeftAlone(**one) for one in left)
    return InputFolder(**{**row, "left_alone": left})
