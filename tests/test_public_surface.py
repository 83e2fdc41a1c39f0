"""What is public stands in a file; who changes it says so in the changes.

``python tests/test_public_surface.py`` writes the file anew.
"""

import hashlib
import importlib
import inspect
import re
from pathlib import Path

import pytest
from public_modules import PUBLIC

ROOT = Path(__file__).parents[1]
if not (ROOT / "docs").is_dir():
    pytest.skip("the documentation is not here", allow_module_level=True)
SURFACE = ROOT / "tests" / "public_surface.txt"
CHANGES = ROOT / "docs" / "changes.md"
COMMAND = "python tests/test_public_surface.py"


def signature_of(found):
    """The parameters with their defaults, addresses in memory left out; types are no part."""
    try:
        signature = inspect.signature(found)
    except (TypeError, ValueError):
        return ""
    plain = [
        one.replace(annotation=inspect.Parameter.empty) for one in signature.parameters.values()
    ]
    text = str(inspect.Signature(plain))
    return re.sub(r"<(?:function|class|factory>)[^>]*>?", "<...>", text)


def members_of(kind):
    """Public methods and properties that a class of ours has, its own and inherited ones."""
    for name in sorted(set(dir(kind))):
        # What scikit-learn adds where it routes metadata differs between its versions.
        if name.startswith("_") or re.fullmatch(r"set_\w+_request", name):
            continue
        home = next((one for one in kind.__mro__ if name in vars(one)), None)
        if home is None or not home.__module__.startswith("ganisi"):
            continue
        found = inspect.getattr_static(kind, name)
        if isinstance(found, property):
            yield f".{name}"
        elif callable(getattr(kind, name, None)):
            yield f".{name}{signature_of(getattr(kind, name))}"


def surface():
    """Every public name with its signature, a line each; a class has its methods below it."""
    lines = []
    for home in PUBLIC:
        module = importlib.import_module(home)
        lines.append(home)
        for name in sorted(module.__all__):
            found = getattr(module, name)
            ours = getattr(found, "__module__", "").startswith("ganisi")
            if inspect.ismodule(found) or not callable(found) or not ours:
                lines.append(f"    {name}")
                continue
            lines.append(f"    {name}{signature_of(found)}")
            if inspect.isclass(found):
                lines += [f"        {member}" for member in members_of(found)]
    return "\n".join(lines) + "\n"


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def changes():
    """What the changes say, white space aside."""
    return " ".join(CHANGES.read_text(encoding="utf-8").split())


def written():
    """The digest of the changes when the surface was written, and the surface."""
    first, _, rest = SURFACE.read_text(encoding="utf-8").partition("\n")
    return first.removeprefix("# changes ").split(), rest


def write():
    """Write the surface; where it is another, the changes must be others too."""
    if SURFACE.exists():
        (before,), old = written()
        if old == surface():
            return
        if before == digest(changes()):
            raise SystemExit("The public surface changes: first add a line to docs/changes.md.")
    SURFACE.write_text(f"# changes {digest(changes())}\n{surface()}", encoding="utf-8")


def test_the_public_surface_is_the_one_that_is_written_down():
    _, text = written()
    new, old = surface().split("\n"), text.split("\n")
    gone, come = [s for s in old if s not in new], [s for s in new if s not in old]
    assert new == old, (
        f"the public surface changed (gone: {gone}, new: {come}); add a line to docs/changes.md, "
        f"then run: {COMMAND}"
    )


def test_a_surface_is_not_written_without_a_line_in_the_changes(tmp_path, monkeypatch):
    file, told = tmp_path / "surface.txt", tmp_path / "changes.md"
    told.write_text("# Changes", encoding="utf-8")
    monkeypatch.setitem(globals(), "SURFACE", file)
    monkeypatch.setitem(globals(), "CHANGES", told)
    write()
    assert "GANISI(" in file.read_text("utf-8")
    monkeypatch.setattr("ganisi.metrics.__all__", ["table_one"])
    before = file.read_bytes()
    with pytest.raises(SystemExit, match=r"docs/changes\.md"):
        write()
    assert file.read_bytes() == before
    told.write_text("# Changes\n\n* Fewer metrics.", encoding="utf-8")
    write()
    assert "wilson_interval" not in file.read_text("utf-8")


if __name__ == "__main__":
    write()
