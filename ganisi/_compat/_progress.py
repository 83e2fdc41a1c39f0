"""Progress of long work, on standard error."""

import sys
import time


def progress_bar(items, task, verbose, sizes=None):
    """Iterate over items, showing progress if asked.

    Parameters
    ----------
    items : list, or iterator where `sizes` are given
        What to iterate over. An item counts as done when the next one is asked for.
    task : str
        What is being done, for the reader.
    verbose : int
        0 shows nothing.
    sizes : list of int or None, default=None
        How much work each item is; None counts items.

    Returns
    -------
    items : iterable
        The same items; a tqdm bar where tqdm is installed, else a line on standard error for each
        tenth of the work.
    """
    if not verbose:
        return items
    if sizes is None:
        sizes = [1] * len(items)
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return _lines(items, task, sizes)
    return _bar(items, sizes, tqdm(total=sum(sizes), desc=task))


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
            seconds = time.monotonic() - start
            print(f"{task}: {done}/{total}, {seconds:.1f} s", file=sys.stderr)
