"""What an audit found, to be read, kept and computed with."""

import json
import math
from copy import deepcopy
from dataclasses import dataclass, fields, replace

from .._provenance import today
from ._page import html_page
from ._text import plain_text


@dataclass(frozen=True)
class AuditReport:
    """What an audit found. Print it to read it.

    Attributes
    ----------
    verdict : {"leakage detected", "no leakage detected at this power", "cannot say"}
        What the data support.
    reason : str
        Why, in plain words.
    counts : dict
        Images, patients, folds, and real images that occur among the generated ones bit for bit.
    attacks : dict of str to dict
        For the estimator ("main attack") and each baseline: "scores" (see
        :func:`ganisi.metrics.all_scores`), "interval" of its ROC AUC, "p_value", "excess" over
        the blind checks and "excess_interval".
    best : dict
        "name" of the attack with the largest ROC AUC, "p_value" adjusted for that choice, and
        "n_distinct", the number of different labellings.
    naive : dict of str to dict
        What saying the same of every image scores.
    blind_checks : dict
        "checks": the ROC AUC, and its interval, of what cannot see training; "reason" where one
        could not be made.
    controls : dict
        "results": what was planted and how well it was told, nothing first; "found": whether exact
        copies were; "reason" where none could be planted.
    power : dict
        "minimum_detectable_auc" at "power", and the standard deviation under permutation.
    set_level : dict or None
        The test of the queries as one set.
    images : dict
        "used", and the out-of-fold "probability" of each image by each attack, and
        "blind_probability" by each blind check; "query_name" and "query_probability" of each
        image of unknown status; "exact_copies", the names of the "used", "not_used" and "queries"
        images that are among the generated ones bit for bit. A file is named by its path.
    settings : dict
        Everything that was chosen, and the seed.
    provenance : dict
        Versions, and hashes of the inputs; "run", where `dated` put it.

    Notes
    -----
    The same inputs and seed give the same report to the last bit, with any number of workers; so
    :func:`ganisi.audit.audit` puts no date and no duration in it. `dated` adds the date; ``python
    -m ganisi audit`` does so.
    """

    verdict: str
    reason: str
    counts: dict
    attacks: dict
    best: dict
    naive: dict
    blind_checks: dict
    controls: dict
    power: dict
    set_level: dict | None
    images: dict
    settings: dict
    provenance: dict

    def __str__(self):
        return plain_text(self)

    def dated(self, command="not given", inputs=()):
        """Return a copy that says when it was made, and from what.

        Parameters
        ----------
        command : str, default="not given"
            What made it.
        inputs : sequence of dict, default=()
            One a folder: "role", what its images are; "folder", its name; "images", their number;
            "sizes", a list of str; "depth", "uint8", "uint16" or "float".

        Returns
        -------
        report : AuditReport
            With ``provenance["run"]``: these two, and the "date" in UTC.
        """
        run = {"date": today(), "command": command, "inputs": list(inputs)}
        return replace(self, provenance={**self.provenance, "run": run})

    def to_dict(self):
        """Return everything as dictionaries, lists, numbers and strings.

        Returns
        -------
        report : dict
            A copy.
        """
        return {field.name: deepcopy(getattr(self, field.name)) for field in fields(self)}

    def to_json(self, path=None):
        """Return everything as JSON.

        Parameters
        ----------
        path : path-like or None, default=None
            File to write it to as well.

        Returns
        -------
        text : str
            What has no value (a rate that so few images cannot show) is null.
        """
        text = json.dumps(_without_nan(self.to_dict()), indent=1, allow_nan=False) + "\n"
        return _written(text, path)

    def to_html(self, path=None):
        """Return a page that a data-protection officer can read and keep.

        Parameters
        ----------
        path : path-like or None, default=None
            File to write it to as well.

        Returns
        -------
        page : str
            HTML that needs nothing from elsewhere, runs no script and shows no image.
        """
        return _written(html_page(self), path)

    def to_frame(self, of="attacks"):
        """Return a table; needs pandas.

        Parameters
        ----------
        of : {"attacks", "images", "controls"}, default="attacks"
            One row an attack, with all its figures; one row a labelled image, with its
            out-of-fold probabilities; or one row a planted kind of copy.

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
            rows = {name: _flat(row) for name, row in self.attacks.items()}
            return pandas.DataFrame.from_dict(rows, orient="index")
        if of == "images":
            return pandas.DataFrame({"used": self.images["used"], **self.images["probability"]})
        if of == "controls":
            return pandas.DataFrame(self.controls["results"] or [])
        raise ValueError(f"of={of!r}; expected 'attacks', 'images' or 'controls'.")


def _flat(row):
    low, high = row["interval"]
    excess_low, excess_high = row["excess_interval"] or (None, None)
    return {
        **row["scores"],
        "roc_auc_low": low,
        "roc_auc_high": high,
        "p_value": row["p_value"],
        "excess": row["excess"],
        "excess_low": excess_low,
        "excess_high": excess_high,
    }


def _without_nan(value):
    if isinstance(value, dict):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nan(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _written(text, path):
    if path is not None:
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    return text
