"""Diagrams of estimators link to their pages, once there is a site; never to scikit-learn's."""

import inspect
import re
from email.message import Message
from pathlib import Path

import pytest
from sklearn.base import BaseEstimator
from sklearn.ensemble import RandomForestClassifier
from sklearn.utils import estimator_html_repr

import ganisi
from ganisi import baselines
from ganisi._compat import _links as documentation

REFERENCE = Path(__file__).parents[2] / "docs" / "api.rst"
ESTIMATORS = [
    cls
    for home in (ganisi, baselines)
    for name in home.__all__
    if inspect.isclass(cls := getattr(home, name)) and issubclass(cls, BaseEstimator)
]


def pages():
    """Names of the pages that the reference generates."""
    module, names = None, set()
    for line in REFERENCE.read_text(encoding="utf-8").splitlines():
        if line.startswith(".. currentmodule:: "):
            module = line.split()[-1]
        elif re.fullmatch(r" +\w+", line):
            names.add(f"{module}.{line.strip()}")
    return names


def links(estimator):
    """Links to documentation in the diagram of an estimator."""
    html = estimator_html_repr(estimator)
    return [
        re.search('href="([^"]*)"', tag)[1]
        for tag in re.findall('<a class="sk-estimator-doc-link.*?>', html, re.DOTALL)
    ]


@pytest.fixture
def published(monkeypatch):
    """Metadata of a package that has an address of its documentation, among others."""
    message = Message()
    message["Project-URL"] = "Source, https://example.org/source"
    message["Project-URL"] = "Documentation, https://example.org/stable"
    monkeypatch.setattr(documentation.metadata, "metadata", lambda name: message)


@pytest.mark.parametrize("cls", ESTIMATORS, ids=lambda cls: cls.__name__)
def test_the_link_of_every_estimator_is_a_page_of_the_reference(cls, monkeypatch):
    monkeypatch.setattr(documentation, "address", "../")
    link, *_ = links(cls())  # its own, and those of its stages
    assert re.fullmatch(r"\.\./generated/(.*)\.html", link)[1] in pages()


@pytest.mark.parametrize("cls", ESTIMATORS, ids=lambda cls: cls.__name__)
def test_without_an_address_there_is_no_link(cls, monkeypatch):
    monkeypatch.setattr(documentation, "address", "")
    assert not [link for link in links(cls()) if "ganisi" in link]


def test_the_address_is_that_of_the_metadata(published):
    assert links(ganisi.LocalStats()) == [
        "https://example.org/stable/generated/ganisi.LocalStats.html"
    ]


@pytest.mark.parametrize("error", [False, True], ids=["no address", "not installed"])
def test_metadata_without_an_address_make_no_link(monkeypatch, error):
    def metadata(name):
        if error:
            raise documentation.metadata.PackageNotFoundError(name)
        return Message()

    monkeypatch.setattr(documentation.metadata, "metadata", metadata)
    assert links(ganisi.LocalStats()) == []


@pytest.mark.parametrize("dials", [{}, {"pairer": ganisi.CDFWassersteinPairer(n_quantiles=8)}])
def test_the_diagram_of_the_model_has_its_stages_one_after_another(published, dials):
    ours = [link for link in links(ganisi.GANISI(**dials)) if "ganisi" in link]
    assert [re.search(r"\.(\w+)\.html$", link)[1] for link in ours] == [
        "GANISI",
        "LocalStats",
        "GaborBank",
        "SteerableGaussian",
        "MultiscaleHessian",
        "CDFWassersteinPairer",
        "SourceIdentifier",
    ]


def test_a_subclass_elsewhere_has_no_link(published):
    class Theirs(ganisi.LocalStats):
        pass

    assert links(Theirs()) == []


def test_the_diagram_takes_an_ensemble_that_is_not_fitted():
    model = ganisi.GANISI(identifier=RandomForestClassifier())
    assert "RandomForestClassifier" in estimator_html_repr(model)
    assert "CDFWassersteinPairer" in estimator_html_repr(model)


@pytest.mark.parametrize("model", [ganisi.GANISI(), ganisi.recommended()])
def test_every_stage_of_the_diagram_is_called_by_its_place(model):
    html = estimator_html_repr(model)
    for place, stage in zip(["descriptor", "pairer", "identifier"], model.stages(), strict=True):
        assert f"<div>{place}: {type(stage).__name__}</div>" in html


def test_the_diagram_shows_the_members_of_a_union_of_pairers():
    html = estimator_html_repr(ganisi.recommended())
    for name in ("textures", "CDFWassersteinPairer", "image", "CorrelationPairer"):
        assert f"<div>{name}</div>" in html
