"""A file that holds another image than the one that was looked at is refused."""

import os
import pickle

import numpy as np
import pytest
from PIL import Image

from ganisi import Intensity
from ganisi.images._checks import check_images, image_name
from ganisi.images._file import ImageFile
from ganisi.images._known_files import KnownFile, known_files
from ganisi.images._survey import content_keys, image_facts

RNG = np.random.default_rng(0)


@pytest.fixture
def paths(tmp_path):
    names = [str(tmp_path / f"{i}.png") for i in range(3)]
    for name in names:
        write(name)
    return names


def write(path):
    Image.fromarray(RNG.integers(0, 256, (8, 9), dtype=np.uint8)).save(path)


def known(paths):
    images = check_images(paths)
    return known_files(images, content_keys(images))


def test_they_are_read_and_called_as_files_are(paths):
    for one, path in zip(known(paths), paths, strict=True):
        np.testing.assert_array_equal(one.read(), ImageFile(path).read())
        assert one.plain == ImageFile(path)
        assert repr(one) == repr(ImageFile(path))
        assert image_name(one) == path
        assert image_facts(one) == image_facts(path)
        assert pickle.loads(pickle.dumps(one)) == one
    np.testing.assert_array_equal(Intensity().transform(known(paths)), Intensity().transform(paths))


@pytest.mark.parametrize("with_memory", [False, True])
def test_another_image_in_a_file_is_refused_by_name(paths, tmp_path, with_memory):
    images = known(paths)
    describer = Intensity(memory=tmp_path / "memory" if with_memory else None).fit(images)
    if with_memory:
        describer.transform(paths)
    write(paths[1])
    if with_memory:
        describer.transform(paths)  # The row of the other image is there to be found.
    with pytest.raises(ValueError, match=r"1\.png holds another image than when"):
        describer.transform(images)
    with pytest.raises(ValueError, match=r"1\.png holds another image than when"):
        image_facts(images[1])
    np.testing.assert_array_equal(images[0].read(), ImageFile(paths[0]).read())


def test_the_same_image_written_again_is_the_same(paths):
    images = known(paths)
    again = ImageFile(paths[0]).read()
    os.remove(paths[0])
    Image.fromarray(again).save(paths[0], compress_level=0)
    np.testing.assert_array_equal(images[0].read(), again)


def test_what_is_known_stays_known_by_its_first_look(paths):
    images = known(paths)
    again = known_files(images, ["other"] * len(images))
    assert again == images
    np.testing.assert_array_equal(again[0].read(), ImageFile(paths[0]).read())


def test_arrays_stay_as_they_are():
    stack = np.zeros((2, 3, 4), np.uint8)
    assert known_files(stack, ["a", "b"]) is stack


def test_options_of_files_are_kept(tmp_path):
    path = tmp_path / "deep.png"
    Image.fromarray(RNG.integers(0, 4096, (8, 9)).astype(np.uint16)).save(path)
    images = check_images([ImageFile(path, window=(0, 4095), bits=8)])
    (one,) = known_files(images, content_keys(images))
    assert isinstance(one, KnownFile)
    assert (one.window, one.bits) == ((0, 4095), 8)
    assert one.read().dtype == np.uint8
