"""What is no longer as a source's description says."""

from dataclasses import replace

import pytest
from builders import a_harvest, a_source

from bulletin.probe import ColumnSeen, FamilySeen, Probe, Sample
from crawler.drifting import drifts_of
from crawler.looking import probe_of, probe_record

SOURCE = a_source(site_code="6199010007")
(COLUMN,) = SOURCE.columns
TRS = FamilySeen("trs", 0.85, ("signs",))
SEEN = ColumnSeen(COLUMN, "in the source file", (TRS,), rows=15, dated=15, onward=True)


def sample(place, **changes):
    return Sample(f"http://www.yunxiu.example/{place}", COLUMN.id, "题", "2026-03-01", a_harvest(**changes))


def probe(*samples, column=SEEN, **changes):
    given = samples or tuple(sample(number) for number in range(3))
    seen = Probe(SOURCE.url, SOURCE, 9, (TRS,), (column,), given, (SOURCE.site_code,))
    return replace(seen, **changes)


def codes(found, had=(), kept=None):
    return [drift.code for drift in drifts_of(SOURCE, found, had=dict(had), kept=kept or {})]


def test_a_site_as_described_has_not_drifted():
    assert codes(probe(), {"tzgg": 40}) == []


def test_a_site_that_cannot_be_reached_says_that_and_no_more():
    assert codes(probe(code="down", reason="refused", columns=())) == ["site_unreachable"]


def test_another_system():
    other = replace(SEEN, families=(FamilySeen("generic", 0.05), FamilySeen("vsb", 0.9)))
    (drift,) = drifts_of(SOURCE, probe(column=other), had={}, kept={})
    assert drift.code == "family_changed"
    assert "vsb (0.90)" in drift.words


def test_a_source_without_a_system_cannot_lose_it():
    generic = replace(SEEN, column=replace(COLUMN, family="generic"), families=(FamilySeen("generic", 0.05),))
    assert codes(probe(column=generic)) == []


def test_an_empty_column_is_drift_where_it_had_bulletins_or_does_not_say_so():
    empty = replace(SEEN, rows=0, onward=False, says_empty=True)
    assert codes(probe(column=empty)) == []
    assert codes(probe(column=empty), {"tzgg": 3}) == ["column_empty"]
    assert codes(probe(column=replace(empty, says_empty=False))) == ["column_empty"]


def test_a_column_that_cannot_be_had_or_followed():
    assert codes(probe(column=ColumnSeen(COLUMN, code="gone", trouble="404"))) == ["column_unreachable"]
    assert codes(probe(column=replace(SEEN, trouble="the link to the next page is a script"))) == ["column_unreachable"]


def test_a_column_that_was_not_looked_at_is_not_judged():
    assert codes(probe(column=ColumnSeen(COLUMN))) == []


def test_another_site_code():
    assert codes(probe(site_codes=("6199020001",))) == ["site_code_changed"]
    assert codes(probe(site_codes=("6199020001", SOURCE.site_code))) == []
    assert codes(probe(site_codes=())) == []


@pytest.mark.parametrize("field", ["title", "text", "published_on"])
def test_fields_every_bulletin_has(field):
    empty = {"title": "", "text": "", "published_on": None}[field]
    lacking = [sample(number, **{field: empty}) for number in range(3)]
    assert codes(probe(*lacking)) == ["fields_missing"]
    assert codes(probe(lacking[0], sample(8), sample(9))) == []


def test_fields_that_were_read_before():
    one = sample(1, number=None, number_raw=None)
    assert codes(probe(one)) == []
    assert codes(probe(one), kept={one.url: a_harvest()}) == ["fields_missing"]
    assert codes(probe(one), kept={one.url: a_harvest(number=None)}) == []


def test_bulletins_that_cannot_be_read():
    bad = Sample("http://www.yunxiu.example/9", COLUMN.id, "题", "", None, "soft_404", "no such page")
    assert codes(probe(bad, sample(1))) == ["unreadable"]
    assert codes(probe(bad, sample(1), sample(2))) == []


def test_a_probe_survives_the_way_from_its_process():
    bad = Sample("http://www.yunxiu.example/9", COLUMN.id, "题", "", None, "soft_404", "no such page")
    told = probe(sample(1), bad, notes=("a", "b"))
    assert probe_of(probe_record(told)) == told
    assert probe_of(probe_record(Probe("http://a/", code="down", reason="x"))) == Probe(
        "http://a/", code="down", reason="x"
    )
