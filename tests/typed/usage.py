"""What users write, with the types they see: checkers read it, and nobody runs it.

In functions, so that importing it computes nothing.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ganisi import (
    GANISI,
    GaborBank,
    ImageFile,
    ImagePairer,
    Intensity,
    ProfileIdentifier,
    SourceIdentifier,
    Views,
    recommended,
)
from ganisi.audit import (
    AuditReport,
    CrossFit,
    Release,
    ReleaseList,
    auc_interval,
    audit,
    best_of,
    copy_list,
    permutation_test,
    query_decisions,
    release,
    release_list,
)
from ganisi.baselines import NearestGenerated, pixels
from ganisi.datasets import ImageFolder, load_groups, load_image_folder, read_run, write_run
from ganisi.descriptors import MapInfo, TextureDescriptor, cell_quantiles
from ganisi.descriptors.filters import gabor_magnitude, gabor_wavelengths
from ganisi.distances import Pairer, PairerUnion, SSIMPairer, wasserstein_distances
from ganisi.identification import fuse
from ganisi.metrics import ppv_at_prevalence, rate_intervals, table_one, wilson_interval
from ganisi.model import Evidence
from ganisi.plotting import EvidenceDisplay, RocDisplay
from ganisi.testing import check_descriptor

if TYPE_CHECKING:
    from typing_extensions import assert_type


def files(folder: Path) -> tuple[list[str] | list[ImageFile], NDArray[np.str_]]:
    real = load_image_folder(folder, recursive=True, window=(-150, 250), patient=1)
    assert_type(real, ImageFolder)
    assert_type(real.names, list[str])
    # None where the table has nobody, which is asked for.
    assert_type(load_groups(folder / "who.csv", real.images), NDArray[np.str_])
    assert_type(
        load_groups(folder / "who.csv", real.images, optional=True), NDArray[np.str_] | None
    )
    slice_of_volume = ImageFile(folder / "scan.nii", axis="axial", index=3)
    assert_type(slice_of_volume.read(), NDArray[Any])
    ids, labels = read_run(folder / "run.csv")
    write_run(folder / "again.csv", ids, dict.fromkeys(ids, 1))
    write_run(folder / "again.csv", ids, labels)
    return real.images, load_groups(folder / "who.csv", real.images)


def model(real: NDArray[np.uint8], used: NDArray[np.bool_], made: NDArray[np.uint8]) -> Evidence:
    fitted = recommended(n_jobs=2, memory=Path("rows")).fit(real, used, generated=made)
    assert_type(fitted, GANISI)
    assert_type(fitted.predict_proba(real), NDArray[np.float64])
    assert_type(fitted.predict_proba_interval(real, confidence=0.9), NDArray[np.float64])
    assert_type(fitted.evidence(real).map_names, list[str])
    # Lists of arrays, of names and of files; several sets of generated images; labels as a list.
    paths = [Path("a.png"), Path("b.png")]
    GANISI(views="mirrors").fit(list(real), used.tolist(), generated=(made, list(made)))
    GANISI(views=Views(shifts=[(0, 1)], zooms=[1.1], turns="square")).fit(
        paths, [1, 0], generated=["c.png", "d.png"], groups=["P1", "P2"]
    )
    GANISI().fit([ImageFile(path) for path in paths], [1, 0], generated=paths).predict(paths)
    rows = ImagePairer(Intensity(grid=4)).fit_transform(real, generated=made)
    assert_type(rows, NDArray[np.float32])
    return fitted.evidence(real[:1], n_nearest=3)


def stages(real: NDArray[np.uint8], made: NDArray[np.uint8], used: NDArray[np.bool_]) -> None:
    descriptor = GaborBank(wavelengths=[4, 8], orientations=np.arange(4) * 45.0, grid=2)
    assert_type(descriptor.fit(real), GaborBank)
    assert_type(descriptor.transform(real), NDArray[np.float32])
    assert_type(descriptor.feature_maps(Path("scan.png")), NDArray[np.float32])
    assert_type(descriptor.map_info_, list[MapInfo])
    pairer = PairerUnion([("textures", SSIMPairer(grid=8)), ("again", SSIMPairer())])
    distances = pairer.fit_transform(descriptor.transform(real), generated=made.reshape(9, -1))
    for identifier in (
        SourceIdentifier(fusion=("top-k", 3), random_state=0),
        SourceIdentifier(fusion=lambda p: p.max(axis=1)),
        ProfileIdentifier(ranks=[(1, 5), (1,)], pool_maps=[slice(0, 3), slice(3, 4)], rivals=2.0),
        NearestGenerated(k=2),
    ):
        identifier.fit(distances, used, groups=None)
    assert_type(NearestGenerated().fit(distances, used), NearestGenerated)
    assert_type(pixels(grid=8), GANISI)
    maps = gabor_magnitude(real[0], gabor_wavelengths(real[0].shape))
    rows = cell_quantiles(maps, 4).reshape(1, -1)
    assert_type(wasserstein_distances(rows, rows, n_maps=len(maps)), NDArray[np.float32])
    assert_type(fuse([[0.1, 0.9]], "median"), NDArray[np.float64])
    check_descriptor(descriptor)


def evidence(real: NDArray[np.uint8], used: list[int], made: list[NDArray[np.uint8]]) -> str:
    report = audit(
        recommended(),
        real,
        used,
        generated=(made,),
        max_auc=0.75,
        required_kinds=["exact"],
        baselines={"nearest": NearestGenerated(k=3), "pixels": pixels()},
        design="randomised",
        random_state=np.random.RandomState(0),
    )
    assert_type(report, AuditReport)
    assert_type(report.best.p_value, float)
    assert_type(AuditReport.from_json(report.to_json(Path("report.json"))), AuditReport)
    fit = CrossFit.from_images(recommended(), real, used, generated=made, cv=3)
    result = permutation_test(fit, n_permutations=19)
    name, p_value, null = best_of({"attack": result})
    assert_type(p_value, float)
    assert_type(auc_interval(fit, result), tuple[float, float])
    decisions = query_decisions(fit, np.zeros((2, 4)), keys=["a", "b"])
    RocDisplay.from_report(report).plot(scale="log")
    return f"{name} {null.max():.2f} {decisions.fdr:.2f} {report.to_html()}"


def publishing(real: list[Path], used: list[int], made: list[Path]) -> None:
    listed = release_list(recommended(), real, used, generated=made, method="by")
    assert_type(listed, ReleaseList)
    done = release(recommended(), real, used, generated=made, rounds=2, max_auc=0.7)
    assert_type(done, Release)
    assert_type(done.may_go, NDArray[np.bool_])
    assert_type(done.lists[0].names, tuple[str, ...])
    copy_list(real, generated=made, names=[one.name for one in made]).to_csv(Path("copies.csv"))
    fitted = recommended().fit(real, used, generated=made)
    EvidenceDisplay.from_estimator(fitted, real[0], made).plot(cmap="gray")


def figures(used: list[int], probability: NDArray[np.float64]) -> float:
    assert_type(table_one(used, probability), dict[str, float])
    assert_type(rate_intervals(used, probability)["recall"], tuple[float, float])
    low, _ = wilson_interval(3, 5)
    assert_type(ppv_at_prevalence(0.9, 0.8, 0.1), float)
    return low + ppv_at_prevalence(0.9, 0.8, prevalence=0.1)


class Brightness(TextureDescriptor):
    """A descriptor of somebody who writes hints."""

    def __init__(
        self,
        n_quantiles: int | None = 64,
        grid: int | None = 1,
        n_jobs: int | None = None,
        memory: str | None = None,
    ) -> None:
        self.n_quantiles, self.grid, self.n_jobs, self.memory = n_quantiles, grid, n_jobs, memory

    @property
    def map_info_(self) -> list[MapInfo]:
        return [MapInfo("brightness", "brightness", "grey levels")]

    def _maps(self, image: NDArray[Any]) -> NDArray[Any]:
        return image[None]


class Largest(Pairer):
    """A pairer of the same."""

    def __init__(self, relative: bool = False, n_views: int = 1, n_jobs: int | None = None) -> None:
        self.relative, self.n_views, self.n_jobs = relative, n_views, n_jobs

    def _count_maps(self, n_features: int) -> int:
        return 1

    def _compare(self, queries: np.ndarray, generated: np.ndarray, distances: np.ndarray) -> None:
        distances[:, :, 0] = np.abs(queries[:, None] - generated).max(axis=2)


def wrong(real: NDArray[np.uint8], used: list[int]) -> None:
    """Each line is a mistake; mypy says of a comment that hides none that it is of no use."""
    recommended(grid="32")  # type: ignore[arg-type]
    GANISI(views="mirror")  # type: ignore[arg-type]
    GANISI().fit(real, used, generate=real)  # type: ignore[call-arg]
    GANISI().fit(3.5j, used, generated={1: 2})  # type: ignore[arg-type]
    audit(recommended(), real, used)  # type: ignore[call-arg]
    audit(recommended(), real, used, generated=real, design="random")  # type: ignore[arg-type]
    load_image_folder(3)  # type: ignore[arg-type]
    wilson_interval("3", 5)  # type: ignore[arg-type]
    AuditReport.from_json(b"{}").verdict.upper().nonsense()  # type: ignore[arg-type, attr-defined]
