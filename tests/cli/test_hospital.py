"""From a hospital's tree of DICOM and synthetic pictures to a report, by the command line."""

import json
import shutil

import numpy as np
import pytest
from dicom_files import write_dicom
from PIL import Image

from ganisi import GANISI, Intensity
from ganisi.baselines import NearestGenerated
from ganisi.cli import _attack, main
from ganisi.datasets import make_source_identification

N_PATIENTS = 3


@pytest.fixture
def tree(tmp_path, pydicom):
    """Patients, studies and series a side, what lies beside them, and 8-bit synthetic images."""
    from pydicom.data import get_testdata_file

    data = make_source_identification(
        4 * N_PATIENTS, 4 * N_PATIENTS, 40, size=32, leakage=1.0, slices_per_patient=4,
        random_state=0,
    )  # fmt: skip
    for side, used in (("used", 1), ("not_used", 0)):
        of_side = np.flatnonzero(data.used == used)
        for i, group in enumerate(np.unique(data.groups[of_side])):
            patient = tmp_path / side / f"Doe {i}"
            rows = of_side[data.groups[of_side] == group]
            for series, rows_of_series in enumerate((rows[:2], rows[2:])):
                folder = patient / "study" / f"series {series}"
                folder.mkdir(parents=True)
                for row in rows_of_series:
                    # Hounsfield units of the lung window, of 12 bits.
                    write_dicom(
                        folder / f"IM{row:04d}",
                        np.rint(data.real[row] / 255 * 1500).astype(np.uint16),
                        Modality="CT",
                        PatientID=f"MRN-{side}-{i}",
                        RescaleSlope=1,
                        RescaleIntercept=-1350,
                        SeriesInstanceUID=f"1.2.{i}.{series}",
                    )
                Image.fromarray(data.real[row][::4, ::4]).save(folder / "thumb.jpg")
            (patient / "study" / "report.txt").write_text("of the radiologist")
        for sample, name in (("DICOMDIR", "DICOMDIR"), ("test-SR.dcm", "SR0001")):
            sample = get_testdata_file(sample, download=False)
            shutil.copy(sample, tmp_path / side / name)
    (tmp_path / "synthetic").mkdir()
    for i, image in enumerate(data.generated):
        Image.fromarray(image).save(tmp_path / "synthetic" / f"{i:03d}.png")
    return tmp_path


@pytest.mark.filterwarnings("ignore::UserWarning:pydicom")
def test_a_tree_of_dicom_and_synthetic_pictures_becomes_a_report(tree, monkeypatch, capsys):
    pixels = GANISI(Intensity(grid=16, n_quantiles=1), identifier=NearestGenerated())
    monkeypatch.setattr(_attack, "recommended", lambda **_: pixels)
    monkeypatch.setattr("ganisi.identification.baselines.__all__", [])
    folders = [str(tree / name) for name in ("synthetic", "used", "not_used")]
    options = ["--recursive", "--patient", "PatientID", "--window", "lung", "--bits", "8"]
    json_file = tree / "report.json"
    status = main(["audit", *folders, *options, "--n-permutations", "19", "--json", str(json_file)])
    said = capsys.readouterr()
    assert status in (0, 1, 2), said.err
    n_series = 2 * N_PATIENTS
    for side in ("used", "not_used"):
        assert (
            f"{tree / side}: {2 * n_series} images; left alone: "
            "1 x DICOM: Comprehensive SR Storage, 1 x DICOM: Media Storage Directory Storage, "
            f"{n_series} x a thumbnail, by its name, {N_PATIENTS} x no image (.txt).\n"
        ) in said.err
    report = json.loads(json_file.read_text("utf-8"))
    assert report["counts"]["patients"] == 2 * N_PATIENTS
    of_used = report["provenance"]["run"]["inputs"][1]["left_alone"]
    assert sum(one["entries"] for one in of_used) == 2 + n_series + N_PATIENTS
    assert "1 x DICOM: Comprehensive SR Storage" in " ".join(said.out.split())
    assert {row["depth"] for row in report["provenance"]["run"]["inputs"]} == {"uint8"}
    assert report["attack"]["scores"]["roc_auc"] > 0.7
    assert "MRN" not in json_file.read_text("utf-8") + said.out + said.err
