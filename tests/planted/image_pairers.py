"""Mistakes that could be made in the pairers of images."""

from planted._mistake import Mistake

CORRELATION = "ganisi/distances/_correlation.py"
SSIM = "ganisi/distances/_ssim.py"
ROWS = "ganisi/distances/_rows_as_images.py"
PURE = "tests/distances/test_correlation.py"
PAIRERS = "tests/distances/test_image_pairers.py"
EYES = "tests/model/test_other_eyes.py"

IN_IMAGE_PAIRERS = [
    Mistake(
        "a generated image normalised over the query's part of the overlap",
        CORRELATION,
        "_Prepared.of(images, -lags, amplitudes)",
        "_Prepared.of(images, lags, amplitudes)",
        PURE,
    ),
    Mistake(
        "shifts that wrap around",
        CORRELATION,
        "[fft.next_fast_len(side + lags.max(), real=True) for side in images.shape[1:]]",
        "[fft.next_fast_len(side, real=True) for side in images.shape[1:]]",
        PURE,
    ),
    Mistake(
        "no half turn among the mirror images",
        CORRELATION,
        "list(product((1, -1), repeat=2))",
        "list(product((1, -1), repeat=2))[:3]",
        PURE,
    ),
    Mistake(
        "faint overlaps count",
        CORRELATION,
        "_FLAT = 1e-3",
        "_FLAT = 1e-12",
        PURE,
    ),
    Mistake(
        "amplitudes summed set by set",
        CORRELATION,
        "amplitudes = np.sqrt(power / sum(map(len, sets)))",
        "amplitudes = np.mean([np.sqrt(power / len(images)) for images in sets], axis=0)",
        PURE,
    ),
    Mistake(
        "whitening left out of the pairer",
        "ganisi/distances/_correlation_pairer.py",
        "mean_amplitudes(sets) if self.whiten else None",
        "None",
        PAIRERS,
    ),
    Mistake(
        "whitened by the first set alone",
        "ganisi/distances/_correlation_pairer.py",
        "mean_amplitudes(sets) if self.whiten else None",
        "mean_amplitudes(sets[:1]) if self.whiten else None",
        PAIRERS,
    ),
    Mistake(
        "columns for rows",
        ROWS,
        "return rows.reshape(len(rows), self.grid, self.grid)",
        "return rows.reshape(len(rows), self.grid, self.grid).transpose(0, 2, 1)",
        PAIRERS,
    ),
    Mistake(
        "quantiles read as cells",
        ROWS,
        "    n_quantiles = 1\n",
        "",
        EYES,
    ),
    Mistake(
        "settings of an eye checked only after all images are described",
        "ganisi/model/_matching.py",
        "        pairer.check_settings()\n",
        "        pass\n",
        EYES,
    ),
    Mistake(
        "squares of grey levels far from zero",
        SSIM,
        "images.mean(axis=(1, 2), dtype=np.float64, keepdims=True)",
        "np.zeros((len(images), 1, 1))",
        "tests/distances/test_ssim.py",
    ),
    Mistake(
        "the covariance of a window for that of a sample",
        SSIM,
        "similarity *= np.float32(2 * _SAMPLE)",
        "similarity *= np.float32(2)",
        "tests/distances/test_ssim.py",
    ),
    Mistake(
        "a range of the first set alone",
        "ganisi/distances/_ssim_pairer.py",
        "max(np.float32(images.max()) for images in sets)",
        "np.float32(sets[0].max())",
        PAIRERS,
    ),
]
