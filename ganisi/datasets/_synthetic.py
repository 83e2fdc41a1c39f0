"""Synthetic source identification: phantoms, and a generator that has learned from some of them."""

from __future__ import annotations

import numbers

import numpy as np
from sklearn.decomposition import PCA
from sklearn.utils import Bunch, check_random_state

from .._compat._hints import Seed
from ._data_bunch import DataBunch
from ._phantom import draw_chest


def make_source_identification(
    n_used: int = 80,
    n_not_used: int = 80,
    n_generated: int = 500,
    *,
    size: int = 128,
    leakage: float = 0.8,
    slices_per_patient: int = 2,
    scanner_shift: float = 0.0,
    random_state: Seed = None,
) -> Bunch:
    r"""Make phantom CT slices and the images of a generator fitted on some of them.

    Two groups of patients are drawn, a generator is fitted on the slices of the first group, and
    images are sampled from it. Which real images were used is then a fact about the generator, not
    a pattern painted on the images. The Notes say what the generator is and how much it leaks.

    Parameters
    ----------
    n_used : int, default=80
        Number of real images that the generator is fitted on (at ``leakage=0``: that it could have
        been fitted on), at least 2.

    n_not_used : int, default=80
        Number of real images of other patients, which the generator never sees, at least 1.

    n_generated : int, default=500
        Number of images sampled from the generator, at least 1.

    size : int, default=128
        Height and width of the images in pixels, at least 32.

    leakage : float, default=0.8
        How much the generator remembers, from 0 to 1: the correlation between a generated image's
        coefficients and those of the training image it is drawn from. 1 repeats training images
        up to fresh noise, less is a wider kernel. 0 fits the generator on as many images of a
        third group of patients, so that used and not used are exchangeable and no honest method
        can beat chance. The real images do not depend on it.

    slices_per_patient : int, default=2
        Number of slices of each patient. The last patient of a group has fewer where it does not
        divide the number of images.

    scanner_shift : float, default=0.0
        How different the scanner of the used patients is, at least 0: it divides the standard
        deviation of their noise by ``2 ** scanner_shift`` and their contrast by
        ``1 + 0.1 * scanner_shift``. This tells the groups apart without any leak. At ``leakage=0``
        the third group, on which the generator is fitted, comes from the scanner of the used
        patients; so generated images look like used ones although none of these was used.

    random_state : int, RandomState instance or None, default=None
        Determines all random numbers. Pass an int for the same data at every call.

    Returns
    -------
    data : :class:`~sklearn.utils.Bunch`
        Dictionary-like object with the attributes

        real : ndarray of shape (n_used + n_not_used, size, size), uint8
            The real images in random order. Black is 0.
        used : ndarray of shape (n_used + n_not_used,), int
            1 for the images of the group that the generator is fitted on, 0 for the others.
        generated : ndarray of shape (n_generated, size, size), uint8
            The images sampled from the generator.
        groups : ndarray of shape (n_used + n_not_used,), int
            The patient of each real image. No patient has both labels.
        source : ndarray of shape (n_generated,), int
            The row of `real` that each generated image is drawn from; -1 at ``leakage=0``.
        target_names : list of str
            What the values of `used` mean.
        DESCR : str
            What was made, in a paragraph.

    Raises
    ------
    ValueError
        If a parameter is out of its range.
    TypeError
        If a parameter is not a number of its kind.

    Notes
    -----
    *Real images.* Axial slices of the chest: outline, fat and muscle, lungs with a forking vessel
    tree, heart, aorta, airways, bones, table. Anatomy, vessel tree, lung texture and dose belong to
    the patient; the slices of one patient lie at neighbouring heights. Noise has the ramp spectrum
    of filtered back-projection.

    *Generator.* A smoothed bootstrap, that is, sampling from a kernel density estimate [1]_, in the
    coefficients of a principal component analysis [2]_ of the training images. As in shape models,
    pose and appearance are modelled apart: each training image is moved and stretched so that the
    body lies where it lies on average, then the components that explain 99 % of the variance are
    kept. The pose (centre and extent by rows and columns: 4 numbers) and the coefficients of
    training image i form a vector :math:`z_i` with mean :math:`m` and standard deviations
    :math:`s`. A generated image has

    .. math::

        z = m + \frac{z_i - m + h s \varepsilon}{\sqrt{1 + h^2}}, \qquad
        h = \sqrt{1 / \mathrm{leakage}^2 - 1},

    where i is drawn at random, :math:`\varepsilon` is standard normal, and the division keeps the
    variances those of the training images whatever the bandwidth h [1]_. `leakage` is the factor
    :math:`1 / \sqrt{1 + h^2}` of :math:`z_i - m`: h is 0 at 1, 0.75 at 0.8, 1.7 at 0.5, infinite
    at 0. What the components leave of the training images, mostly scanner noise and the finest
    detail, is not remembered: noise with the mean power spectrum of these residuals gives each
    pixel the variance that it lacks, in the same way for every `leakage`.

    *How much it leaks.* ROC AUC of the pixel nearest neighbour, which fits nothing (minus the
    smallest Euclidean distance to a generated image), for ``size=64`` and else the defaults; mean
    and standard error over the seeds 0 to 9, as printed by
    ``python examples/benchmarks/leakage_levels.py``:

    ======= ====== ===== ==============
    leakage h      AUC   standard error
    ======= ====== ===== ==============
    0              0.482 0.025
    0.01    99.99  0.616 0.019
    0.25    3.87   0.633 0.018
    0.5     1.73   0.728 0.017
    0.75    0.88   0.953 0.007
    0.8     0.75   0.982 0.005
    1       0      1.000 0.000
    ======= ====== ===== ==============

    The smallest leak is a step away from none: components estimated from 80 images of 40 patients
    suit these patients a little better than others even where no image is copied. Attacks that
    exploit the linearity of the generator would gain more from that than those that compare
    images. The default, 0.8, is a leak that pixels and local textures show and textures of the
    whole image hardly do: the nearest generated image in the 65 classical maps reaches 0.55 by
    their CDFs over the whole image, 0.88 in a 4 x 4 grid of cells, 0.97 in 8 x 8 (60 used, 60 not
    used, 400 generated, ``size=64``, mean of seeds 0 and 1).

    References
    ----------
    .. [1] B. W. Silverman, "Density Estimation for Statistics and Data Analysis", section 6.4,
       Chapman & Hall, 1986.
    .. [2] I. T. Jolliffe, "Principal Component Analysis", 2nd edition, Springer, 2002.

    Examples
    --------
    >>> from ganisi.datasets._synthetic import make_source_identification
    >>> data = make_source_identification(20, 20, 50, size=64, leakage=1, random_state=0)
    >>> data.real.shape, data.generated.shape
    ((40, 64, 64), (50, 64, 64))

    At ``leakage=1`` a generated image resembles its source more than any other real image:

    >>> import numpy as np
    >>> difference = data.real - data.generated[0].astype(float)
    >>> nearest = np.argmin((difference**2).sum(axis=(1, 2)))
    >>> bool(nearest == data.source[0])
    True
    """
    _check_integer("n_used", n_used, 2)
    _check_integer("n_not_used", n_not_used, 1)
    _check_integer("n_generated", n_generated, 1)
    _check_integer("size", size, 32)
    _check_integer("slices_per_patient", slices_per_patient, 1)
    _check_real("leakage", leakage, 0, 1)
    _check_real("scanner_shift", scanner_shift, 0, np.inf)

    # A stream for each purpose, so that the real images do not depend on the generator's dials.
    seeds = check_random_state(random_state).randint(np.iinfo(np.int32).max, size=5)
    used_rng, not_used_rng, others_rng, generator_rng, order_rng = map(np.random.RandomState, seeds)

    shift = {"noise": 2.0**-scanner_shift, "contrast": 1 / (1 + 0.1 * scanner_shift)}
    used, used_groups = _draw_patients(n_used, slices_per_patient, size, used_rng, **shift)
    not_used, not_used_groups = _draw_patients(n_not_used, slices_per_patient, size, not_used_rng)
    if leakage > 0:
        training = used
    else:
        training, _ = _draw_patients(n_used, slices_per_patient, size, others_rng, **shift)
    generated, source = _generate(training, n_generated, leakage, generator_rng)

    # Neither the order of the images nor the numbers of the patients tell the label.
    order = order_rng.permutation(n_used + n_not_used)
    groups = np.concatenate([used_groups, used_groups[-1] + 1 + not_used_groups])
    return DataBunch(
        real=np.concatenate([used, not_used])[order],
        used=np.repeat([1, 0], [n_used, n_not_used])[order],
        generated=generated,
        groups=order_rng.permutation(groups[-1] + 1)[groups[order]],
        source=np.argsort(order)[source] if leakage > 0 else np.full(n_generated, -1),
        target_names=["not used", "used"],
        DESCR=(
            f"{n_used} used and {n_not_used} not used phantom chest CT slices, "
            f"{slices_per_patient} a patient, and {n_generated} images of a generator (kernel "
            f"density in principal components) fitted on "
            f"{'the used ones' if leakage > 0 else 'neither but on other patients'}; "
            f"{size}x{size}, 8 bit. leakage={leakage}, scanner_shift={scanner_shift}."
        ),
    )


def _draw_patients(n_images, slices_per_patient, size, rng, **scanner):
    """Images, and the patient of each, counted from 0."""
    groups = np.arange(n_images) // slices_per_patient
    images = [draw_chest(n, size, rng, **scanner) for n in np.bincount(groups)]
    return np.concatenate(images), groups


def _generate(training, n_generated, leakage, rng, block=256):
    """Fit the generator, sample from it: the images, and the training image each is drawn from."""
    images = training.astype(np.float32)
    poses = _find_poses(images)
    mean_pose = poses.mean(axis=0, keepdims=True)
    upright = _warp(images, poses, mean_pose).reshape(len(images), -1)
    pca = PCA(n_components=0.99, svd_solver="full").fit(upright)
    codes = pca.transform(upright)

    def decode(codes, new_poses):
        upright = pca.inverse_transform(codes).reshape(-1, *images.shape[1:])
        return _warp(upright, mean_pose, new_poses)

    # What the components cannot tell is noise to the generator: it gives each pixel the variance
    # that it lacks, with the power spectrum of the residuals.
    decoded = decode(codes, poses)
    residuals = images - decoded
    spread = np.sqrt(np.maximum(images.var(axis=0) - decoded.var(axis=0), 0))
    white = residuals / (residuals.std(axis=0) + 1e-6)
    gain = np.sqrt(np.mean(np.abs(np.fft.rfft2(white)) ** 2, axis=0) / spread.size)

    source = rng.randint(len(images), size=n_generated)
    new_codes = _smooth(codes, source, leakage, rng)
    new_poses = _smooth(poses, source, leakage, rng)
    generated = np.empty((n_generated, *spread.shape), np.uint8)
    for start in range(0, n_generated, block):
        rows = slice(start, start + block)
        drawn = decode(new_codes[rows], new_poses[rows])
        noise = np.fft.irfft2(gain * np.fft.rfft2(rng.standard_normal(drawn.shape)), s=spread.shape)
        generated[rows] = np.clip(np.rint(drawn + spread * noise), 0, 255)
    return generated, source


def _smooth(rows, source, leakage, rng):
    """The smoothed bootstrap that keeps mean and variance of each column."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    fresh = spread * rng.standard_normal((len(source), rows.shape[1]))
    drawn = mean + leakage * (rows[source] - mean) + np.sqrt(1 - leakage**2) * fresh
    return drawn.astype(np.float32)


def _find_poses(images):
    """Where the body is: its centre, and the logarithm of its extent, by rows and by columns.

    Logarithms, so that no drawn extent is negative. In pixels, shape (n_images, 4).
    """
    body = images > 110
    at = np.arange(images.shape[1])
    columns = []
    for other in (2, 1):
        share = body.sum(axis=other) / body.sum(axis=(1, 2))[:, None]
        centre = share @ at
        columns += [centre, 0.5 * np.log(share @ at**2 - centre**2)]
    return np.stack(columns, axis=1)


def _warp(images, poses, new_poses):
    """Move and stretch images from one pose to another."""
    at = np.arange(images.shape[1])
    matrices = []
    for k in (0, 2):
        centre, extent = poses[:, [k]], np.exp(poses[:, [k + 1]])
        new_centre, new_extent = new_poses[:, [k]], np.exp(new_poses[:, [k + 1]])
        matrices.append(_resampling(centre + (at - new_centre) * extent / new_extent, len(at)))
    rows, columns = matrices
    return rows @ images @ columns.transpose(0, 2, 1)


def _resampling(origins, size):
    """Matrices that read a line of pixels at real-valued origins, by Keys' cubic interpolation.

    Beyond the border the last pixel is repeated. Shape (n_images, size, size), float32.
    """
    matrices = np.zeros((*origins.shape, size), np.float32)
    origins = np.clip(origins, 0, size - 1)
    first = np.floor(origins).astype(int)
    t = origins - first
    weights = (
        ((2 - t) * t - 1) * t / 2,
        ((3 * t - 5) * t**2 + 2) / 2,
        ((4 - 3 * t) * t + 1) * t / 2,
        (t - 1) * t**2 / 2,
    )
    images, lines = np.ogrid[: origins.shape[0], : origins.shape[1]]
    for tap, weight in enumerate(weights, -1):
        matrices[images, lines, np.clip(first + tap, 0, size - 1)] += weight
    return matrices


def _check_integer(name, value, low):
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} must be an integer of at least {low}, got {value!r}.")
    if value < low:
        raise ValueError(f"{name} must be at least {low}, got {value!r}.")


def _check_real(name, value, low, high):
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} must be a number from {low} to {high}, got {value!r}.")
    if not (low <= value <= high and np.isfinite(value)):
        raise ValueError(f"{name} must be a finite number from {low} to {high}, got {value!r}.")
