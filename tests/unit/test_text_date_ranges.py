"""What archivists type as a date, both ends included; what is wrong is told with an example."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.errors import UsageError
from bulletin.text.dates import date_range

TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2019-03-18", "2019-03-18", "2019-03-18"),
        ("2019-3-8", "2019-03-08", "2019-03-08"),
        ("20190318", "2019-03-18", "2019-03-18"),
        ("2019/03/18", "2019-03-18", "2019-03-18"),
        ("2019.3.18", "2019-03-18", "2019-03-18"),
        ("２０１９－０３", "2019-03-01", "2019-03-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2019", "2019-01-01", "2019-12-31"),
        ("2019年", "2019-01-01", "2019-12-31"),
        ("2019年3月", "2019-03-01", "2019-03-31"),
        ("2019年3月18日", "2019-03-18", "2019-03-18"),
        ("2019 年 3 月 18 日", "2019-03-18", "2019-03-18"),
        ("二○一九年三月十八日", "2019-03-18", "2019-03-18"),
        ("二〇一九年三月", "2019-03-01", "2019-03-31"),
        ("2019Q1", "2019-01-01", "2019-03-31"),
        ("2019-q4", "2019-10-01", "2019-12-31"),
        ("2019年第2季度", "2019-04-01", "2019-06-30"),
        ("2019年三季度", "2019-07-01", "2019-09-30"),
        ("2019年上半年", "2019-01-01", "2019-06-30"),
        ("2019H2", "2019-07-01", "2019-12-31"),
        ("today", "2026-03-31", "2026-03-31"),
        ("Yesterday", "2026-03-30", "2026-03-30"),
        ("昨天", "2026-03-30", "2026-03-30"),
        ("last-week", "2026-03-23", "2026-03-29"),
        ("last-month", "2026-02-01", "2026-02-28"),
        ("上月", "2026-02-01", "2026-02-28"),
        ("last-year", "2025-01-01", "2025-12-31"),
        ("30d", "2026-03-01", "2026-03-31"),
        ("2w", "2026-03-17", "2026-03-31"),
        ("1m", "2026-02-28", "2026-03-31"),
        ("6m", "2025-09-30", "2026-03-31"),
        ("3个月", "2025-12-31", "2026-03-31"),
        ("2年内", "2024-03-31", "2026-03-31"),
        ("2y", "2024-03-31", "2026-03-31"),
        ("2019-01..2019-06", "2019-01-01", "2019-06-30"),
        ("2019-01-05..2019", "2019-01-05", "2019-12-31"),
        ("2019年1月至2019年6月", "2019-01-01", "2019-06-30"),
        ("2019-01..", "2019-01-01", "2026-03-31"),
        ("last-year..last-month", "2025-01-01", "2026-02-28"),
    ],
)
def test_ranges(text: str, start: str, end: str) -> None:
    assert date_range(text, TODAY) == (date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2019-02-30", "February 2019 has 28 days"),
        ("2019-13", "no month 13"),
        ("2019年4月31日", "April 2019 has 30 days"),
        ("2019-06..2019-01", "before it begins"),
        ("0019", "out of reach"),
        ("foo", "no date"),
        ("3月", "no date"),
        ("", "no date"),
        ("..", "no date"),
        ("1..2..3", "no date"),
        ("2019-03-18 16:40", "no date"),
        ("x" * 500, "no date"),
    ],
)
def test_what_is_wrong_is_told_with_an_example(text: str, reason: str) -> None:
    with pytest.raises(UsageError) as caught:
        date_range(text, TODAY)
    assert reason in caught.value.message
    assert any(char.isdigit() for char in caught.value.advice)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_day_is_itself(day: date) -> None:
    assert date_range(day.isoformat(), TODAY) == (day, day)
    assert date_range(f"{day.year}年{day.month}月{day.day}日", TODAY) == (day, day)


@given(st.text(max_size=30))
def test_anything_else_is_a_usage_error(text: str) -> None:
    try:
        start, end = date_range(text, TODAY)
    except UsageError:
        return
    assert start <= end


@given(st.integers(0, 99999), st.sampled_from("dwmy"))
def test_long_ago_never_fails(count: int, unit: str) -> None:
    start, end = date_range(f"{count}{unit}", TODAY)
    assert start <= end == TODAY
