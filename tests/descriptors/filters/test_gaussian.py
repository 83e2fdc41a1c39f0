import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from ganisi.descriptors.filters import gaussian_derivatives, gaussian_kernels, steerable_gaussian

SIGMAS = [0.5, 0.75, 1.0, 1.25, 1.5, 3.2]


@pytest.fixture
def noise():
    return np.random.default_rng(0).integers(256, size=(24, 31), dtype=np.uint8)


@given(st.floats(0.05, 8))
def test_kernels_have_exact_moments(sigma):
    g0, g1, g2 = gaussian_kernels(sigma)
    assert len(g0) == len(g1) == len(g2) == 2 * np.ceil(2 * sigma) + 1
    t = np.arange(len(g0)) - len(g0) // 2
    moments = np.array([[t**k @ g for k in range(3)] for g in (g0, g1, g2)])
    assert moments[0, :2] == pytest.approx([1, 0], abs=1e-12)
    assert moments[1] == pytest.approx([0, 1, 0], abs=1e-12)
    assert moments[2] == pytest.approx([0, 0, 2], abs=1e-12)


@pytest.mark.parametrize("sigma", SIGMAS)
def test_kernels_are_those_of_the_definition(sigma):
    g0, g1, g2 = gaussian_kernels(sigma)
    t = np.arange(len(g0)) - len(g0) // 2
    g = np.exp(-(t**2) / (2 * sigma**2))
    second = (t**2 - sigma**2) * g
    second -= second.sum() * g / g.sum()
    np.testing.assert_allclose(g0, g / g.sum(), atol=1e-14)
    np.testing.assert_allclose(g1, t * g / (t**2 @ g), atol=1e-14)
    np.testing.assert_allclose(g2, second * 2 / (t**2 @ second), atol=1e-14)


@pytest.mark.parametrize("sigma", SIGMAS)
def test_a_paraboloid_has_the_derivatives_of_calculus(sigma):
    down, x = np.mgrid[:31, :31] - 15.0
    y = -down
    maps = gaussian_derivatives(5 * x - 3 * y + x**2 - 2 * y**2 + 1.5 * x * y, sigma)
    at_origin = [m[15, 15] for m in maps]
    assert at_origin == pytest.approx([5, -3, 2, 1.5, -4], abs=1e-4)


@pytest.mark.parametrize("sigma", SIGMAS)
def test_derivatives_are_correlations_with_the_kernels(noise, sigma):
    kernels = gaussian_kernels(sigma)

    def correlate(order_down, order_across):
        rows = ndimage.correlate1d(noise.astype(float), kernels[order_down], 0, mode="nearest")
        return ndimage.correlate1d(rows, kernels[order_across], 1, mode="nearest")

    lx, ly, lxx, lxy, lyy = gaussian_derivatives(noise, sigma)
    np.testing.assert_allclose(lx, correlate(0, 1), atol=1e-4)
    np.testing.assert_allclose(ly, -correlate(1, 0), atol=1e-4)
    np.testing.assert_allclose(lxx, correlate(0, 2), atol=1e-3)
    np.testing.assert_allclose(lxy, -correlate(1, 1), atol=1e-4)
    np.testing.assert_allclose(lyy, correlate(2, 0), atol=1e-3)


def test_derivatives_of_a_smooth_image_are_those_of_a_wide_window():
    # Where the image is smooth only the moments of a kernel count, and ours are exact.
    noise = np.random.default_rng(0).standard_normal((64, 64))
    image = 1000 * ndimage.gaussian_filter(noise, 6, mode="nearest")
    orders = [(0, 1), (1, 0), (0, 2), (1, 1), (2, 0)]
    signs = [1, -1, 1, -1, 1]
    for ours, order, sign in zip(gaussian_derivatives(image, 1.0), orders, signs, strict=True):
        wide = sign * ndimage.gaussian_filter(image, 1.0, order, mode="nearest", truncate=6)
        inside = np.s_[8:-8, 8:-8]
        assert abs(ours - wide)[inside].max() < 0.02 * abs(wide[inside]).max()


@given(
    st.floats(-(2.0**100), 2.0**100),
    st.integers(1, 20),
    st.integers(1, 20),
    st.floats(0.05, 3),
)
def test_no_constant_however_large_has_a_derivative(value, height, width, sigma):
    image = np.full((height, width), value)
    assert not np.any(gaussian_derivatives(image, sigma))


def test_the_first_order_alone_is_the_same_first_order(noise):
    both = gaussian_derivatives(noise, 1.0)
    np.testing.assert_array_equal(gaussian_derivatives(noise, 1.0, order=1), both[:2])


@pytest.mark.parametrize("sigma", [0, -1, 0.01, np.nan, np.inf])
def test_a_sigma_without_meaning_is_refused(noise, sigma):
    with pytest.raises(ValueError, match="sigma must be"):
        steerable_gaussian(noise, sigma)


def test_an_unknown_order_is_refused(noise):
    with pytest.raises(ValueError, match="order must be 1 or 2, got 3"):
        gaussian_derivatives(noise, 1.0, order=3)


def test_the_paper_s_bank_has_eight_maps_first_derivatives_first(noise):
    lx, ly, lxx, _, lyy = gaussian_derivatives(noise, 1.0)
    maps = steerable_gaussian(noise)
    assert maps.shape == (8, *noise.shape)
    np.testing.assert_allclose(maps[[0, 2, 4, 6]], [lx, ly, lxx, lyy], atol=1e-4)


@given(st.floats(-180, 180))
def test_any_orientation_is_steered_from_a_basis(angle):
    # Freeman and Adelson's interpolation functions for 2 and 3 basis filters.
    image = np.random.default_rng(0).standard_normal((9, 11))
    first, second = steerable_gaussian(image, orientations=[angle])
    first_basis = steerable_gaussian(image, orientations=[0, 90])[:2]
    weights = np.cos(np.deg2rad(angle - np.array([0, 90])))
    np.testing.assert_allclose(first, np.tensordot(weights, first_basis, 1), atol=1e-5)
    second_basis = steerable_gaussian(image, orientations=[0, 60, 120])[3:]
    weights = (1 + 2 * np.cos(2 * np.deg2rad(angle - np.array([0, 60, 120])))) / 3
    np.testing.assert_allclose(second, np.tensordot(weights, second_basis, 1), atol=1e-5)


@pytest.mark.parametrize("angle", [0, 30, 45, 90, 135, -100])
def test_maps_are_derivatives_along_their_direction(angle):
    def surface(x, y):
        return 5 * x - 3 * y + x**2 - 2 * y**2 + 1.5 * x * y

    down, right = np.mgrid[:11, :11] - 5.0
    first, second = steerable_gaussian(surface(right, -down), orientations=[angle])[:, 5, 5]
    step = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    ahead, behind = surface(*step), surface(-step[0], -step[1])
    assert first == pytest.approx((ahead - behind) / 2, abs=1e-4)
    assert second == pytest.approx(ahead + behind, abs=1e-4)


@pytest.mark.parametrize("angle", [0, 45, 90, 135])
def test_a_grating_excites_its_own_orientation_most(angle):
    down, right = np.mgrid[:40, :40]
    t = np.deg2rad(angle)
    grating = np.cos(2 * np.pi * (right * np.cos(t) - down * np.sin(t)) / 8)
    energy = (steerable_gaussian(grating)[:, 8:-8, 8:-8] ** 2).mean(axis=(1, 2))
    own = angle // 45
    assert energy[:4].argmax() == energy[4:].argmax() == own


def test_a_quarter_turn_permutes_the_orientations(noise):
    before = steerable_gaussian(noise)
    after = steerable_gaussian(np.rot90(noise))
    g1 = [-before[2], -before[3], before[0], before[1]]
    g2 = [before[6], before[7], before[4], before[5]]
    np.testing.assert_allclose(after, np.rot90([*g1, *g2], axes=(1, 2)), atol=1e-3)


def test_transposing_the_image_mirrors_the_orientations(noise):
    before = steerable_gaussian(noise).transpose(0, 2, 1)
    after = steerable_gaussian(noise.T)
    g1 = [-before[2], -before[1], -before[0], before[3]]
    g2 = [before[6], before[5], before[4], before[7]]
    np.testing.assert_allclose(after, [*g1, *g2], atol=1e-3)
