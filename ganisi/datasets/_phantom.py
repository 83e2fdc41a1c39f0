"""Draw CT-like phantoms of the chest: numbers in, pictures out, no scikit-learn."""

import numpy as np
from scipy.ndimage import gaussian_filter

# Grey levels of a lung window (about -1350 HU .. 250 HU), as in public 8-bit lung CT sets.
AIR, TABLE, LUNG, LESION, FAT, MUSCLE, BLOOD, MARROW, BONE = (
    38,
    46,
    62,
    170,
    178,
    204,
    214,
    222,
    246,
)


def draw_chest(n_slices, size, rng, *, noise=1.0, contrast=1.0, variety=0.0, spacing=1.0):
    """Axial chest slices of one random patient, ``(n_slices, size, size)``, uint8; supine.

    Anatomy, lung texture and dose are the patient's; slices lie at neighbouring heights. `noise`
    and `contrast` are factors, and move nothing that `rng` draws: the same patient on two scanners.
    `variety` is how much more patients differ than in the anatomy alone: in field of view,
    position, window, dose and smoothness; 1 is about as much as in a public CT set, at 0 nothing is
    drawn for it. `spacing` is a factor on the distance of neighbouring slices.
    """
    patient = _draw_anatomy(rng)
    if variety > 0:
        patient |= _draw_acquisition(patient, variety, rng)
    span = min(0.12 * spacing * rng.uniform(0.7, 1.3) * (n_slices - 1), 0.9)
    middle = rng.uniform(0.05 + span / 2, 0.95 - span / 2)
    heights = middle + span * np.linspace(-0.5, 0.5, n_slices) if n_slices > 1 else [middle]

    slices = np.empty((n_slices, size, size), np.uint8)
    for k, height in enumerate(heights):
        image, body = _draw_slice(patient, height, size, rng)
        image = 128 + patient["window"] * (image - 128) + patient["level"]
        image += noise * patient["noise"] * (0.5 + 0.5 * body) * _scanner_noise(size, rng)
        slices[k] = np.clip(np.rint(128 + contrast * (image - 128)), 0, 255)
    return slices


class _Canvas:
    """An image in the patient's frame: x to the right, y down, in half image sides at zoom 1."""

    def __init__(self, size, centre, tilt, zoom):
        self.pixel, self.border = 2 / size / zoom, 1 / zoom
        self.centre, self.cos, self.sin = centre, np.cos(tilt), np.sin(tilt)
        self.image = np.full((size, size), AIR, np.float32)
        axis = (np.arange(size, dtype=np.float32) + 0.5) * self.pixel - self.border
        x, y = np.meshgrid(axis - centre[0], axis - centre[1])
        self.x, self.y = self.cos * x + self.sin * y, self.cos * y - self.sin * x

    def cover(self, distance):
        """Share of each pixel inside a shape, given the signed distance to its border."""
        return np.clip(0.5 - distance / self.pixel, 0, 1)

    def fill(self, distance, grey):
        self.image += self.cover(distance) * (grey - self.image)

    def position(self, x, y):
        """Row and column, real-valued, of points in the patient's frame."""
        column = self.centre[0] + self.cos * x - self.sin * y
        row = self.centre[1] + self.cos * y + self.sin * x
        return tuple((at + self.border) / self.pixel - 0.5 for at in (row, column))

    def window(self, x, y, radius):
        """The slices of rows and columns around a point."""
        reach = radius / self.pixel + 2
        return tuple(
            slice(max(int(at - reach), 0), max(int(at + reach) + 1, 0))
            for at in self.position(x, y)
        )

    def ellipse(self, x, y, a, b, grey, angle=0.0, within=None):
        """Fill an ellipse, inside a mask where given, touching only the pixels around it."""
        window = self.window(x, y, max(a, b))
        share = self.cover(_ellipse(self.x[window], self.y[window], x, y, a, b, angle))
        if within is not None:
            share *= within[window]
        self.image[window] += share * (grey - self.image[window])


def _ellipse(x, y, centre_x, centre_y, a, b, angle=0.0, power=2.0):
    """About the signed distance to a superellipse, negative inside."""
    x, y = x - centre_x, y - centre_y
    cos, sin = np.cos(angle), np.sin(angle)
    u, v = (cos * x + sin * y) / a, (cos * y - sin * x) / b
    if power == 2:
        radius = np.sqrt(u * u + v * v)
    else:
        radius = (np.abs(u) ** power + np.abs(v) ** power) ** (1 / power)
    return (radius - 1) * min(a, b)


def _draw_anatomy(rng):
    """One patient's parameters. Lengths are in half image sides, angles in radians."""
    between = rng.uniform
    width = between(0.66, 0.83)
    return {
        "centre": (rng.normal(0, 0.02), between(-0.12, -0.04)),
        "tilt": rng.normal(0, 0.04),
        "width": width,
        "depth": width * between(0.64, 0.78),
        "squareness": between(2.1, 2.7),
        "wobble": rng.normal(0, 0.008, (4, 2)),
        "dips": (between(0.0, 0.05), between(0.0, 0.05)),
        "shoulders": between(0.0, 0.10),
        "fat": between(0.02, 0.08),
        "wall": between(0.04, 0.08),
        "fat_grey": FAT + rng.normal(0, 5),
        "muscle_grey": MUSCLE + rng.normal(0, 4),
        "lung_grey": LUNG + rng.normal(0, 6),
        "gravity": between(4, 16),
        "grain": (between(2, 9), between(0.010, 0.035)),
        "lung_width": between(0.98, 1.10, 2),
        "lung_depth": between(0.92, 1.04, 2),
        "mediastinum": between(0.06, 0.11),
        "heart_size": between(0.85, 1.15),
        "heart_shift": between(0.02, 0.14),
        "heart_angle": between(0.3, 0.9),
        "aorta": between(0.045, 0.065),
        "trachea": between(0.035, 0.055),
        "liver": between(0.75, 1.0),
        "spine": between(0.085, 0.110),
        "rib_phase": between(0, 1),
        "rib_thickness": between(0.015, 0.023),
        "n_ribs": rng.randint(9, 13),
        "vessels": [_grow_vessels(rng) for _ in range(2)],
        "vessel_radius": between(0.011, 0.018),
        "lesion": between([-0.7, -0.7, 0, 0], [0.7, 0.7, 1, 0.08]),
        "has_lesion": between() < 0.4,
        "table": between([0.02, 0.10, 0.10], [0.05, 0.22, 0.16]),
        "blur": between(0.003, 0.007),
        "noise": np.exp(rng.normal(np.log(3.5), 0.35)),
        "zoom": 1.0,
        "window": 1.0,
        "level": 0.0,
    }


def _draw_acquisition(p, variety, rng):
    """How the patient lies, and how the scanner was set: what replaces parameters of anatomy."""
    x, y, tilt, zoom, window, blur, noise = variety * rng.standard_normal(7)
    # Shoulders and arms fill a field of view that was chosen for the lungs.
    zoom = np.exp(0.14 * zoom + 0.08 * variety)
    return {
        "centre": (p["centre"][0] + 0.05 * x, p["centre"][1] + 0.09 * y),
        "tilt": p["tilt"] + 0.08 * tilt,
        "zoom": zoom,
        # A wider window makes air brighter and bone darker.
        "window": np.exp(-0.10 * abs(window)),
        "level": 10 * variety * rng.standard_normal(),
        "blur": p["blur"] * np.exp(0.4 * blur),
        "noise": p["noise"] * np.exp(0.5 * noise),
    }


def _grow_vessels(rng, n_branches=10, n_generations=4, n_points=14):
    """A forking vessel tree in one lung, as points: an array (n_points, 3) a generation.

    The axes are sideways from the middle and towards the back in -1 .. 1, and height in 0 .. 1.
    """
    start = np.tile([-0.8, 0.1, 0.5], (n_branches, 1))
    heading = rng.normal([0.8, 0.1, 0.0], [0.5, 0.8, 0.8], (n_branches, 3))
    length, generations = 0.60, []
    for _ in range(n_generations):
        heading /= np.linalg.norm(heading, axis=1, keepdims=True)
        step = length * heading * [1, 1, 0.5]
        along = np.linspace(0, 1, n_points)[:, None, None]
        generations.append((start + along * step).reshape(-1, 3))
        start, heading = np.repeat(start + step, 2, axis=0), np.repeat(heading, 2, axis=0)
        heading += rng.normal(0, 0.5, heading.shape)
        length *= 0.75
    return generations


def _draw_slice(p, height, size, rng):
    """The noise-free slice at a height of 0 (apex) to 1 (diaphragm), and the share of body."""
    canvas = _Canvas(size, p["centre"], p["tilt"], p["zoom"])
    x, y = canvas.x, canvas.y
    _draw_table(canvas, p)

    # The outline: a superellipse, dented over sternum and spine, with shoulders towards the apex.
    body = _ellipse(x, y, 0, 0, p["width"], p["depth"], power=p["squareness"])
    direction = np.arctan2(y, x)
    for k, (c, s) in enumerate(p["wobble"], 2):
        body += c * np.cos(k * direction) + s * np.sin(k * direction)
    body += np.where(y < 0, *p["dips"]) * np.exp(-((x / 0.2) ** 2))
    body -= p["shoulders"] * (1 - height) * np.exp(-((y - 0.1) ** 2) / 0.04) * np.abs(x)
    canvas.fill(body, p["fat_grey"])
    canvas.fill(body + p["fat"], p["muscle_grey"])

    # The chest wall widens from the apex to the base.
    growth = 1 - 0.36 * (1 - height) ** 2
    wall = p["fat"] + p["wall"]
    p = {
        **p,
        "height": height,
        "growth": growth,
        "chest_a": (p["width"] - wall) * (0.80 + 0.20 * growth),
        "chest_b": (p["depth"] - wall) * (0.90 + 0.10 * growth),
    }
    lungs = _draw_lungs(canvas, p, rng)
    _draw_airways(canvas, p)
    _draw_liver_and_lesion(canvas, p, lungs)
    body = canvas.cover(body)
    _draw_bones(canvas, p, body)
    return gaussian_filter(canvas.image, p["blur"] / canvas.pixel), body


def _draw_table(canvas, p):
    """Two thin bright arcs under the body, and a hollow between them."""
    x, y = canvas.x, canvas.y
    gap, curve, thick = p["table"]
    arcs = [
        y + bend * curve * x**2 - (p["depth"] + gap + drop) for bend, drop in [(1, 0), (1.5, thick)]
    ]
    ends = np.abs(x) - 0.94
    canvas.fill(np.maximum.reduce([-arcs[0], arcs[1], ends]), TABLE)
    for arc in arcs:
        canvas.fill(np.maximum(np.abs(arc) - 0.008, ends), 225)


def _draw_lungs(canvas, p, rng):
    """Heart, aorta, and lungs with their vessels in the room that is left; the share of lung."""
    x, y = canvas.x, canvas.y
    height, chest_a, chest_b, spine = p["height"], p["chest_a"], p["chest_b"], p["spine"]

    # The heart lies to the patient's left and to the front, the aorta beside the spine.
    heart_size = p["heart_size"] * chest_a * (0.20 + 0.22 * np.clip((height - 0.25) / 0.5, 0, 1))
    heart = (p["heart_shift"] * height, -0.38 * chest_b, 1.15 * heart_size, 0.9 * heart_size)
    aorta = (1.15 * spine, 0.86 * chest_b - 1.1 * spine, p["aorta"], p["aorta"])
    between_lungs = np.minimum.reduce(
        [
            _ellipse(x, y, *heart, p["heart_angle"]),
            _ellipse(x, y, *aorta) - 0.02,
            _ellipse(x, y, 0, 0.86 * chest_b, 1.35 * spine, 1.5 * spine),
            np.abs(x) - p["mediastinum"] * (1.2 - 0.4 * height),
        ]
    )
    lungs = np.full_like(x, np.inf)
    specks = np.zeros((len(p["vessels"][0]), *x.shape))
    for k, side in enumerate((-1, 1)):
        centre_x, centre_y = 0.50 * side * chest_a, 0.02
        a, b = 0.51 * chest_a * p["lung_width"][k], 0.94 * chest_b * p["lung_depth"][k]
        a, b = a * p["growth"], b * p["growth"]
        lung = _ellipse(x, y, centre_x, centre_y, a, b, angle=-0.14 * side, power=2.3)
        lungs = np.minimum(lungs, lung)
        for generation, points in enumerate(p["vessels"][k]):
            points = points[np.abs(points[:, 2] - height) < 0.08]
            shown = np.exp(-0.5 * ((points[:, 2] - height) / 0.03) ** 2)
            place = canvas.position(centre_x + side * a * points[:, 0], centre_y + b * points[:, 1])
            specks[generation] += _scatter(*place, shown, size=len(x))
    chest = _ellipse(x, y, 0, 0, chest_a, chest_b)
    lungs = canvas.cover(np.maximum.reduce([lungs, chest, -between_lungs]))

    # Blurred, the points of a branch run together into a line.
    vessels = np.zeros_like(x)
    for generation, points in enumerate(specks):
        radius = p["vessel_radius"] * 0.75**generation / canvas.pixel
        vessels += 2 * np.pi * radius**2 * gaussian_filter(points, radius)
    contrast, scale = p["grain"]
    grain = gaussian_filter(rng.standard_normal(x.shape), scale / canvas.pixel)
    tissue = p["lung_grey"] + p["gravity"] * y / chest_b + contrast / grain.std() * grain
    tissue += (1 - np.exp(-1.3 * vessels)) * (0.92 * BLOOD - tissue)
    canvas.image += lungs * (tissue - canvas.image)
    canvas.ellipse(*heart, BLOOD - 2, p["heart_angle"])
    canvas.ellipse(*aorta, BLOOD)
    return lungs


def _draw_airways(canvas, p):
    """The trachea, and the two bronchi into which it divides at mid height."""
    apart, at, radius = p["height"] - 0.45, 0.12 * p["chest_b"], p["trachea"]
    if apart < 0:
        canvas.ellipse(0, at, radius, radius, AIR + 4)
    elif apart < 0.2:
        for side in (-1, 1):
            canvas.ellipse(side * (0.04 + 0.4 * apart), at, 0.8 * radius, 0.7 * radius, AIR + 4)


def _draw_liver_and_lesion(canvas, p, lungs):
    """The dome of the liver, which rises into the right lung; in some patients a lesion."""
    dome = 1.5 * (p["height"] - p["liver"])
    if dome > 0:
        at = (-0.5 * p["chest_a"], -0.05)
        canvas.ellipse(*at, dome, 1.2 * dome, BLOOD - 6, within=lungs)
    x, y, height, radius = p["lesion"]
    radius -= 0.4 * abs(height - p["height"])
    if p["has_lesion"] and radius > 0:
        at = (x * p["chest_a"], y * p["chest_b"])
        canvas.ellipse(*at, radius, radius, LESION, within=lungs)


def _draw_bones(canvas, p, body):
    """Vertebra, sternum, ribs along the chest wall; shoulder blades in the upper slices."""
    a, b, s = p["chest_a"], p["chest_b"], p["spine"]
    back = 0.86 * b
    for side in (-1, 1):
        canvas.ellipse(0.9 * side * s, back + 1.2 * s, s, 0.22 * s, BONE - 8, 0.5 * side)
    canvas.ellipse(0, back + 2.1 * s, 0.22 * s, 0.7 * s, BONE - 8)
    canvas.ellipse(0, back + 1.15 * s, 0.62 * s, 0.5 * s, BONE - 12)
    canvas.ellipse(0, back + 1.1 * s, 0.36 * s, 0.3 * s, MUSCLE - 8)
    # The vertebral body and the breastbone: a shell around softer marrow.
    canvas.ellipse(0, back, s, 0.8 * s, BONE)
    canvas.ellipse(0, back, s - 0.02, 0.8 * s - 0.02, MARROW)
    canvas.ellipse(0, -b - 0.035, 0.13, 0.028, BONE)
    canvas.ellipse(0, -b - 0.035, 0.11, 0.014, MARROW)
    # Ribs run obliquely, so that from slice to slice they wander around the chest.
    turns = (np.arange(p["n_ribs"]) + p["rib_phase"] + 1.5 * p["height"]) / p["n_ribs"]
    for angle in 2 * np.pi * turns:
        x, y = (a + 0.03) * np.cos(angle), (b + 0.03) * np.sin(angle)
        if abs(x) > 0.16:
            along = np.arctan2(b * np.cos(angle), -a * np.sin(angle))
            canvas.ellipse(x, y, 0.085, p["rib_thickness"], BONE, along, within=body)
            canvas.ellipse(x, y, 0.06, 0.3 * p["rib_thickness"], MARROW, along, within=body)
    if p["height"] < 0.55:
        for side in (-1, 1):
            at = (0.82 * side * a, 0.95 * b)
            canvas.ellipse(*at, 0.17, 0.016, BONE - 10, -0.55 * side, within=body)


def _scatter(rows, columns, weights, size):
    """An image with the weights of points at the pixels where they lie."""
    rows, columns = np.rint(rows).astype(int), np.rint(columns).astype(int)
    kept = (rows >= 0) & (rows < size) & (columns >= 0) & (columns < size)
    pixels = rows[kept] * size + columns[kept]
    return np.bincount(pixels, weights[kept], minlength=size * size).reshape(size, size)


def _scanner_noise(size, rng):
    """Noise of unit variance as filtered back-projection leaves it: a ramp with a soft cut-off."""
    frequency = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size))
    gain = np.sqrt(frequency) * np.exp(-((frequency / 0.35) ** 2))
    noise = np.fft.irfft2(np.fft.rfft2(rng.standard_normal((size, size))) * gain, s=(size, size))
    return noise / noise.std()
