"""Mistakes in what a notebook shows: names, figures, curves and the places of stages."""

from ._mistake import Mistake

BRIEF = "ganisi/_compat/_brief.py"
SHORT = "tests/audit/test_short_words.py"
ROC = "tests/plotting/test_roc.py"
CURVES = "ganisi/plotting/_roc_curves.py"
EVIDENCE = "tests/model/test_evidence.py"
PICTURE = "ganisi/plotting/_evidence.py"
DRAWN = "tests/plotting/test_evidence_display.py"

IN_NOTEBOOKS = [
    Mistake(
        "texts of the user written out",
        BRIEF,
        'return f"a text of {len(value)} characters"',
        "return value",
        SHORT,
    ),
    Mistake(
        "entries of lists written out",
        BRIEF,
        'return f"{type(value).__name__} of {len(value)}"',
        "return repr(value)",
        SHORT,
    ),
    Mistake("pages not escaped", BRIEF, "{escape(_brief(value))}", "{_brief(value)}", SHORT),
    Mistake(
        "a report shown by its first attack, not its best",
        "ganisi/audit/report/_report.py",
        "best, counts = self.attacks[self.best.name], self.counts",
        "best, counts = self.attack, self.counts",
        SHORT,
    ),
    Mistake(
        "whole paths as names",
        "ganisi/images/_file.py",
        "last = PurePath(self.member or self.path).name",
        "last = self.member or self.path",
        EVIDENCE,
    ),
    Mistake(
        "places counted anew in every set",
        "ganisi/images/_file.py",
        "places = range(len(names), len(names) + len(set_))",
        "places = range(len(set_))",
        EVIDENCE,
    ),
    Mistake(
        "names in the order of the images, not of the nearest",
        "ganisi/model/_evidence.py",
        "model.generated_names_[index]",
        "model.generated_names_[np.sort(index)]",
        EVIDENCE,
    ),
    Mistake(
        "a curve of the wrong class",
        CURVES,
        "score = score if positive == 1 else -score",
        "pass",
        ROC,
    ),
    Mistake(
        "every fold scored by the first model",
        CURVES,
        "yield estimator, left_out",
        'yield cv_results["estimator"][0], left_out',
        ROC,
    ),
    Mistake(
        "folds put together as one",
        "ganisi/plotting/_roc.py",
        "folds=[(None, np.arange(*pair)) for pair in pairwise(ends)]",
        "folds=None",
        ROC,
    ),
    Mistake(
        "half of the bars kept empty",
        PICTURE,
        "max(0.0, self.z.max())",
        "abs(self.z).max()",
        DRAWN,
    ),
    Mistake(
        "the beginning of a long name kept",
        PICTURE,
        "{name[3 - _NAME_LENGTH :]}",
        "{name[: _NAME_LENGTH - 3]}",
        DRAWN,
    ),
    Mistake(
        "boxes without the places of stages",
        "ganisi/_compat/_sklearn.py",
        "block.names = self.label",
        "pass",
        "tests/compat/test_documentation.py",
    ),
    Mistake(
        "blocks counted in place of queries",
        "ganisi/model/_ganisi.py",
        '"scoring queries", self.verbose, sizes)',
        '"scoring queries", self.verbose, [1] * len(sizes))',
        "tests/compat/test_progress.py",
    ),
]
