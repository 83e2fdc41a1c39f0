"""Where weights of a network come from, and torch, which may be missing or broken."""

import pickle
import sys

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from ganisi import ResNetFeatures
from ganisi.descriptors import _resnet_model as resnet_model

IMAGES = np.random.default_rng(0).integers(0, 256, (5, 60, 70), dtype=np.uint8)


def test_a_state_dict_gives_the_rows_of_its_module_with_any_last_layer(torch, resnet, tmp_path):
    rows = ResNetFeatures(resnet, device="cpu", n_quantiles=4).transform(IMAGES[:1])
    state = resnet.state_dict()
    torch.save(state, tmp_path / "whole.pt")
    torch.save({k: v for k, v in state.items() if "fc." not in k}, tmp_path / "headless.pt")
    torch.save({**state, "fc.weight": torch.zeros(2, 2048)}, tmp_path / "other head.pt")
    for path in tmp_path.iterdir():
        from_file = ResNetFeatures(path, device="cpu", n_quantiles=4)
        assert len(from_file.map_names_) == 2048
        np.testing.assert_array_equal(from_file.transform(IMAGES[:1]), rows)


def test_a_state_dict_that_changes_on_disk_is_read_again(torch, resnet, tmp_path):
    path = tmp_path / "weights.pt"
    torch.save(resnet.state_dict(), path)
    descriptor = ResNetFeatures(str(path), device="cpu", n_quantiles=1)
    before = descriptor.transform(IMAGES[:1])
    torch.save({k: v for k, v in resnet.state_dict().items() if "fc." not in k}, path)
    np.testing.assert_array_equal(descriptor.transform(IMAGES[:1]), before)
    torch.save({k: 2 * v for k, v in resnet.state_dict().items()}, path)
    assert not np.array_equal(descriptor.transform(IMAGES[:1]), before)


def test_untrained_weights_are_the_same_in_every_process_and_draw_from_no_ones_seed(torch):
    torch.manual_seed(5)
    expected = torch.rand(3)
    resnet_model._build.cache_clear()
    torch.manual_seed(5)
    rows = ResNetFeatures(None, device="cpu", n_quantiles=1).transform(IMAGES[:1])
    assert torch.equal(torch.rand(3), expected)
    resnet_model._build.cache_clear()
    again = ResNetFeatures(None, device="cpu", n_quantiles=1).transform(IMAGES[:1])
    np.testing.assert_array_equal(again, rows)


@pytest.mark.parametrize("name", ["DEFAULT", "IMAGENET1K_V1", "ResNet50_Weights.IMAGENET1K_V2"])
def test_names_of_weights_are_torchvisions(torch, resnet, monkeypatch, name):
    from torchvision.models import ResNet50_Weights

    asked = []

    def get_state_dict(weights, *args, **kwargs):
        asked.append(weights)
        return resnet.state_dict()

    monkeypatch.setattr(ResNet50_Weights, "get_state_dict", get_state_dict)
    resnet_model._build.cache_clear()
    rows = ResNetFeatures(name, device="cpu", n_quantiles=1).transform(IMAGES[:1])
    assert asked == [ResNet50_Weights[name.split(".")[-1]]]
    expected = ResNetFeatures(resnet, device="cpu", n_quantiles=1).transform(IMAGES[:1])
    np.testing.assert_array_equal(rows, expected)
    resnet_model._build.cache_clear()


def test_other_resnets_are_known_by_their_full_names(torch, monkeypatch):
    from torchvision.models import ResNet18_Weights, resnet18

    state = resnet18(weights=None).state_dict()
    monkeypatch.setattr(ResNet18_Weights, "get_state_dict", lambda *args, **kwargs: state)
    descriptor = ResNetFeatures("ResNet18_Weights.DEFAULT", device="cpu", n_quantiles=1)
    with pytest.raises(NotFittedError, match="not known before fit"):
        descriptor.get_feature_names_out()
    assert descriptor.fit_transform(IMAGES[:1]).shape == (1, 512)
    assert len(descriptor.map_names_) == 512
    resnet_model._build.cache_clear()


def test_a_download_that_fails_says_what_to_do(torch, monkeypatch):
    from torchvision.models import ResNet50_Weights

    def refuse(*args, **kwargs):
        raise OSError("no route to host")

    monkeypatch.setattr(ResNet50_Weights, "get_state_dict", refuse)
    with pytest.raises(OSError, match=r"could not be downloaded \(no route.*path of a state dict"):
        ResNetFeatures("IMAGENET1K_V1", device="cpu").fit(IMAGES)


def test_the_cache_knows_weights_by_their_content(torch, small, descriptor, tmp_path):
    descriptor.set_params(memory=str(tmp_path))
    rows = descriptor.fit_transform(IMAGES)
    with torch.no_grad():
        small[0].weight.mul_(2)
    changed = descriptor.fit_transform(IMAGES)
    assert not np.array_equal(changed, rows)
    with torch.no_grad():
        small[0].weight.div_(2)
    np.testing.assert_array_equal(descriptor.fit_transform(IMAGES), rows)


def test_a_users_module_is_left_as_it_was(torch, resnet):
    from torchvision.models import resnet18

    module = resnet18(weights=None).train()
    before = {key: value.clone() for key, value in module.state_dict().items()}
    ResNetFeatures(module, device="cpu", n_quantiles=1).fit_transform(IMAGES[:2])
    assert module.training
    assert all(torch.equal(before[key], value) for key, value in module.state_dict().items())


def test_a_model_is_built_once_a_process_and_never_pickled(torch, tmp_path, resnet, monkeypatch):
    torch.save(resnet.state_dict(), tmp_path / "weights.pt")
    resnet_model._build.cache_clear()
    descriptor = ResNetFeatures(tmp_path / "weights.pt", device="cpu", n_quantiles=1).fit(IMAGES)
    rows = descriptor.transform(IMAGES[:1])
    assert len(pickle.dumps(descriptor)) < 2000
    copy = pickle.loads(pickle.dumps(descriptor))
    np.testing.assert_array_equal(copy.transform(IMAGES[:1]), rows)
    clone(descriptor).fit_transform(IMAGES[:1])
    assert resnet_model._build.cache_info().misses == 1


def test_files_that_are_no_state_dict_of_resnet_50_name_themselves(torch, tmp_path):
    from torchvision.models import resnet18

    torch.save(resnet18(weights=None).state_dict(), tmp_path / "18.pt")
    torch.save({"layer9.weight": torch.zeros(1)}, tmp_path / "renamed.pt")
    (tmp_path / "notes.pt").write_text("not weights")
    for name, message in [
        ("18.pt", "is no state dict of torchvision's ResNet-50"),
        ("renamed.pt", r"is no state dict .* 1 are unknown \['layer9\.weight'\]"),
        ("notes.pt", "cannot be read as a state dict"),
    ]:
        with pytest.raises(ValueError, match=f"{name} {message}"):
            ResNetFeatures(tmp_path / name, device="cpu").fit(IMAGES)


@pytest.mark.parametrize("missing", ["torch", "torchvision"])
def test_without_torch_one_sentence_says_what_to_install(monkeypatch, missing):
    for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
        monkeypatch.delitem(sys.modules, name)
    if missing == "torchvision" and "torch" not in sys.modules:
        monkeypatch.setitem(sys.modules, "torch", sys)
    monkeypatch.setitem(sys.modules, missing, None)
    for call in (ResNetFeatures().fit, ResNetFeatures().transform):
        with pytest.raises(ImportError, match=r'needs torch and .*pip install "ganisi\[deep\]"$'):
            call(IMAGES)


@pytest.mark.parametrize("error", ["RuntimeError", "OSError", "AttributeError", "ImportError"])
def test_a_broken_torchvision_is_told_from_a_missing_one(monkeypatch, tmp_path, error):
    for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
        monkeypatch.delitem(sys.modules, name)
    if "torch" not in sys.modules:
        monkeypatch.setitem(sys.modules, "torch", sys)
    (tmp_path / "torchvision").mkdir()
    (tmp_path / "torchvision" / "__init__.py").write_text(
        f"raise {error}('operator torchvision::nms does not exist\\nlong story')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    message = (
        rf"torchvision \({error}: operator torchvision::nms does not exist\); what is installed "
        r'does not work; remove both and run: pip install "ganisi\[deep\]"$'
    )
    with pytest.raises(ImportError, match=message):
        ResNetFeatures().fit(IMAGES)
