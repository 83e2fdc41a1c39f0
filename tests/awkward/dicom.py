"""DICOM, made and of pydicom's own samples."""

import shutil

import numpy as np
from dicom_files import STORED, sequence, write_dicom

from ._kind import Kind
from .pictures import changed, cut, written

UNIT = STORED / 71
WINDOW = {"window": (0, 71)}
BYTES = STORED.astype(np.uint8)
RGB = {"PhotometricInterpretation": "RGB", "SamplesPerPixel": 3, "PlanarConfiguration": 0}


def dicom(pixels=None, name="a.dcm", **attributes):
    """A function that writes a DICOM file into a folder."""
    return lambda folder: write_dicom(folder / name, pixels, **attributes)


def later(pixels=None, **attributes):
    """The same, of attributes that pydicom is needed for."""
    return lambda folder: write_dicom(
        folder / "a.dcm", pixels, **{name: make() for name, make in attributes.items()}
    )


def sample(name):
    """A function that copies one of the files that pydicom brings along."""

    def make(folder):
        from pydicom.data import get_testdata_file

        shutil.copy(get_testdata_file(name, download=False), folder / name)

    return make


def made(what, make, options=None, levels=None):
    return Kind(what, make, options or {}, levels, needs="pydicom")


def real_world(*slopes):
    return lambda: sequence(
        *({"RealWorldValueSlope": slope, "RealWorldValueIntercept": -7.0} for slope in slopes)
    )


def padded():
    pixels = STORED.copy()
    pixels[:, 0] = 9999
    return pixels


def black_padding(grey):
    grey = grey.copy()
    grey[:, 0] = 0
    return grey


def black_first_column():
    return black_padding(UNIT)


def lookup():
    """A table that doubles."""
    return sequence(
        {
            "LUTDescriptor": [72, 0, 16],
            "ModalityLUTType": "US",
            "LUTData": (2 * np.arange(72, dtype="<u2")).tobytes(),
        }
    )


def slope_text(content):
    return content.replace(b"1234", b"abc ")


FRAMES = {"PixelData": np.stack([STORED] * 3).tobytes(), "NumberOfFrames": 3}
SAMPLES = [
    ("CT_small.dcm", "CT, explicit little-endian", {"window": "lung", "bits": 8}),
    ("MR_small.dcm", "MR", {"window": "header"}),
    ("MR_small.dcm", "MR", {"window": "lung"}),
    ("MR_small_bigendian.dcm", "MR, big-endian", {"window": (0, 4000)}),
    ("MR_small_implicit.dcm", "MR, implicit", {"window": (0, 4000)}),
    ("MR_small_RLE.dcm", "MR, run lengths", {"window": (0, 4000)}),
    ("MR_small_padded.dcm", "MR, bytes after the pixels", {"window": (0, 4000)}),
    ("MR_truncated.dcm", "MR, cut off", {"window": (0, 4000)}),
    ("image_dfl.dcm", "secondary capture, deflated", {}),
    ("JPEG2000.dcm", "nuclear medicine, JPEG 2000", {"window": (0, 500)}),
    ("ExplVR_BigEndNoMeta.dcm", "an ion plan without a preamble", {}),
    ("SC_rgb_small_odd.dcm", "RGB", {}),
    ("SC_rgb_jpeg_dcmtk.dcm", "RGB in JPEG", {"as_gray": True}),
    ("SC_ybr_full_422_uncompressed.dcm", "YBR_FULL_422", {"as_gray": True}),
    ("examples_palette.dcm", "palette", {"as_gray": True}),
    ("SC_rgb_rle_2frame.dcm", "RGB, two frames", {"as_gray": True}),
    ("liver_1frame.dcm", "segmentation of a liver", {}),
    ("rtdose.dcm", "dose", {}),
    ("rtplan.dcm", "plan", {}),
    ("rtstruct.dcm", "structures", {}),
    ("test-SR.dcm", "structured report", {}),
    ("reportsi.dcm", "text report", {}),
    ("waveform_ecg.dcm", "ECG", {}),
    ("DICOMDIR", "DICOMDIR", {}),
    ("MR_small_jp2klossless.dcm", "MR, JPEG 2000", {"window": (0, 4000)}),
    ("693_J2KI.dcm", "CT, JPEG 2000", {"window": "bone"}),
    ("J2K_pixelrep_mismatch.dcm", "signed, JPEG 2000 says otherwise", {"window": (-2000, 2000)}),
    ("examples_overlay.dcm", "an overlay beside the pixels", {"window": "header"}),
    ("examples_ybr_color.dcm", "YBR, 30 frames", {"as_gray": True}),
    ("SC_rgb_rle_16bit.dcm", "RGB, 16 bits", {"as_gray": True}),
    ("SC_rgb_rle_32bit.dcm", "RGB, 32 bits", {"as_gray": True}),
    ("ExplVR_BigEnd.dcm", "ultrasound, big-endian", {"as_gray": True}),
    ("no_meta.dcm", "a plan whose header has no file part", {}),
    ("meta_missing_tsyntax.dcm", "a header without a transfer syntax", {}),
    ("badVR.dcm", "values of wrong types", {}),
    ("liver_expb_1frame.dcm", "segmentation, big-endian", {}),
    ("rtplan_truncated.dcm", "plan, cut off", {}),
    ("zipMR.gz", "a scan packed by gzip", {}),
]

DICOM = [
    made("16 bits", dicom(), WINDOW, UNIT),
    made("16 bits", dicom(), {**WINDOW, "bits": 8}, np.rint(UNIT * 255)),
    made("16 bits, no window", dicom()),
    made("8 bits without a unit", dicom(BYTES), levels=BYTES),
    made("8 bits in 16", dicom(BitsStored=8, HighBit=7), levels=STORED),
    made("levels that do not begin at the lowest bit",
         dicom(STORED << 4, BitsStored=12, HighBit=15), WINDOW),
    made("an overlay in the bits above the pixels",
         dicom(STORED | 0xF000, BitsStored=12, HighBit=11), WINDOW, UNIT),
    made("signed", dicom(STORED.astype(np.int16) - 36), {"window": (-36, 35)}, UNIT),
    made("rescale slope and intercept", dicom(RescaleSlope=2, RescaleIntercept=-1000),
         {"window": (-1000, -858)}, UNIT),
    made("rescale slope 0", dicom(RescaleSlope=0), WINDOW),
    made("rescale slope that is text", changed(dicom(RescaleSlope="1234"), "a.dcm", slope_text),
         WINDOW),
    made("rescale slope that is not a number",
         changed(dicom(RescaleSlope="1234"), "a.dcm", lambda c: c.replace(b"1234", b"nan ")),
         WINDOW),
    made("rescale slope below 0", dicom(RescaleSlope=-1), {"window": (-71, 0)}, 1 - UNIT),
    made("rescale intercept alone", dicom(RescaleIntercept=-10), {"window": (-10, 61)}),
    made("modality lookup table", later(ModalityLUTSequence=lookup), {"window": (0, 142)}, UNIT),
    made("CT, window by name", dicom(Modality="CT", RescaleSlope=20, RescaleIntercept=-1350),
         {"window": "lung"}, np.clip(20 * STORED / 1500, 0, 1)),
    made("CT whose levels begin at 0, with no intercept, window by name", dicom(Modality="CT"),
         {"window": "lung"}),
    made("a place of the slice that is no number",
         changed(dicom(ImagePositionPatient=[1234.0, 1, 1]), "a.dcm",
                 lambda c: c.replace(b"1234.0", b"abc   ")), WINDOW, UNIT),
    made("one distance of pixels for rows and columns",
         dicom(PixelSpacing=1.0), {**WINDOW, "spacing": 2.0}),
    made("a number of frames that is no number",
         changed(dicom(NumberOfFrames="1234"), "a.dcm", lambda c: c.replace(b"1234", b"abc ")),
         WINDOW),
    made("no CT, window by name", dicom(Modality="MR"), {"window": "lung"}),
    made("window of the header", dicom(WindowCenter=36, WindowWidth=72), {"window": "header"},
         UNIT),
    made("two windows in the header", dicom(WindowCenter=[36, 9], WindowWidth=[72, 4]),
         {"window": "header"}, UNIT),
    made("window of the header, of no width", dicom(WindowCenter=36, WindowWidth=0),
         {"window": "header"}),
    made("no window in the header", dicom(), {"window": "header"}),
    made("sigmoid window in the header",
         dicom(WindowCenter=36, WindowWidth=72, VOILUTFunction="SIGMOID"), {"window": "header"}),
    made("MONOCHROME1", dicom(PhotometricInterpretation="MONOCHROME1"), WINDOW, 1 - UNIT),
    made("padding", dicom(padded(), PixelPaddingValue=9999), WINDOW, black_first_column()),
    made("padding, as a range", dicom(padded(), PixelPaddingValue=9000,
         PixelPaddingRangeLimit=9999), WINDOW, black_first_column()),
    made("padding, MONOCHROME1", dicom(padded(), PixelPaddingValue=9999,
         PhotometricInterpretation="MONOCHROME1"), WINDOW, black_padding(1 - UNIT)),
    made("unit in a real-world mapping",
         later(RealWorldValueMappingSequence=real_world(2.0)), {"window": (-7, 135)}, UNIT),
    made("two real-world mappings",
         later(RealWorldValueMappingSequence=real_world(2.0, 3.0)), WINDOW),
    made("three frames", dicom(**FRAMES), WINDOW, UNIT),
    made("RGB, equal channels", dicom(np.dstack([BYTES] * 3), **RGB), levels=BYTES),
    made("RGB, colours", dicom(np.dstack([BYTES, BYTES, BYTES // 2]), **RGB)),
    made("an unknown kind of colours", dicom(PhotometricInterpretation="HSV"), WINDOW),
    made("without a suffix", dicom(name="IM0001"), WINDOW, UNIT),
    made("named .ima", dicom(name="a.ima"), WINDOW, UNIT),
    made("upper-case suffix", dicom(name="A.DCM"), WINDOW, UNIT),
    made("spacing of pixels, brought to another",
         dicom(np.full((8, 8), 71, np.uint16), PixelSpacing=[1.0, 1.0]),
         {**WINDOW, "spacing": 2.0}, np.ones((4, 4))),
    made("no spacing of pixels, brought to one", dicom(), {**WINDOW, "spacing": 2.0}),
    made("old, without a preamble",
         changed(dicom(), "a.dcm", lambda c: c[c.index(b"\x08\0\x08\0CS") :]), WINDOW, UNIT),
    made("pixels missing", dicom(PixelData=b""), WINDOW),
    made("cut off in the pixels", changed(dicom(), "a.dcm", cut(0.9)), WINDOW),
    made("a text named .dcm", written("a.dcm", b"not a scan"), WINDOW),
    *(made(f"{what} (`{name}` of pydicom)", sample(name), options)
      for name, what, options in SAMPLES),
]  # fmt: skip
