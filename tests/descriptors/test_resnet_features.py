"""The maps of a network, and that nothing else changes the rows made of them."""

import joblib
import numpy as np
import pytest
from adapters import AsRows
from PIL import Image
from sklearn.base import clone
from sklearn.pipeline import FeatureUnion
from sklearn.utils import estimator_checks

from ganisi import GANISI, GaborBank, LocalStats, ResNetFeatures
from ganisi.descriptors import _resnet_model as resnet_model
from ganisi.descriptors import quantile_function

IMAGES = np.random.default_rng(0).integers(0, 256, (5, 60, 70), dtype=np.uint8)


def by_hand(torch, model, image):
    """Pass an image through ResNet-50 up to the 14th addition."""
    grey = torch.tensor(image / 255.0, dtype=torch.float32)
    x = torch.nn.functional.interpolate(
        grey.expand(1, 3, *grey.shape), size=(224, 224), mode="bilinear", antialias=True
    )
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    x = (x - mean[:, None, None]) / std[:, None, None]
    with torch.no_grad():
        x = model.maxpool(torch.relu(model.bn1(model.conv1(x))))
        x = model.layer3(model.layer2(model.layer1(x)))
        block = model.layer4[0]
        y = torch.relu(block.bn1(block.conv1(x)))
        y = torch.relu(block.bn2(block.conv2(y)))
        y = block.bn3(block.conv3(y))
        return (y + block.downsample(x))[0].numpy()


def test_the_maps_are_those_of_a_pass_by_hand_up_to_the_14th_addition(torch, resnet):
    descriptor = ResNetFeatures(resnet, device="cpu")
    maps = descriptor.feature_maps(IMAGES[0])
    assert maps.shape == (2048, 7, 7)
    assert maps.dtype == np.float32
    expected = by_hand(torch, resnet, IMAGES[0])
    assert (expected < 0).mean() > 0.1  # before the ReLU
    np.testing.assert_allclose(maps, expected, atol=1e-5 * np.abs(expected).max())


def test_rows_are_the_quantile_functions_of_the_maps(resnet):
    descriptor = ResNetFeatures(resnet, device="cpu", n_quantiles=16).fit(IMAGES[:2])
    rows = descriptor.transform(IMAGES[:2])
    maps = descriptor.feature_maps(IMAGES[1])
    np.testing.assert_array_equal(rows[1], quantile_function(maps.reshape(2048, -1), 16).ravel())
    assert len(descriptor.get_feature_names_out()) == rows.shape[1] == 2048 * 16


def test_the_14th_addition_is_the_default_node(torch, resnet):
    from torchvision.models.feature_extraction import get_graph_node_names

    sums = [name for name in get_graph_node_names(resnet)[1] if name.endswith("add")]
    assert sums[13] == ResNetFeatures().node == "layer4.0.add"


def test_batches_workers_and_order_change_no_bit_on_the_cpu(resnet):
    descriptor = ResNetFeatures(resnet, device="cpu", n_quantiles=4).fit(IMAGES)
    rows = descriptor.transform(IMAGES)
    for batch_size in (1, 2, 32):
        descriptor.set_params(batch_size=batch_size)
        np.testing.assert_array_equal(descriptor.transform(IMAGES[::-1]), rows[::-1])
    with joblib.parallel_config("threading"):
        np.testing.assert_array_equal(descriptor.set_params(n_jobs=2).transform(IMAGES), rows)


def test_the_number_of_threads_of_torch_changes_no_bit_and_is_left_alone(torch, resnet):
    descriptor = ResNetFeatures(resnet, device="cpu", n_quantiles=4).fit(IMAGES)
    rows = descriptor.transform(IMAGES[:2])
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(3)
        np.testing.assert_array_equal(descriptor.transform(IMAGES[:2]), rows)
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)


def test_worker_processes_change_no_bit(descriptor):
    rows = descriptor.fit_transform(IMAGES)
    np.testing.assert_array_equal(descriptor.set_params(n_jobs=2).transform(IMAGES), rows)


@pytest.fixture
def accelerator(monkeypatch):
    """Batches as on an accelerator, with the CPU in its place."""
    build = resnet_model._Extractor.__init__

    def pretend(extractor, *args):
        build(extractor, *args)
        extractor.on_cpu = False

    monkeypatch.setattr(resnet_model._Extractor, "__init__", pretend)
    resnet_model._build.cache_clear()
    yield
    resnet_model._build.cache_clear()


@pytest.mark.parametrize("batch_size", [1, 3, 32])
def test_rows_of_batches_agree_up_to_rounding(resnet, batch_size, accelerator):
    images = np.concatenate([IMAGES] * 4)[:18]
    descriptor = ResNetFeatures(resnet, device="cpu", n_quantiles=4, batch_size=batch_size)
    rows = descriptor.fit(images).transform(images)
    one = np.stack(
        [
            quantile_function(m.reshape(2048, -1), 4).ravel()
            for m in map(descriptor.feature_maps, IMAGES)
        ]
    )
    expected = np.concatenate([one] * 4)[:18]
    np.testing.assert_allclose(rows, expected, atol=1e-5 * np.abs(expected).max())


def test_batches_are_as_large_as_asked_for_and_mix_image_sizes(
    descriptor, accelerator, monkeypatch
):
    sizes = []
    maps = resnet_model._Extractor.maps

    def watch(extractor, images):
        sizes.append(len(images))
        return maps(extractor, images)

    monkeypatch.setattr(resnet_model._Extractor, "maps", watch)
    images = [*IMAGES, *IMAGES[:, :50]] * 4
    rows = descriptor.set_params(batch_size=20).fit(images).transform(images)
    assert sizes == [20, 20]
    np.testing.assert_allclose(rows[5], descriptor.transform([images[5]])[0], rtol=1e-4)


@pytest.mark.parametrize("batched", [False, True])
def test_a_cache_changes_no_bit_and_describes_no_image_twice(
    small, batched, request, tmp_path, monkeypatch
):
    if batched:
        request.getfixturevalue("accelerator")
    cached = ResNetFeatures(small, node="0", device="cpu", memory=str(tmp_path), batch_size=2)
    rows = cached.fit_transform(IMAGES[:3])
    plain = clone(cached).set_params(memory=None).fit_transform(IMAGES[:3])
    np.testing.assert_array_equal(rows, plain)

    described = []
    maps = resnet_model._Extractor.maps

    def watch(extractor, images):
        described.extend(images)
        return maps(extractor, images)

    monkeypatch.setattr(resnet_model._Extractor, "maps", watch)
    np.testing.assert_array_equal(cached.transform(IMAGES[:3][::-1]), rows[::-1])
    cached.set_params(batch_size=7).transform(IMAGES[:3])
    assert len(described) == 0
    cached.transform(IMAGES)
    assert len(described) == 2
    cached.set_params(node="1").fit(IMAGES).transform(IMAGES[:3])
    assert len(described) == 5


@pytest.mark.parametrize("dtype", [np.uint16, np.float32, np.float64])
def test_black_and_white_of_every_depth_are_the_same(descriptor, dtype):
    images = IMAGES.astype(dtype) * 257 if dtype == np.uint16 else IMAGES.astype(dtype) / 255
    rows = descriptor.fit_transform(IMAGES)
    np.testing.assert_allclose(clone(descriptor).fit_transform(images), rows, atol=1e-5)


def test_floats_beyond_one_need_their_intensity_range(descriptor):
    hounsfield = IMAGES * 10.0 - 1000
    with pytest.raises(ValueError, match=r"got values in \[-1000, 1550\]; give intensity_range"):
        descriptor.fit_transform(hounsfield)
    ranged = clone(descriptor).set_params(intensity_range=(-1000, 1550)).fit_transform(hounsfield)
    np.testing.assert_allclose(ranged, clone(descriptor).fit_transform(IMAGES), atol=1e-5)
    with pytest.raises(ValueError, match="low < high"):
        clone(descriptor).set_params(intensity_range=(1, 0)).fit_transform(IMAGES)


def test_files_give_the_rows_of_the_array(descriptor, tmp_path):
    for i, image in enumerate(IMAGES):
        Image.fromarray(image).save(tmp_path / f"{i}.png")
    rows = descriptor.fit_transform(sorted(tmp_path.iterdir()))
    np.testing.assert_array_equal(rows, clone(descriptor).fit_transform(IMAGES))


def test_it_stacks_with_the_classical_descriptors_and_works_in_the_whole_method(descriptor, leaky):
    union = FeatureUnion([("local", LocalStats()), ("gabor", GaborBank()), ("deep", descriptor)])
    rows = union.fit(IMAGES).transform(IMAGES)
    assert rows.shape == (5, (3 + 16 + 4) * 64)
    names = union.get_feature_names_out()
    assert names[-1] == "deep__resnet 0 0003 tails q63"
    model = GANISI(FeatureUnion([("local", LocalStats()), ("deep", descriptor)]))
    model.fit(leaky.real, leaky.used, generated=leaky.generated)
    assert model.identifier_.n_maps_ == 7
    assert model.predict_proba(leaky.real[:3]).shape == (3, 2)


def test_a_grid_is_cut_from_the_maps_not_the_image(descriptor):
    fine = clone(descriptor).set_params(grid=7, n_quantiles=1)
    maps = fine.feature_maps(IMAGES[0])
    np.testing.assert_array_equal(fine.fit_transform(IMAGES[:1])[0], maps.ravel())
    with pytest.raises(ValueError, match=r"grid=8 cuts maps of 7 x 7 .* use grid <= 7"):
        clone(descriptor).set_params(grid=8).fit(IMAGES)


def test_a_fitted_one_refuses_another_bit_depth(descriptor):
    with pytest.raises(ValueError, match="the images before it are uint8"):
        descriptor.fit(IMAGES).transform(IMAGES / 255)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"node": "nowhere"}, r"node='nowhere' is no node of the model; .*'0'"),
        ({"weights": "no such.pt"}, r"'no such\.pt' is neither a file nor a name of weights"),
        ({"weights": "ResNet50_Weights.OF_MINE"}, "torchvision has no weights of this name"),
        ({"device": "abacus"}, "device='abacus' cannot be used.*device=None"),
        ({"device": "cuda:99"}, "device='cuda:99' cannot be used.*device=None"),
        ({"weights": 3}, "weights"),
        ({"batch_size": 0}, "batch_size"),
        ({"node": None}, "node"),
    ],
    ids=str,
)
def test_bad_parameters_are_refused(descriptor, params, message):
    with pytest.raises(ValueError, match=message):
        descriptor.set_params(**params).fit(IMAGES)


def test_a_node_without_maps_is_refused(torch):
    module = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(3 * 224 * 224, 2))
    with pytest.raises(ValueError, match=r"node='1' gives an array of shape \(1, 2\)"):
        ResNetFeatures(module, node="1", device="cpu").fit(IMAGES)


@pytest.mark.parametrize(
    "check",
    [
        estimator_checks.check_estimator_cloneable,
        estimator_checks.check_estimator_repr,
        estimator_checks.check_get_params_invariance,
        estimator_checks.check_mixin_order,
        estimator_checks.check_no_attributes_set_in_init,
        estimator_checks.check_parameters_default_constructible,
        estimator_checks.check_set_params,
    ],
    ids=lambda check: check.__name__,
)
def test_it_passes_the_checks_without_data(check):
    check("ResNetFeatures", ResNetFeatures())


def test_scikit_learns_checks_pass_on_rows(descriptor):
    descriptor.set_params(intensity_range=(-1000, 1000), n_quantiles=1)
    results = estimator_checks.check_estimator(
        AsRows(descriptor),
        expected_failed_checks={
            "check_estimators_overwrite_params": "a copy of a module has another pickle"
        },
        on_fail=None,
        on_skip=None,
    )
    failed = {r["check_name"]: r["exception"] for r in results if r["status"] == "failed"}
    assert len(results) > 30
    assert not failed
