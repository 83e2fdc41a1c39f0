"""Mistakes that could be made where files become images."""

from planted._mistake import Mistake

FOLDERS = "tests/images/test_folders.py"
AWKWARD = "tests/images/test_awkward_files.py"
DAMAGE = "tests/images/test_damage.py"
LEVELS = "tests/images/test_dicom_levels.py"
PIXELS = "tests/images/test_pixels.py"
VOLUMES = "tests/images/test_volumes.py"
SERIES = "tests/images/test_series.py"

IN_IMAGES = [
    Mistake(
        "links to nowhere are left alone",
        "ganisi/images/_entries.py",
        "        if suffix in PROSE_SUFFIXES:\n",
        "        if suffix in PROSE_SUFFIXES or path.is_symlink():\n",
        FOLDERS,
    ),
    Mistake(
        "folders of images that were not asked for are passed by",
        "ganisi/images/_entries.py",
        "        elif wanted.folders == PASS_BY:\n",
        "        elif wanted.folders != LOOK_INTO:\n",
        FOLDERS,
    ),
    Mistake(
        "what a library says of a lack of memory",
        "ganisi/images/_places.py",
        "    except MemoryError as error:\n",
        "    except ZeroDivisionError as error:\n",
        PIXELS,
    ),
    Mistake(
        "what a library says of a damaged file",
        "ganisi/images/_entries.py",
        "            with naming(place):\n",
        "            if True:\n",
        DAMAGE,
    ),
    Mistake(
        "numbers of a header that are none",
        "ganisi/images/_dicom_headers.py",
        "    except (TypeError, ValueError):\n        return None\n    return found if",
        "    except ZeroDivisionError:\n        return None\n    return found if",
        AWKWARD,
    ),
    Mistake(
        "signed levels in the other order of bytes",
        "ganisi/images/_pictures.py",
        'tags.prefix == b"MM" and picture.mode in ("I", "F"):\n',
        'tags.prefix == b"MM" and picture.mode == "F":\n',
        AWKWARD,
    ),
    Mistake(
        "unsigned levels taken for signed ones",
        "ganisi/images/_pictures.py",
        "        return pixels.view(np.uint32)\n",
        "        return pixels\n",
        AWKWARD,
    ),
    Mistake(
        "levels that do not begin at the lowest bit",
        "ganisi/images/_dicom.py",
        "highest != n_bits - 1:\n",
        "highest < n_bits - 1:\n",
        AWKWARD,
    ),
    Mistake(
        "images of unread kinds without a suffix are left alone",
        "ganisi/images/_kinds.py",
        'is_other and not suffix.strip(".0123456789")',
        "False",
        AWKWARD,
    ),
    Mistake(
        "half images where others let them in",
        "ganisi/images/_pictures.py",
        "    if ImageFile.LOAD_TRUNCATED_IMAGES:\n",
        "    if False:\n",
        PIXELS,
    ),
    Mistake(
        "memory maps read backwards reach workers",
        "ganisi/images/_checks.py",
        "    if any(stride < 0 for stride in array.strides) and _is_part_of_a_file(array):\n",
        "    if False:\n",
        PIXELS,
    ),
    Mistake(
        "the bits of a set do not reach the entropy",
        "ganisi/descriptors/_local_stats.py",
        "            known = black_and_white(image, known, self.bits_)\n",
        "            known = black_and_white(image, known)\n",
        PIXELS,
    ),
    Mistake(
        "bits left out of the cache's key",
        "ganisi/descriptors/_base.py",
        "            self.bits_,\n            __version__,",
        "            __version__,",
        PIXELS,
    ),
    Mistake(
        "the name of a patient hashed without the key",
        "ganisi/images/_pseudonyms.py",
        "hmac.new(_KEY if key is None else key, patient.encode(), hashlib.sha256).hexdigest()",
        "hashlib.sha256(patient.encode()).hexdigest()",
        "tests/images/test_patients.py",
    ),
    Mistake(
        "the folder level of a patient counted from 0",
        "ganisi/images/_pseudonyms.py",
        "    return folders[level if level < 0 else level - 1]\n",
        "    return folders[level - 1 if level > 1 else level]\n",
        "tests/images/test_patients.py",
    ),
    Mistake(
        "rows of a table by the last part of the folder only",
        "ganisi/images/_patient_table.py",
        "        fits = (parts[-n:] for n in range(min(longest, len(parts)), 1, -1))\n",
        "        fits = (parts[-n:] for n in (2,))\n",
        "tests/images/test_groups.py",
    ),
    Mistake(
        "MONOCHROME1 is not inverted in a window",
        "ganisi/images/_windows.py",
        "    if pixels.white_is_low:\n        grey = 1 - grey\n",
        "",
        LEVELS,
    ),
    Mistake(
        "padding before the inversion",
        "ganisi/images/_windows.py",
        "    if pixels.white_is_low:\n        grey = 1 - grey\n    if pixels.padding is not None:\n"
        "        grey[pixels.padding] = 0\n",
        "    if pixels.padding is not None:\n        grey[pixels.padding] = 0\n"
        "    if pixels.white_is_low:\n        grey = 1 - grey\n",
        LEVELS,
    ),
    Mistake(
        "a window of the header without the half of a level",
        "ganisi/images/_dicom.py",
        "        center, width = center - 0.5, width - 1\n",
        "        pass\n",
        LEVELS,
    ),
    Mistake(
        "the unit of the first frame for every frame",
        "ganisi/images/_dicom.py",
        '(("PerFrame", frame), ("Shared", 0))',
        '(("PerFrame", 0), ("Shared", 0))',
        LEVELS,
    ),
    Mistake(
        "a mapping of the real world beside a slope",
        "ganisi/images/_dicom.py",
        "    if slope is None and intercept is None:\n",
        "    if True:\n",
        LEVELS,
    ),
    Mistake(
        "bits cut off, not rounded",
        "ganisi/images/_windows.py",
        '    return np.rint(grey * (2**bits - 1)).astype(f"uint{bits}")\n',
        '    return (grey * (2**bits - 1)).astype(f"uint{bits}")\n',
        LEVELS,
    ),
    Mistake(
        "the window on pictures of 8 bits",
        "ganisi/images/_listing.py",
        "    if not one.is_deep:\n",
        "    if False:\n",
        LEVELS,
    ),
    Mistake(
        "frames are patients of their own",
        "ganisi/images/_listing.py",
        "        own = patient is None and each.one.kind == STACK\n",
        "        own = True\n",
        LEVELS,
    ),
    Mistake(
        "axial slices as they are stored",
        "ganisi/images/_volumes.py",
        "        voxels = import_nibabel(name).orientations.apply_orientation(voxels, to)\n",
        "        pass\n",
        VOLUMES,
    ),
    Mistake(
        "distances of pixels exchanged",
        "ganisi/images/_volumes.py",
        "        levels, between = levels.T, between[::-1]\n",
        "        levels = levels.T\n",
        VOLUMES,
    ),
    Mistake(
        "every slice reads its volume again",
        "ganisi/images/_volumes.py",
        "@lru_cache(maxsize=1)\ndef _volume_of_file",
        "@lru_cache(maxsize=0)\ndef _volume_of_file",
        VOLUMES,
    ),
    Mistake(
        "slices of a series in the order of their files",
        "ganisi/images/_listing.py",
        "            series = tuple(several[i].place for i in order)\n",
        "            series = tuple(each.place for each in several)\n",
        SERIES,
    ),
    Mistake(
        "padding smears into a series",
        "ganisi/images/_resampling.py",
        "        levels[padding] = levels[~padding].min()\n",
        "        levels[padding] = 9999\n",
        SERIES,
    ),
    Mistake(
        "used and not-used images are not compared",
        "ganisi/model/_ganisi.py",
        "pairing._check(X, generated, groups, labels=y)",
        "pairing._check(X, generated, groups)",
        "tests/model/test_scales_and_sizes.py",
    ),
    Mistake(
        "used and not-used images of an audit are not compared",
        "ganisi/audit/_door.py",
        'check_sets(named, eye.pairer, eye.views, labels=np.where(used, "used", "not used"))',
        "check_sets(named, eye.pairer, eye.views)",
        "tests/model/test_scales_and_sizes.py",
    ),
    Mistake(
        "queries of the command line without their patients",
        "ganisi/cli/_inputs.py",
        "numbers[-1] if asked else None\n",
        "None\n",
        "tests/cli/test_inputs.py",
    ),
]
