"""Who waits for an estimate hears which method runs and how far it is, and may call it off."""

import pytest

from corroborate.estimation import Progress, Settings, estimate, over_linkage
from corroborate.values import OverlapTable

TABLE = OverlapTable(
    ("HRW", "OSCE", "ABA"),
    {(1, 0, 0): 240, (0, 1, 0): 220, (0, 0, 1): 210, (1, 1, 0): 44, (1, 0, 1): 42, (0, 1, 1): 38, (1, 1, 1): 8},
)
SHORT = Settings(turns=1000, extensions=0, ends=0.06)


def test_methods_are_told_in_their_order_and_none_goes_back():
    heard: list[Progress] = []
    found = estimate(TABLE, settings=SHORT, told=heard.append)
    places = [(one.number, one.share) for one in heard]
    assert places == sorted(places)
    assert {one.of for one in heard} == {max(one.number for one in heard)}
    assert {one.number for one in heard} == set(range(1, heard[0].of + 1))  # all that was planned ran
    assert set(found.methods) >= {heard[0].method, "decomposable graphs", "log-linear average"}
    assert {one.share for one in heard if one.method == "latent classes"} == {0.0, 0.5, 1.0}


def test_listening_changes_no_byte():
    heard: list[Progress] = []
    told = estimate(TABLE, settings=SHORT, told=heard.append)
    assert told.unlisted.tobytes() == estimate(TABLE, settings=SHORT).unlisted.tobytes()


def test_what_the_listener_raises_ends_the_estimate():
    def stop(progress: Progress) -> None:
        if progress.share >= 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        estimate(TABLE, settings=SHORT, told=stop)


def test_each_draw_of_the_linkage_is_told_by_its_name():
    heard = []
    over_linkage({"a": TABLE, "b": TABLE}, SHORT, lambda name, progress: heard.append(name))
    assert list(dict.fromkeys(heard)) == ["a", "b"]
