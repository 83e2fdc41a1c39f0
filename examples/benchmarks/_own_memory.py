"""What a process and its children hold of memory, without the files that they have mapped."""

import os
import threading
from pathlib import Path

#: Seconds between two looks.
_EVERY = 0.1


class OwnMemory:
    """The most memory held while this lasts, in GB: `most`, of all processes together."""

    def __init__(self):
        self.most = 0.0
        self._done = threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        self.most = _held()
        self._watching.start()
        return self

    def __exit__(self, *_):
        self._done.set()
        self._watching.join()

    def _watch(self):
        while not self._done.wait(_EVERY):
            self.most = max(self.most, _held())


def _held():
    """Return GB held by this process and all that it started, by /proc."""
    status = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                lines = (entry / "status").read_text().splitlines()
            except OSError:  # it has just ended
                continue
            status[int(entry.name)] = dict(line.split(":", 1) for line in lines)
    family, children = set(), {os.getpid()}
    while children:
        family |= children
        children = {pid for pid, one in status.items() if int(one["PPid"]) in family} - family
    names = ("RssAnon", "RssShmem")
    return sum(_kb(status.get(pid, {}), name) for pid in family for name in names) * 1024 / 1e9


def _kb(status, name):
    return int(status.get(name, "0 kB").split()[0])
