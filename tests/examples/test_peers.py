"""Other libraries are compared by their results; their times are not tested."""

import os
import sys

import numpy as np
import pytest

from ganisi.datasets import make_source_identification


@pytest.fixture
def peers(folder, monkeypatch):
    import _peers

    monkeypatch.setattr(_peers, "_RUNS", 1)
    return _peers


@pytest.fixture(scope="module")
def images():
    return make_source_identification(2, 2, 4, size=64, random_state=0).generated


def lines_of_peers(capsys):
    lines = capsys.readouterr().out.splitlines()
    return [line for line in lines if line.startswith("  ")]


def test_peers_that_are_installed_find_the_same_and_the_others_are_a_line(
    peers, images, capsys, monkeypatch
):
    monkeypatch.setitem(sys.modules, "ot", None)
    peers.print_table(peers.WORKS, images)
    lines = lines_of_peers(capsys)
    assert len(lines) == sum(len(work.peers) for work in peers.WORKS)
    skipped = [line for line in lines if "skipped: pip install" in line]
    assert sum("pip install POT" in line for line in skipped) == 4
    for line in set(lines) - set(skipped):
        theirs, ours, ratio, difference = map(float, line.split()[-4:])
        assert min(theirs, ours, ratio) > 0
        assert difference <= 0.01
    by_numpy = [line for line in lines if line.startswith(("  scikit", "  SciPy", "  NumPy"))]
    assert len(by_numpy) == 4
    assert not set(by_numpy) & set(skipped)


def work_of(peers, result):
    ours = np.arange(1.0, 13).reshape(3, 4)
    peer = peers.Peer("another", "another", lambda _: lambda: result(ours))
    return peers.Work("a work", np.asarray, lambda _: lambda: ours, [peer], tolerance=0.01, first=1)


@pytest.mark.parametrize(
    "result",
    [
        lambda ours: ours * np.array([[1], [1], [1.02]]),
        lambda ours: ours + np.array([[0], [np.nan], [0]]),
        lambda ours: ours[:1],
        lambda ours: ours[:, :2],
        lambda ours: np.concatenate([ours, ours]),
    ],
    ids=["too far", "no numbers", "no map that is compared", "half of each", "too many maps"],
)
def test_a_peer_that_finds_something_else_is_an_error(peers, result):
    with pytest.raises(AssertionError, match="another: "):
        peers.print_table([work_of(peers, result)], None)


def test_a_peer_may_leave_out_last_maps_and_differ_in_the_first(peers, capsys):
    peers.print_table([work_of(peers, lambda ours: ours[:2] * [[2], [1.005]])], None)
    (line,) = lines_of_peers(capsys)
    assert line.endswith("5.0e-03")


def test_the_times_are_of_several_runs_in_turn(peers, monkeypatch):
    monkeypatch.setattr(peers, "_RUNS", 3)
    calls = []
    peers.side_by_side(lambda: calls.append("ours"), lambda: calls.append("theirs"))
    assert calls == ["ours", "theirs"] * 4


@pytest.mark.parametrize("options", [[], ["--full"], ["--full", "--plain"]])
def test_the_benchmark_asks_its_peers_in_a_process_of_one_thread(peers, monkeypatch, options):
    import speed

    started = []
    monkeypatch.setattr(peers.subprocess, "run", lambda *a, **k: started.append((a, k)))
    monkeypatch.setattr(sys, "argv", ["speed.py", "--peers", *options])
    speed.main()
    (((command,), keywords),) = started
    assert command == [sys.executable, peers.__file__, *options]
    assert keywords["check"]
    assert keywords["env"].items() >= {**os.environ, "OMP_NUM_THREADS": "1"}.items()
