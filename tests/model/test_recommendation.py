import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from ganisi import GANISI, Intensity, recommended
from ganisi.audit import CrossFit, permutation_test
from ganisi.baselines import NearestGenerated
from ganisi.datasets import make_source_identification
from ganisi.images._checks import check_images
from ganisi.model._describing import described


def cross_fit(model, data, **changes):
    descriptor, pairer, identifier = model.stages()
    real = described(descriptor.fit(data.real), data.real, views=model.views)
    generated = (descriptor.transform(data.generated),)
    return CrossFit(
        pairer, identifier, real, data.used, generated=generated, groups=data.groups, **changes
    )


@pytest.fixture(scope="module")
def strong():
    return make_source_identification(40, 40, 100, size=64, leakage=0.8, random_state=1)


def test_a_leak_is_found_out_of_fold_and_by_patient(strong):
    result = permutation_test(cross_fit(recommended(), strong), n_permutations=19, random_state=0)
    assert result.roc_auc > 0.9
    assert result.p_value == 0.05


def test_it_does_no_worse_than_the_pixel_attack(strong):
    pixels = GANISI(Intensity(grid=64, n_quantiles=1), identifier=NearestGenerated())
    fits = [cross_fit(model, strong) for model in (recommended(), pixels)]
    ours, theirs = (fit.roc_auc(fit.out_of_fold()) for fit in fits)
    assert ours >= theirs - 0.02


def test_without_a_leak_it_is_at_chance_and_its_probabilities_stay_near_the_prevalence():
    aucs, distances = [], []
    for seed in range(12):
        data = make_source_identification(
            20, 20, 40, size=32, leakage=0, slices_per_patient=1, random_state=seed
        )
        fit = cross_fit(recommended(grid=16), data)
        probability = fit.out_of_fold()
        aucs.append(fit.roc_auc(probability))
        distances.append(abs(probability - 0.5).mean())
    assert abs(np.mean(aucs) - 0.5) < 3 * np.std(aucs) / np.sqrt(len(aucs))
    assert np.mean(distances) < 0.1


def test_new_queries_of_new_patients_are_identified(strong):
    patients = np.unique(strong.groups)
    fitted = np.isin(strong.groups, patients[: len(patients) * 3 // 4])
    model = recommended().fit(
        strong.real[fitted],
        strong.used[fitted],
        generated=(strong.generated,),
        groups=strong.groups[fitted],
    )
    probability = model.predict_proba(strong.real[~fitted])[:, 1]
    assert roc_auc_score(strong.used[~fitted], probability) > 0.9


def test_a_real_diffusion_model_is_seen_to_remember(real_data_dir):
    """160 real CT slices by patient, 460 images of a model trained on half of them."""
    folder = real_data_dir / "ddpm-ct"
    table = [line.split(",") for line in (folder / "groups.csv").read_text().split()]
    table = [row for row in table if row[0] in ("real_used", "real_not_used")]
    used = np.array([name == "real_used" for name, _, _ in table])
    model = recommended()
    descriptor, pairer, identifier = model.stages()
    images = check_images([folder / name / file for name, file, _ in table])
    real = described(descriptor.fit(images), images, views=model.views)
    generated = descriptor.transform(sorted((folder / "generated").glob("*.png")))
    groups = [group for _, _, group in table]
    fit = CrossFit(pairer, identifier, real, used, generated=generated, groups=groups)
    assert fit.roc_auc(fit.out_of_fold()) > 0.9
