"""A bank of Gabor filters, by ganisi and by other libraries, for `_peers.py`.

Each function prepares the bank for images of one size, and returns a function of no arguments that
returns the magnitudes (n_filters, side, side) of an image of shape (side, side), uint8.

The shortest wave is not the same thing everywhere: ours and the spectra end at the Nyquist
frequency, as MATLAB's; kernels in space are sampled, and fold back what is beyond it.
"""

import handwritten
import numpy as np
from scipy import fft
from skimage.filters import gabor_kernel

from ganisi.descriptors.filters import gabor_magnitude, gabor_wavelengths


def gabor_parameters(side):
    """Yield the wavelength of each filter, its widths along and across the wave, and its angle."""
    for wavelength in gabor_wavelengths((side, side)):
        sigma = 3 / np.pi * np.sqrt(np.log(2) / 2) * wavelength
        for angle in handwritten.ORIENTATIONS:
            yield wavelength, sigma, 2 * sigma, angle


def our_bank(image):
    wavelengths = gabor_wavelengths(image.shape)
    return lambda: gabor_magnitude(image, wavelengths)


def bank_by_hand(image):
    return lambda: np.stack(handwritten.gabor_maps(image))


def bank_of_spectra(image, transforms, from_numpy):
    """The definition in frequency, at those of the padded image, kept as float32."""
    side = len(image)
    margin = int(4 * max(across for _, _, across, _ in gabor_parameters(side)))
    padded_side = fft.next_fast_len(side + 2 * margin)
    u, v = fft.fftfreq(padded_side), fft.fftfreq(padded_side)[:, np.newaxis]
    spectra = []
    for wavelength, along, across, angle in gabor_parameters(side):
        wave = u * np.cos(angle) - v * np.sin(angle) - 1 / wavelength
        crest = u * np.sin(angle) + v * np.cos(angle)
        bell = np.exp(-2 * np.pi**2 * ((wave * along) ** 2 + (crest * across) ** 2))
        spectra.append(from_numpy(bell.astype(np.float32)))
    border, inside = (margin, padded_side - side - margin), slice(margin, margin + side)

    def work():
        padded = np.pad(image.astype(np.float32), border, mode="edge")
        spectrum = transforms.fft2(from_numpy(padded))
        maps = (transforms.ifft2(spectrum * one)[inside, inside] for one in spectra)
        return np.stack([np.asarray(abs(one)) for one in maps])

    return work


def bank_of_scipy(image):
    return bank_of_spectra(image, fft, np.asarray)


def bank_of_torch(image):
    import torch

    return bank_of_spectra(image, torch.fft, torch.from_numpy)


def correlation_kernels(side):
    """Kernels of scikit-image as real and imaginary parts, for what correlates; float32."""
    for wavelength, along, across, angle in gabor_parameters(side):
        kernel = gabor_kernel(1 / wavelength, theta=-angle, sigma_x=along, sigma_y=across, n_stds=4)
        yield np.stack([kernel.real, kernel.imag]).astype(np.float32)[:, ::-1, ::-1].copy()


def bank_of_conv2d(image):
    import torch
    from torch.nn import functional

    kernels = [torch.from_numpy(parts[:, None]) for parts in correlation_kernels(len(image))]

    def work():
        pixels, maps = torch.from_numpy(image.astype(np.float32))[None, None], []
        for kernel in kernels:
            down, right = (side // 2 for side in kernel.shape[2:])
            padded = functional.pad(pixels, (right, right, down, down), mode="replicate")
            maps.append(torch.hypot(*functional.conv2d(padded, kernel)[0]))
        return torch.stack(maps).numpy()

    return work


def bank_of_kornia(image):
    """It has no Gabor kernels, so it is given those of scikit-image."""
    import torch
    from kornia.filters import fft_conv

    kernels = [torch.from_numpy(parts) for parts in correlation_kernels(len(image))]

    def work():
        pixels = torch.from_numpy(image.astype(np.float32)).expand(2, 1, -1, -1)
        parts = (fft_conv(pixels, kernel, border_type="replicate")[:, 0] for kernel in kernels)
        return torch.stack([torch.hypot(*both) for both in parts]).numpy()

    return work


def bank_of_pictologics(image):
    """Its angles run clockwise from the rows' axis, and its kernels are not normalised."""
    from pictologics.filters import gabor_filter

    parameters = list(gabor_parameters(len(image)))

    def work():
        volume = image.astype(np.float32)[:, :, np.newaxis]
        maps = [
            gabor_filter(
                volume,
                sigma_mm=along,
                lambda_mm=wavelength,
                gamma=along / across,
                theta=np.pi / 2 + angle,
                boundary="nearest",
            )[:, :, 0]
            / (2 * np.pi * along * across)
            for wavelength, along, across, angle in parameters
        ]
        return np.stack(maps)

    return work


def bank_of_mirp(image):
    """Its angles run clockwise, its kernels are not normalised and no larger than the image.

    So all maps are computed, but those returned whose envelopes fit.
    """
    from mirp import extract_images

    parameters = list(gabor_parameters(len(image)))
    n_fit = sum(8 * across <= len(image) for _, _, across, _ in parameters)

    def work():
        volume, maps = image.astype(np.float32)[np.newaxis], []
        for wavelength, along, across, _ in parameters[::4]:
            (images, _), *_ = extract_images(
                image=volume,
                mask=np.ones(volume.shape, bool),
                by_slice=True,
                filter_kernels="gabor",
                gabor_sigma=along,
                gabor_lambda=wavelength,
                gabor_gamma=along / across,
                gabor_theta=[0.0, 135.0, 90.0, 45.0],
                gabor_boundary_condition="nearest",
                image_export_format="numpy",
            )
            maps += [one[0] / (2 * np.pi * along * across) for one in images[1:]]
        return np.stack(maps[:n_fit])

    return work
