"""What of scikit-learn is private, and used all the same, stands in one file and in this list."""

import ast
import inspect
from pathlib import Path

import ganisi
from ganisi import baselines

PACKAGE = Path(ganisi.__file__).parent
DOOR = PACKAGE / "_compat" / "_sklearn.py"
#: What that file imports.
IMPORTS = {
    "sklearn.base._fit_context",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.utils._estimator_html_repr._VisualBlock",
    "sklearn.utils._estimator_html_repr._get_visual_block",
    "sklearn.utils._param_validation.HasMethods",
    "sklearn.utils._param_validation.Interval",
    "sklearn.utils._param_validation.RealNotInt",
    "sklearn.utils._param_validation.StrOptions",
    "sklearn.utils.metaestimators._BaseComposition",
    "sklearn.utils._repr_html.estimator._VisualBlock",
    "sklearn.utils._repr_html.estimator._get_visual_block",
}
#: The attributes of scikit-learn's objects that it reads, and those that it gives to ours.
ATTRIBUTES = {
    "_doc_link_module",
    "_doc_link_template",
    "_doc_link_url_param_generator",
    "_gamma",
    "_get_params",
    "_init_callback_context",
    "_parameter_constraints",
    "_set_params",
    "_sk_visual_block_",
    "_validate_names",
    "_validate_params",
}
#: What scikit-learn looks for on an estimator, a notebook on anything, and so stands on ours.
HOOKS = {"_parameter_constraints", "_repr_html_", "_sk_visual_block_"}


def is_private(name):
    return name.startswith("_") and not name.endswith("__")


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def dotted(node):
    """The name of an attribute of an attribute ..., as it is written; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (start := dotted(node.value)):
        return f"{start}.{node.attr}"
    return ""


def private_imports(tree):
    """Private names of scikit-learn that are imported, or written out from its top."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Attribute):
            names.add(dotted(node))
    return {
        name
        for name in names
        if name.split(".")[0] == "sklearn" and any(map(is_private, name.split(".")))
    }


def private_attributes(tree):
    """Private names that are asked of an object, or given to a class, or looked up as text."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names.add(node.value)
        elif isinstance(node, ast.ClassDef):
            for member in node.body:
                if isinstance(member, ast.FunctionDef):
                    names.add(member.name)
                elif isinstance(member, ast.Assign):
                    names |= {target.id for target in member.targets if hasattr(target, "id")}
    return {name for name in names if is_private(name) and name.isidentifier()}


def names_that_estimators_inherit():
    """Private names that scikit-learn's classes bring to ours."""
    exported = (getattr(home, name) for home in (ganisi, baselines) for name in home.__all__)
    bases = {base for cls in exported if inspect.isclass(cls) for base in cls.__mro__}
    theirs = [base for base in bases if base.__module__.split(".")[0] == "sklearn"]
    assert theirs
    return {name for base in theirs for name in vars(base) if is_private(name)}


OTHERS = {path: parsed(path) for path in PACKAGE.rglob("*.py") if path != DOOR}


def test_the_list_is_what_the_door_uses():
    assert private_imports(parsed(DOOR)) == IMPORTS
    # What is imported from there under its own name, or another.
    imported = {name.split(".")[-1] for name in IMPORTS}
    assert private_attributes(parsed(DOOR)) - imported == ATTRIBUTES


def test_no_other_file_imports_a_private_name_of_scikit_learn():
    found = {path: names for path, tree in OTHERS.items() if (names := private_imports(tree))}
    assert not found


def test_no_other_file_uses_a_private_attribute_of_scikit_learn():
    theirs = (names_that_estimators_inherit() | ATTRIBUTES) - HOOKS
    found = {
        path: names for path, tree in OTHERS.items() if (names := private_attributes(tree) & theirs)
    }
    assert not found


def test_every_hook_is_in_use():
    assert set.union(*map(private_attributes, OTHERS.values())) >= HOOKS
