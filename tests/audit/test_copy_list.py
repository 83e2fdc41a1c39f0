"""Near copies where no image is known not to be used: a list, and never a clearance."""

import csv

import numpy as np
import pytest

from ganisi import GANISI, Intensity
from ganisi.audit import copy_list, release_list
from ganisi.datasets import make_source_identification


@pytest.fixture(scope="module")
def data():
    return make_source_identification(24, 24, 30, size=48, leakage=0, random_state=0)


def listed(data, *published, **options):
    used = data.used == 1
    shown = np.concatenate([data.generated, *(image[None] for image in published)])
    return copy_list(
        data.real[used], generated=(shown,), groups=data.groups[used], **options
    )  # fmt: skip


def test_copies_and_near_copies_are_named_and_nothing_is_cleared(data):
    real = data.real[data.used == 1]
    blank = np.zeros_like(real[0])
    found = listed(data, real[3], real[5][:, ::-1] // 2 + 40, blank)
    assert set(found.decision[:30]) == {"not cleared"}
    assert found.reason.tolist()[30:] == ["copy", "near copy", ""]
    assert found.decision.tolist()[30:] == ["withhold", "withhold", "not cleared"]
    assert found.nearest.tolist()[30:] == [3, 5, -1]
    assert found.view.tolist()[30:] == ["as it is", "mirrored", ""]
    assert found.distance[30] == 0
    assert found.distance[31] < 0.5
    assert np.isnan(found.distance[32])


def test_distances_are_in_units_of_the_nearest_two_patients(data):
    real = data.real[data.used == 1]
    # A real image of a patient who is left out is as far from others as patients are.
    found = copy_list(real[:-1], generated=(real[-1:],), groups=None)
    assert found.distance[0] >= 1
    assert 0 < found.as_near[0] <= 1
    again = copy_list(real, generated=(np.concatenate([real[1:2] // 2, real[2:3]]),))
    assert again.as_near[0] == 0
    within = copy_list(real, generated=(real[:2] // 2,), groups=np.zeros(len(real), int))
    assert np.isnan(within.distance).all()


def test_slices_of_one_patient_set_no_unit(data):
    real = data.real[data.used == 1].astype(float) / 255
    rng = np.random.default_rng(0)
    twice = np.concatenate([real, np.clip(real + 0.005 * rng.normal(size=real.shape), 0, 1)])
    shown = np.clip(real[:1] + 0.005 * rng.normal(size=real[:1].shape), 0, 1)
    patients = np.tile(np.arange(len(real)), 2)
    assert copy_list(twice, generated=(shown,), groups=patients).reason[0] == "near copy"
    assert copy_list(twice, generated=(shown,)).reason[0] == ""


def test_the_table_leaves_empty_what_was_not_judged(data, tmp_path):
    found = listed(data, np.zeros_like(data.real[0]), names=[f"g{i}" for i in range(31)])
    found.to_csv(tmp_path / "list.csv")
    with open(tmp_path / "list.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[30] == {
        "generated": "g30", "nearest": "", "view": "", "distance": "", "as_near": "",
        "reason": "", "decision": "not cleared",
    }  # fmt: skip
    assert rows[0]["nearest"] == f"X[{found.nearest[0]}]"


def test_a_release_list_withholds_near_copies_of_anybody_without_statistics(data):
    i, j = (np.flatnonzero(data.used == label)[4] for label in (1, 0))
    copies = [np.rot90(data.real[i], 3), data.real[j][:, ::-1] // 2 + 40, data.real[j]]
    shown = np.concatenate([data.generated, copies])
    found = release_list(
        GANISI(Intensity(grid=8, n_quantiles=1)), data.real, data.used, generated=(shown,),
        groups=data.groups, fdr=0.2, random_state=0,
    )  # fmt: skip
    assert found.reason.tolist()[30:] == ["near copy", "near copy", "copy"]
    assert found.nearest.tolist()[30:] == [i, j, j]
    assert found.nearest_used.tolist()[30:] == [True, False, False]
    assert found.view.tolist()[30:] == ["turned by 90 degrees", "mirrored", "as it is"]
    assert set(found.decision[30:]) == {"withhold"}
