"""Progress of long work, on standard error."""

import sys
import time


def progress_bar(items, task, verbose):
    """Iterate over items, showing progress if asked.

    Parameters
    ----------
    items : list
        What to iterate over.
    task : str
        What is being done, for the reader.
    verbose : int
        0 shows nothing.

    Returns
    -------
    items : iterable
        The same items; a tqdm bar where tqdm is installed, else a line on standard error for each
        tenth of the work.
    """
    if not verbose:
        return items
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return _lines(items, task)
    return tqdm(items, desc=task)


def _lines(items, task):
    start, tenth = time.monotonic(), 0
    for done, item in enumerate(items, start=1):
        yield item
        if done * 10 // len(items) > tenth:
            tenth = done * 10 // len(items)
            seconds = time.monotonic() - start
            print(f"{task}: {done}/{len(items)}, {seconds:.1f} s", file=sys.stderr)
