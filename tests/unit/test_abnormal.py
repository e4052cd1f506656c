"""What of a column is no longer as usual, and the word a source gets for it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.text.garbled import garbled
from bulletin.vitals import WORDS, Observed, observed_of
from desk.health.abnormal import changes_of
from desk.health.shares import jumped
from desk.health.words import SPOKEN, ColumnHistory, judge

TODAY = date(2026, 6, 10)
WELL = Observed(
    "gb",
    pages=1,
    rows=15,
    pairs=14,
    read=8,
    lengths=(900, 1400, 700, 2100, 1100, 800),
    likeness=0.9,
    pages_likeness=0.9,
    layout=tuple(range(64)),
    site_codes=("6199010042",),
    newest_on="2026-06-09",
)
BEFORE = [WELL] * 10


def codes(now, before=BEFORE):
    return {finding.code: finding.word for finding in changes_of(now, before)}


def test_a_run_as_usual_shows_nothing():
    assert codes(WELL) == {}
    assert codes(WELL, []) == {}
    assert codes(Observed("gb")) == {}


@pytest.mark.parametrize(
    ("change", "code", "word"),
    [
        ({"rows": 0, "pairs": 0, "newest_on": ""}, "list_empty", "redesigned"),
        ({"rows": 0, "pairs": 0, "says_empty": True}, "list_empty", "redesigned"),
        ({"rising": 12}, "order_broken", "redesigned"),
        ({"damaged_rows": 15}, "garbled", "redesigned"),
        ({"site_codes": ("6199999999",)}, "site_code_changed", "redesigned"),
        ({"likeness": 0.1}, "family_drift", "redesigned"),
        ({"layout": tuple(range(50, 114))}, "template_changed", "redesigned"),
        ({"read": 5, "unnumbered": 5}, "numbers_missing", "redesigned"),
        ({"read": 5, "undated": 5}, "dates_missing", "redesigned"),
        ({"read": 5, "damaged": 5}, "garbled", "redesigned"),
        ({"read": 6, "lengths": (12, 30, 9, 20, 25, 7)}, "bodies_collapsed", "redesigned"),
        ({"pages": 0, "list_trouble": "challenged_js"}, "blocked", "blocked"),
        ({"pages": 0, "list_trouble": "robots_unknown"}, "blocked", "blocked"),
        ({"pages": 0, "list_trouble": "robots_failed"}, "unreachable", "fault"),
        ({"pages": 0, "list_trouble": "dns_failed"}, "unreachable", "fault"),
        ({"pages": 0, "list_trouble": "gone"}, "list_lost", "redesigned"),
        ({"pages": 2, "list_trouble": "list_endless"}, "list_lost", "redesigned"),
        ({"pages": 3, "list_trouble": "timeout"}, "unreachable", "normal"),
        ({"read": 0, "troubles": (("waf_denied", 3),)}, "bulletins_lost", "blocked"),
        ({"read": 1, "troubles": (("timeout", 4),)}, "bulletins_lost", "fault"),
        ({"read": 0, "troubles": (("gone", 2), ("unreadable", 2))}, "bulletins_lost", "redesigned"),
    ],
)
def test_each_thing_has_its_word(change, code, word):
    assert codes(replace(WELL, **change)).get(code) == word


@pytest.mark.parametrize(
    "change",
    [
        {"rising": 2},
        {"damaged_rows": 1},
        {"site_codes": ()},
        {"likeness": 0.6},
        {"layout": (*range(48), *range(100, 116))},
        {"read": 8, "unnumbered": 2},
        {"read": 8, "damaged": 1},
        {"read": 2, "lengths": (12, 30)},
        {"read": 9, "troubles": (("gone", 4),)},
    ],
)
def test_little_things_prove_nothing(change):
    assert codes(replace(WELL, **change)) == {}


def test_a_column_that_never_had_numbers_misses_none():
    news = replace(WELL, unnumbered=2)
    assert codes(replace(news, read=12, unnumbered=12), [news] * 10) == {}


def test_a_loss_in_single_bulletins_adds_up():
    one = replace(WELL, read=1, lengths=(1000,))
    lost = replace(one, unnumbered=1)
    assert "numbers_missing" not in codes(lost, [one] * 20)
    assert "numbers_missing" in codes(lost, [lost, lost, lost, *[one] * 30])


def test_a_list_always_out_of_order_stays_so():
    assert codes(replace(WELL, rising=6), [replace(WELL, rising=6)] * 5) == {}


def test_a_list_whose_paging_never_worked_is_a_limit_of_ours():
    stuck = replace(WELL, list_trouble="list_not_paginable")
    assert codes(stuck, [stuck] * 3) == {"list_lost": "normal"}
    assert codes(stuck, BEFORE) == {"list_lost": "redesigned"}


def test_a_new_template_is_believed_after_three_runs():
    new = replace(WELL, layout=tuple(range(500, 564)))
    assert "template_changed" in codes(new, [new, new, *BEFORE])
    assert codes(new, [new, new, new, *BEFORE]) == {}


def test_a_share_without_earlier_bulletins_is_no_jump():
    assert jumped((5, 5), []) is None
    assert jumped((5, 5), [(0, 2)]) is None
    assert jumped((5, 5), [(0, 20)]) is None
    assert jumped((5, 5), [(0, 80)]) == (5, 5, pytest.approx(0.5 / 81))


def test_alike_bulletins_of_one_day_do_not_prove_much():
    """Where half of the bulletins have no number, twenty in a row without one are a busy office, no redesign."""
    assert jumped((20, 20), [(5, 10)] * 6) is None


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda pair: (min(pair), max(pair)))))
def test_any_counts_can_be_judged(counts):
    jumped((3, 7), counts)
    jumped((0, 0), counts)


def history(now=WELL, *, column="gb", last=date(2026, 6, 9), read_on=TODAY, watched=date(2026, 1, 5), before=BEFORE):
    days = [last - timedelta(n) for n in range(300)]
    return ColumnHistory(column, column, now, before, days, last, read_on, watched)


def test_the_gravest_word_counts_and_every_reason_is_there():
    lost = replace(WELL, pages=0, rows=0, list_trouble="waf_denied")
    word, findings = judge([history(lost), history(replace(WELL, rows=0), column="jb")], TODAY)
    assert word == "blocked"
    assert [finding.word for finding in findings] == ["blocked", "redesigned"]


def test_one_list_out_of_reach_counts_when_it_comes_twice():
    down = replace(WELL, pages=0, rows=0, list_trouble="down")
    assert judge([history(down), history(column="jb")], TODAY)[0] == "normal"
    assert judge([history(down, before=[down, *BEFORE]), history(column="jb")], TODAY)[0] == "fault"
    assert judge([history(down), history(down, column="jb")], TODAY)[0] == "fault"
    assert judge([history(down)], TODAY)[0] == "fault"


def test_a_list_that_never_had_entries_counts_where_no_other_has_any():
    bare = replace(WELL, rows=0, pairs=0)
    assert judge([history(bare, before=[]), history(column="jb")], TODAY)[0] == "normal"
    assert judge([history(bare, before=[])], TODAY)[0] == "redesigned"
    assert judge([history(replace(bare, says_empty=True), before=[])], TODAY)[0] == "normal"


def test_silence_is_counted_to_the_day_the_list_was_read():
    silent = history(last=date(2026, 5, 20))
    assert judge([silent], TODAY)[0] == "stalled"
    assert judge([replace(silent, read_on=date(2026, 5, 22))], TODAY)[0] == "normal"
    assert judge([replace(silent, read_on=None)], TODAY)[0] == "normal"


def test_a_column_that_had_ended_before_is_no_news():
    old = history(column="old", last=date(2025, 11, 3))
    word, findings = judge([history(), old], TODAY)
    assert (word, [finding.code for finding in findings]) == ("normal", ["ended"])
    word, findings = judge([old], TODAY)
    assert (word, [finding.code for finding in findings]) == ("stalled", ["ended"])


def test_unknown_holidays_are_said():
    later = date(2060, 6, 10)
    silent = history(last=date(2060, 5, 3), read_on=later, watched=date(2060, 1, 5))
    assert "2060 unknown" in judge([silent], later)[1][0].reason


def test_every_word_is_known_in_both_languages():
    assert set(SPOKEN) == set(WORDS)


def test_observations_come_back_from_json():
    record = {name: getattr(WELL, name) for name in WELL.__slots__} | {"of_a_later_version": 1}
    assert observed_of(record | {"layout": list(WELL.layout)}) == WELL
    assert observed_of({"column": "gb"}) == Observed("gb")


SOUND = "云岫县人民政府办公室关于印发河道清淤工作方案的通知"


@pytest.mark.parametrize(
    ("written", "read"), [("utf-8", "gb18030"), ("utf-8", "latin-1"), ("gb18030", "latin-1"), ("gb18030", "utf-8")]
)
def test_text_of_the_wrong_table_is_garbled(written, read):
    assert garbled(SOUND.encode(written).decode(read, "replace"))


@pytest.mark.parametrize(
    "text", ["", " ", SOUND, SOUND * 20 + "\ufffd", "Résumé of the county's works", "發(fā)布", "é"]
)
def test_sound_text_is_not_garbled(text):
    assert not garbled(text)


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text):
    garbled(text)
