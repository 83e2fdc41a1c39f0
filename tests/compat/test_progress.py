import re
import sys

import pytest

from ganisi import GANISI, Intensity
from ganisi._compat._progress import Teller, progress_bar
from ganisi.baselines import NearestGenerated


@pytest.fixture(params=[True, False], ids=["tqdm", "lines"])
def with_tqdm(request, monkeypatch):
    if request.param:
        pytest.importorskip("tqdm")
    else:
        monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    return request.param


def test_items_come_through_in_their_order_and_the_task_is_named(with_tqdm, capsys):
    assert list(progress_bar(list("abc"), "spelling", 1)) == list("abc")
    told = capsys.readouterr()
    assert "spelling" in told.err
    assert "3/3" in told.err
    assert told.out == ""


def test_iterators_are_counted_by_the_size_of_their_items(with_tqdm, capsys):
    assert list(progress_bar(iter("ab"), "spelling", 1, sizes=[10, 30])) == ["a", "b"]
    assert "40/40" in capsys.readouterr().err


def test_no_item_means_no_trouble(with_tqdm):
    assert list(progress_bar([], "nothing", 1)) == []


def test_an_item_is_done_only_when_the_next_one_is_asked_for(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    bar = progress_bar([1, 2], "counting", 1)
    next(bar)
    assert capsys.readouterr().err == ""
    next(bar)
    assert "counting: 1/2" in capsys.readouterr().err


def test_without_tqdm_there_is_a_line_for_each_tenth_of_the_work(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    list(progress_bar(range(1000), "counting", 1))
    lines = capsys.readouterr().err.splitlines()
    assert [int(re.search(r"counting: (\d+)/1000", line)[1]) for line in lines] == list(
        range(100, 1001, 100)
    )


def test_the_silent_say_nothing_but_what_is_always_said(with_tqdm, capsys):
    teller = Teller("audit")
    teller.say("describing")
    assert capsys.readouterr().err == ""
    teller.say("this will take an hour", always=True)
    assert capsys.readouterr().err == "audit: this will take an hour\n"


def test_every_line_begins_with_the_name_of_the_work(with_tqdm, capsys):
    Teller("audit", verbose=1).say("describing")
    assert capsys.readouterr().err == "audit: describing\n"


def test_a_model_counts_images_and_queries_without_tqdm(leaky, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    monkeypatch.setattr("ganisi.model._ganisi._PAIRS_PER_BLOCK", 200)
    model = GANISI(Intensity(grid=4, n_quantiles=1), identifier=NearestGenerated(), verbose=1)
    model.fit(leaky.real, leaky.used, generated=leaky.generated)
    told = capsys.readouterr().err
    assert "32/40" in told
    assert "40/40" in told
    assert "50/50" in told
    model.predict_proba(leaky.real)
    told = capsys.readouterr().err
    assert "scoring queries: 4/40" in told
    assert "scoring queries: 40/40" in told
