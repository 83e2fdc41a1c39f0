"""Colours, lines and markers that colour-blind eyes and a grey printer tell apart."""

#: The palette of Okabe and Ito without yellow, which paper swallows; the first is for what matters.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
#: Solid for what matters, then ever more broken.
LINES = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)), (0, (1, 3)), (0, (10, 3)))
#: As many as there are colours.
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
#: What chance, or nothing, looks like.
NEUTRAL = "#666666"


def line_style(i):
    """Return colour and line of the i-th curve; they come again after the last."""
    return {"color": COLOURS[i % len(COLOURS)], "linestyle": LINES[i % len(LINES)]}
