import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy.signal import fftconvolve
from skimage.filters import gabor_kernel

from ganisi._compat._numba import compiled
from ganisi.descriptors.filters import gabor_magnitude, gabor_wavelengths


def literal_magnitude(image, wavelength, angle, bandwidth=1.0, aspect_ratio=0.5):
    """Pad the image on all sides, multiply the spectrum by the filter, transform back."""
    octaves = 2.0**bandwidth
    sigma_x = wavelength / np.pi * np.sqrt(np.log(2) / 2) * (octaves + 1) / (octaves - 1)
    sigma_y = sigma_x / aspect_ratio
    pad = int(np.ceil(7 * max(sigma_x, sigma_y)))
    assert pad < 1000, "an oracle that takes gigabytes; ask it of a wider or a shorter filter"
    padded = np.pad(image.astype(float), pad, mode="edge")
    v, u = np.meshgrid(*map(np.fft.fftfreq, padded.shape), indexing="ij")
    t = np.deg2rad(angle)
    along, across = u * np.cos(t) - v * np.sin(t), u * np.sin(t) + v * np.cos(t)
    transfer = np.exp(
        -((along - 1 / wavelength) ** 2 * (2 * np.pi * sigma_x) ** 2) / 2
        - across**2 * (2 * np.pi * sigma_y) ** 2 / 2
    )
    return abs(np.fft.ifft2(np.fft.fft2(padded) * transfer))[pad:-pad, pad:-pad]


@pytest.fixture
def noise():
    return np.random.default_rng(0).integers(256, size=(40, 53), dtype=np.uint8)


def assert_close(actual, expected, tolerance=1e-5):
    __tracebackhide__ = True
    np.testing.assert_allclose(actual, expected, rtol=0, atol=tolerance * np.max(expected))


@pytest.mark.parametrize(
    ("shape", "octaves"), [((256, 256), 6), ((128, 300), 5), ((96, 96), 5), ((6, 100), 1)]
)
def test_wavelengths_go_in_octaves_to_half_the_shorter_side(shape, octaves):
    wavelengths = gabor_wavelengths(shape)
    np.testing.assert_allclose(wavelengths, 4 / np.sqrt(2) * 2.0 ** np.arange(octaves))
    assert wavelengths[-1] <= min(shape) / 2 < 2 * wavelengths[-1]


def test_an_image_too_small_for_the_shortest_wavelength_asks_for_wavelengths():
    with pytest.raises(ValueError, match="give the wavelengths explicitly"):
        gabor_wavelengths((5, 100))


def test_magnitudes_agree_with_matlab_s_definition(golden_dir):
    # The file's filters peak at 1 as ours do, so the maps are compared as they are.
    with np.load(golden_dir / "gabor.npz") as golden:
        image, wavelengths, expected = (
            golden[name] for name in ("image", "wavelengths", "magnitude")
        )
        orientations = golden["orientations"]
    maps = gabor_magnitude(image, wavelengths, orientations).reshape(expected.shape)
    error = abs(maps - expected).max(axis=(2, 3)) / expected.max(axis=(2, 3))
    # Below 3 pixels the filter is cut at Nyquist, and rings as far as the padding goes.
    assert (error[wavelengths < 3] <= 1e-2).all()
    assert (error[wavelengths > 3] <= 1e-5).all()


@settings(deadline=None)
@given(
    arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=24)),
    st.floats(6, 40),
    st.floats(-180, 180),
)
def test_magnitudes_of_any_shape_are_those_of_the_padded_transform(image, wavelength, angle):
    actual = gabor_magnitude(image, [wavelength], [angle])[0]
    expected = literal_magnitude(image, wavelength, angle)
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-3)


@pytest.mark.parametrize(("bandwidth", "aspect_ratio"), [(0.5, 0.5), (1.5, 1.0), (1.0, 2.0)])
def test_bandwidth_and_aspect_ratio_shape_the_filter(noise, bandwidth, aspect_ratio):
    maps = gabor_magnitude(noise, [12], [0, 60], bandwidth, aspect_ratio)
    for actual, angle in zip(maps, [0, 60], strict=True):
        expected = literal_magnitude(noise, 12, angle, bandwidth, aspect_ratio)
        assert_close(actual, expected)


@pytest.mark.parametrize("wavelength", [6, 11.3])
@pytest.mark.parametrize("angle", [0, 30, 45, 90, 135])
def test_magnitudes_are_a_convolution_with_scikit_image_s_kernel(noise, wavelength, angle):
    sigma = 3 * np.sqrt(np.log(2) / 2) / np.pi * wavelength
    kernel = gabor_kernel(
        1 / wavelength, theta=-np.deg2rad(angle), sigma_x=sigma, sigma_y=2 * sigma, n_stds=7
    )
    padding = [(n // 2, n // 2) for n in kernel.shape]
    padded = np.pad(noise.astype(float), padding, mode="edge")
    expected = abs(fftconvolve(padded, kernel, mode="valid"))
    assert_close(gabor_magnitude(noise, [wavelength], [angle])[0], expected, 1e-3)


@pytest.mark.parametrize("wavelength", [4, 8, 16])
@pytest.mark.parametrize("angle", [0, 45, 90, 135])
def test_a_grating_excites_its_own_wavelength_and_orientation_most(wavelength, angle):
    down, right = np.mgrid[:128, :128]
    t = np.deg2rad(angle)
    grating = np.cos(2 * np.pi * (right * np.cos(t) - down * np.sin(t)) / wavelength)
    response = gabor_magnitude(grating, [4, 8, 16])[:, 60:68, 60:68].mean(axis=(1, 2))
    assert response.argmax() == [4, 8, 16].index(wavelength) * 4 + angle // 45
    # Half of a real wave is the complex one that the filter lets pass.
    assert response.max() == pytest.approx(0.5, rel=0.02)


def test_the_edge_is_repeated(noise):
    padded = np.pad(noise, 30, mode="edge")
    wider = gabor_magnitude(padded, [6, 12, 24])[:, 30:-30, 30:-30]
    assert_close(gabor_magnitude(noise, [6, 12, 24]), wider)


@settings(deadline=None)  # the first call compiles
@given(
    arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=12)),
    st.floats(2, 40),
    st.floats(-180, 180),
)
def test_fast_and_plain_paths_agree(image, wavelength, angle):
    results = []
    # Without numba the loops run all the same, as slow as Python.
    for loops in (lambda function: compiled(function) or function, lambda function: None):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("ganisi.descriptors.filters._gabor_plan.compiled", loops)
            results.append(gabor_magnitude(image, [wavelength], [angle]))
    np.testing.assert_allclose(*results, rtol=1e-5, atol=1e-5)


def test_a_constant_image_answers_with_the_little_that_passes_at_frequency_zero():
    maps = gabor_magnitude(np.full((30, 20), 200.0), [4, 8, 32])
    # exp(-(2 pi sigma_x / wavelength)^2 / 2), whatever the wavelength and orientation.
    np.testing.assert_allclose(maps, 200 * np.exp(-9 * np.log(2)), rtol=1e-5)


def test_a_texture_on_a_high_plateau_keeps_its_digits(noise):
    image = noise + 1e6
    for actual, angle in zip(gabor_magnitude(image, [8]), [0, 45, 90, 135], strict=True):
        assert_close(actual, literal_magnitude(image, 8, angle))


def test_contrast_scales_the_magnitudes(noise):
    assert_close(gabor_magnitude(-3.5 * noise, [4, 8]), 3.5 * gabor_magnitude(noise, [4, 8]))


def test_a_quarter_turn_permutes_the_orientations(noise):
    before = gabor_magnitude(noise, [3, 8]).reshape(2, 4, *noise.shape)
    after = gabor_magnitude(np.rot90(noise), [3, 8]).reshape(2, 4, *noise.shape[::-1])
    assert_close(after, np.rot90(before[:, [2, 3, 0, 1]], axes=(2, 3)))


def test_transposing_the_image_mirrors_the_orientations(noise):
    before = gabor_magnitude(noise, [3, 8]).reshape(2, 4, *noise.shape)
    after = gabor_magnitude(noise.T, [3, 8]).reshape(2, 4, *noise.shape[::-1])
    assert_close(after, before[:, [2, 1, 0, 3]].transpose(0, 1, 3, 2))


def test_a_part_of_the_bank_gives_the_same_maps(noise):
    bank = gabor_magnitude(noise, [4, 8, 16])
    np.testing.assert_array_equal(gabor_magnitude(noise, [8]), bank[4:8])
    reordered = gabor_magnitude(noise, [16, 4])
    np.testing.assert_array_equal(reordered, np.concatenate([bank[8:], bank[:4]]))


def test_the_caller_may_write_on_the_maps(noise):
    first = gabor_magnitude(noise, [4])
    expected = first.copy()
    first[:] = 0
    np.testing.assert_array_equal(gabor_magnitude(noise, [4]), expected)


@pytest.mark.parametrize("wavelength", [1.9, 0, -4])
def test_a_wavelength_beyond_nyquist_is_refused(noise, wavelength):
    with pytest.raises(ValueError, match="wavelengths must be 2 pixels or more"):
        gabor_magnitude(noise, [8, wavelength])


@pytest.mark.parametrize("bandwidth", [-1, 0, 1e-20, 0.09, 10.1, 2000.0, np.nan, np.inf])
def test_a_bandwidth_that_no_filter_has_is_refused(noise, bandwidth):
    with pytest.raises(ValueError, match=r"bandwidth must be 0\.1 to 10 octaves, got "):
        gabor_magnitude(noise, [8], bandwidth=bandwidth)


@pytest.mark.parametrize("bandwidth", [0.1, 10])
def test_the_narrowest_and_the_widest_bandwidth_are_accepted(noise, bandwidth):
    maps = gabor_magnitude(noise, [8], [30], bandwidth)
    expected = literal_magnitude(noise, 8, 30, bandwidth)
    np.testing.assert_allclose(maps[0], expected, atol=1e-2 * expected.max())


def test_the_longest_envelope_that_is_accepted_takes_no_gigabytes(noise):
    tracemalloc.start()
    maps = gabor_magnitude(noise, [40], [30], bandwidth=0.1, aspect_ratio=0.1)
    assert tracemalloc.get_traced_memory()[1] < 200e6
    tracemalloc.stop()
    assert np.isfinite(maps).all()


def test_beyond_the_widest_bandwidth_filters_are_all_the_same(noise, monkeypatch):
    widest = gabor_magnitude(noise, [12], bandwidth=10)
    monkeypatch.setattr("ganisi.descriptors.filters._gabor_plan.BANDWIDTHS", (0.1, 100))
    wider = gabor_magnitude(noise, [12], bandwidth=100)
    np.testing.assert_allclose(wider, widest, rtol=0, atol=0.005 * widest.max())


@pytest.mark.parametrize("aspect_ratio", [-1, 0, 0.09, 11, np.nan, np.inf])
def test_an_envelope_without_extent_or_without_end_is_refused(noise, aspect_ratio):
    with pytest.raises(ValueError, match=r"aspect_ratio must be 0\.1 to 10, got "):
        gabor_magnitude(noise, [8], aspect_ratio=aspect_ratio)
