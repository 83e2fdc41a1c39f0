"""How far long work has come, on standard error: bars by tqdm where it is installed, else lines."""

import sys
import time


class Teller:
    """Tells a reader how far the work called `name` has come; nothing where `verbose` is 0."""

    def __init__(self, name, verbose=0):
        self.name = name
        self.verbose = verbose

    def say(self, message, always=False):
        """Write one line, whatever `verbose` is if `always`."""
        if self.verbose or always:
            _write(f"{self.name}: {message}")


def progress_bar(items, task, verbose, sizes=None):
    """Iterate over items, showing how many are done if `verbose`, or how much work by `sizes`.

    An item counts as done when the next one is asked for. An iterator needs `sizes`. Without tqdm
    there is a line for each tenth of the work.
    """
    if not verbose:
        return items
    if sizes is None:
        sizes = [1] * len(items)
    tqdm = _tqdm()
    if tqdm is None:
        return _lines(items, task, sizes)
    return _bar(items, sizes, tqdm(total=sum(sizes), desc=task))


def _tqdm():
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return None
    return tqdm


def _write(line):
    tqdm = _tqdm()
    if tqdm is None:
        print(line, file=sys.stderr, flush=True)
    else:  # Around bars that are being drawn.
        tqdm.write(line, file=sys.stderr)


def _bar(items, sizes, bar):
    with bar:
        for item, size in zip(items, sizes, strict=True):
            yield item
            bar.update(size)


def _lines(items, task, sizes):
    start, tenth, done, total = time.monotonic(), 0, 0, sum(sizes)
    for item, size in zip(items, sizes, strict=True):
        yield item
        done += size
        if done * 10 // total > tenth:
            tenth = done * 10 // total
            _write(f"{task}: {done}/{total}, {time.monotonic() - start:.1f} s")
