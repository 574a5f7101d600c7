"""What the rule makes of published tables."""

import pytest

from corroborate.estimation import Settings, estimate
from corroborate.values import OverlapTable


def test_kosovo_is_about_ten_thousand_and_graphs_say_more_inside_its_interval(shared):
    # Ball et al. (2002): about 10,356; R's LCMCR 10,468 (9,257 to 13,982), dga 12,595 (9,827 to 16,544)
    table = OverlapTable.parse(shared("mse/kosovo.csv").read_text(encoding="utf-8"))
    found = estimate(table, settings=Settings(turns=2000, changes=False))
    assert found.method == "latent classes"
    assert found.headline.median == pytest.approx(10_450, rel=0.03)
    assert found.headline.low == pytest.approx(9100, rel=0.06)
    assert found.headline.high == pytest.approx(13_900, rel=0.08)
    assert found.methods["decomposable graphs"].median == pytest.approx(12_595, rel=0.02)
    assert found.headline.low < found.methods["decomposable graphs"].median < found.headline.high
    assert 4400 < found.at_least < found.headline.low


def test_the_table_made_to_show_instability_warns(shared):
    table = OverlapTable.parse(shared("mse/artificial_3.csv").read_text(encoding="utf-8"))
    found = estimate(table, settings=Settings(turns=500, changes=False))
    assert any("log-linear models were refused: the model [" in line for line in found.warnings)
    assert any("Nobody on C is on any other list" in line for line in found.warnings)
    assert found.headline.high < 10_000
