import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from skimage.feature import hessian_matrix_eigvals

from ganisi._compat._numba import compiled
from ganisi.descriptors.filters import gaussian_derivatives, multiscale_hessian

SIGMAS = [0.5, 0.75, 1.0, 1.25, 1.5]


@pytest.fixture
def noise():
    return np.random.default_rng(0).integers(256, size=(32, 41), dtype=np.uint8)


def test_the_paper_s_bank_has_six_maps_at_five_scales(noise):
    maps = multiscale_hessian(noise)
    assert maps.shape == (30, *noise.shape)
    np.testing.assert_array_equal(maps, multiscale_hessian(noise, SIGMAS))


def test_a_scale_alone_is_the_same_scale(noise):
    maps = multiscale_hessian(noise).reshape(5, 6, *noise.shape)
    for at_scale, sigma in zip(maps, SIGMAS, strict=True):
        np.testing.assert_array_equal(multiscale_hessian(noise, [sigma]), at_scale)


@pytest.mark.parametrize("sigma", SIGMAS)
def test_eigenvalues_are_scikit_image_s_ordered_by_magnitude(noise, sigma):
    _, _, lxx, lxy, lyy = gaussian_derivatives(noise, sigma)
    # Rows run down there, which changes the sign of the mixed derivative.
    by_value = hessian_matrix_eigvals([lyy, -lxy, lxx])
    order = np.argsort(-abs(by_value), axis=0)
    expected = np.take_along_axis(by_value, order, axis=0)
    first, second = multiscale_hessian(noise, [sigma])[1:3]
    clear = abs(expected[0]) > 1.001 * abs(expected[1])
    assert clear.mean() > 0.9
    np.testing.assert_allclose(first[clear], expected[0][clear], rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(second[clear], expected[1][clear], rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("sigma", SIGMAS)
def test_the_other_maps_follow_from_gradient_and_eigenvalues(noise, sigma):
    lx, ly, lxx, lxy, lyy = gaussian_derivatives(noise, sigma)
    gradient, first, second, laplacian, curvature, norm = multiscale_hessian(noise, [sigma])
    np.testing.assert_allclose(gradient, np.hypot(lx, ly), rtol=1e-5)
    np.testing.assert_allclose(laplacian, lxx + lyy, atol=1e-3)
    np.testing.assert_allclose(laplacian, first + second, atol=1e-3)
    np.testing.assert_allclose(curvature, first * second, rtol=1e-5)
    np.testing.assert_allclose(curvature, lxx * lyy - lxy**2, rtol=1e-4, atol=0.1)
    np.testing.assert_allclose(norm, np.hypot(first, second), rtol=1e-5)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("sigma", SIGMAS)
def test_of_two_eigenvalues_of_one_magnitude_the_positive_comes_first(sign, sigma):
    down, right = np.mgrid[:21, :21]
    saddle = sign * ((right - 10.0) ** 2 - (down - 10.0) ** 2)
    _, first, second, *_ = multiscale_hessian(saddle, [sigma])[:, 7:-7, 7:-7]
    np.testing.assert_allclose(first, 2, rtol=1e-4)
    np.testing.assert_allclose(second, -2, rtol=1e-4)


def test_turning_or_mirroring_the_image_does_so_to_the_maps(noise):
    maps = multiscale_hessian(noise)
    # Products of two second derivatives reach 1e5 here.
    tolerance = 1e-6 * abs(maps).max()
    turned = multiscale_hessian(np.rot90(noise))
    np.testing.assert_allclose(turned, np.rot90(maps, axes=(1, 2)), atol=tolerance)
    np.testing.assert_allclose(multiscale_hessian(noise.T), maps.transpose(0, 2, 1), atol=tolerance)


def test_a_sigma_without_meaning_is_refused(noise):
    with pytest.raises(ValueError, match="sigma must be"):
        multiscale_hessian(noise, [1.0, 0.0])


@settings(deadline=None)  # the first call compiles
@given(
    st.one_of(
        arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=9)),
        arrays(
            np.float32,
            array_shapes(min_dims=2, max_dims=2, max_side=9),
            elements=st.floats(-1e6, 1e6, width=32),
        ),
    ),
    st.sampled_from(SIGMAS),
)
def test_fast_and_plain_paths_agree(image, sigma):
    results = []
    # Without numba the loops run all the same, as slow as Python.
    for loops in (lambda function: compiled(function) or function, lambda function: None):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("ganisi.descriptors.filters._gaussian.compiled", loops)
            patch.setattr("ganisi.descriptors.filters._hessian.compiled", loops)
            results.append(multiscale_hessian(image, [sigma]))
    for fast, plain in zip(*results, strict=True):
        np.testing.assert_allclose(fast, plain, rtol=0, atol=1e-5 * max(1, abs(plain).max()))
