"""What an audit describes is what it looked at before, and what its hashes are of."""

import shutil

import numpy as np
import pytest
from PIL import Image

from ganisi import GANISI, Intensity
from ganisi.audit import _auditing, audit
from ganisi.audit._provenance import hash_set
from ganisi.baselines import NearestGenerated, correlation
from ganisi.datasets import make_source_identification
from ganisi.images._survey import content_keys

PIXELS = GANISI(Intensity(grid=8, n_quantiles=1), identifier=NearestGenerated())


@pytest.fixture
def files(tmp_path):
    """Paths of real, generated and queried images, labels and patients."""
    data = make_source_identification(12, 12, 20, size=32, leakage=1.0, random_state=0)
    other = make_source_identification(3, 3, 5, size=32, random_state=9).real
    paths = {}
    for name, images in (("real", data.real), ("generated", data.generated), ("query", other)):
        paths[name] = [str(tmp_path / f"{name}{i}.png") for i in range(len(images))]
        for image, path in zip(images, paths[name], strict=True):
            Image.fromarray(image).save(path)
    return paths, data


def run(files, **changes):
    paths, data = files
    named = {"baselines": {}, "queries": paths["query"], **changes}
    return audit(
        PIXELS,
        paths["real"],
        data.used,
        generated=(paths["generated"][:8], paths["generated"][8:]),
        groups=data.groups,
        n_permutations=19,
        random_state=0,
        **named,
    )


@pytest.mark.parametrize("which", ["real", "generated", "query"])
@pytest.mark.parametrize("eye", ["main attack", "mine"])
def test_a_file_that_is_swapped_before_it_is_described_ends_the_audit(
    files, monkeypatch, which, eye
):
    if (which, eye) == ("query", "mine"):
        pytest.skip("other eyes see no query")
    paths = files[0][which]

    def swap_and_describe(given, design, one):
        if one.name == eye:
            shutil.copy(paths[2], paths[-1])
        return describe(given, design, one)

    describe = _auditing.describe
    monkeypatch.setattr(_auditing, "describe", swap_and_describe)
    name = paths[-1].rsplit("/", 1)[-1]
    with pytest.raises(ValueError, match=f"{name} holds another image than when it was first"):
        run(files, baselines={"mine": correlation(8, max_shift=1)})


def test_the_hashes_are_those_of_the_images_described(files, monkeypatch):
    seen = []
    describe = _auditing.describe
    monkeypatch.setattr(
        _auditing, "describe", lambda given, *rest: seen.append(given) or describe(given, *rest)
    )
    hashes = run(files).provenance.sha256
    (given,) = seen
    described = {
        "real": given.images,
        "generated": [image for images in given.sets for image in images],
        "queries": given.queries,
    }
    for name, images in described.items():
        pixels = [np.asarray(image.read()) for image in images]
        assert hashes[name] == hash_set(content_keys(pixels))
