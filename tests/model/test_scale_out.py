"""The same call on a dask cluster: the same bits, and files travel by name."""

import joblib
import numpy as np
import pytest
from PIL import Image

from ganisi import GANISI, SourceIdentifier, classical_descriptors

distributed = pytest.importorskip("distributed", reason="needs the extra scale")
pytest.importorskip("dask", reason="needs the extra scale")

# What dask and tornado say about themselves when a cluster comes and goes.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Sending large graph"),
]


@pytest.fixture(scope="module")
def cluster():
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.fixture
def paths(leaky, tmp_path):
    paths = [str(tmp_path / f"{i}.png") for i in range(len(leaky.real))]
    for path, image in zip(paths, leaky.real, strict=True):
        Image.fromarray(image).save(path)
    return paths


def test_a_cluster_gives_the_same_bits(cluster, leaky, paths):
    def probabilities():
        model = GANISI(
            classical_descriptors(n_quantiles=8, n_jobs=2),
            identifier=SourceIdentifier(max_pairs=300, random_state=0, n_jobs=2),
        ).fit(paths, leaky.used, generated=leaky.generated)
        return model.predict_proba(paths)

    expected = probabilities()
    with joblib.parallel_config("dask"):
        np.testing.assert_array_equal(probabilities(), expected)


def test_paths_are_shipped_and_not_pixels(cluster, leaky, paths, monkeypatch):
    descriptor = classical_descriptors(n_quantiles=8, n_jobs=2).fit(paths)
    here = classical_descriptors(n_quantiles=8).fit(paths)
    expected = here.transform(paths)

    def refuse(*args, **kwargs):
        raise AssertionError("a file is read here")

    # The workers are other processes: they read, this one does not.
    monkeypatch.setattr("ganisi.images._file.ImageFile.read", refuse)
    with joblib.parallel_config("dask"):
        np.testing.assert_array_equal(descriptor.transform(paths), expected)
    with pytest.raises(AssertionError, match="a file is read here"):
        here.transform(paths)
