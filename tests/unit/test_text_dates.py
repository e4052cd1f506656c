"""Every printed shape of a date is read back, alone and in running text; what is none is not found."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.text.dates import find_dates, impossible_dates, parse_date

SHARED = Path(__file__).parents[2].parent / "shared"
DIGITS = "〇一二三四五六七八九"
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
ZEROS = st.sampled_from("〇○◯⚪Ｏ0０OoＯ零")


def spelt(number: int) -> str:
    """十八 for 18."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十") + (
        DIGITS[ones] if ones or not tens else ""
    )


def positional(number: int) -> str:
    return "".join(DIGITS[int(digit)] for digit in str(number))


def old_tens(number: int) -> str:
    """廿三 for 23, 卅 for 30."""
    tens, ones = divmod(number, 10)
    return "廿卅"[tens - 2] + (DIGITS[ones] if ones else "") if tens >= 2 else spelt(number)


def full_width(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


SHAPES = {
    "han": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "han padded": lambda d: f"{d.year}年{d.month:02d}月{d.day:02d}日",
    "han spaced": lambda d: f"{d.year} 年 {d.month} 月 {d.day} 日",
    "han wide": lambda d: full_width(f"{d.year}年{d.month}月{d.day}日"),
    "han 號": lambda d: f"{d.year}年{d.month}月{d.day}號",
    "iso": lambda d: d.isoformat(),
    "iso loose": lambda d: f"{d.year}-{d.month}-{d.day}",
    "slashes": lambda d: f"{d.year}/{d.month}/{d.day}",
    "slashes padded": lambda d: f"{d.year}/{d.month:02d}/{d.day:02d}",
    "points": lambda d: f"{d.year}.{d.month}.{d.day}",
    "wide marks": lambda d: full_width(f"{d.year}-{d.month}-{d.day}"),
    "numerals": lambda d: f"{positional(d.year)}年{spelt(d.month)}月{spelt(d.day)}日",
    "numerals spaced": lambda d: " ".join(f"{positional(d.year)}年{spelt(d.month)}月{spelt(d.day)}日"),
    "numerals old": lambda d: f"{positional(d.year)}年{spelt(d.month)}月{old_tens(d.day)}日",
    "numerals by place": lambda d: f"{positional(d.year)}年{positional(d.month)}月{positional(d.day)}日",
    "first month": lambda d: f"{d.year}年{'元' if d.month == 1 else d.month}月{d.day}日",
    "Republic": lambda d: f"民國{d.year - 1911}年{d.month}月{d.day}日" if d.year > 1911 else d.isoformat(),
    "mixed": lambda d: f"{d.year}年{spelt(d.month)}月{d.day}日",
}
AROUND = st.sampled_from(["", "发布时间：", "（", "于", "日期:", "\n", "云岫县人民政府 "])
BEHIND = st.sampled_from(["", "。", "）", " 来源：本站", "\n", "起施行", "浏览次数：12", "，共3项"])


@pytest.mark.parametrize("shape", SHAPES)
@given(day=DAYS, zero=ZEROS, before=AROUND, behind=BEHIND)
def test_every_shape_is_read_back(shape: str, day: date, zero: str, before: str, behind: str) -> None:
    printed = SHAPES[shape](day).replace("〇", zero)
    found = parse_date(printed)
    assert found is not None
    assert (found.day, found.precision, found.moment) == (day, "day", None)
    (inside,) = find_dates(before + printed + behind)
    assert inside.day == day
    assert inside.raw == printed
    assert (before + printed + behind)[inside.start : inside.end] == printed


TIMES = {
    " {:%H:%M}": True,
    " {:%H:%M:%S}": False,
    "T{:%H:%M:%S}": False,
    "　{:%H：%M}": True,
    "{:%H时%M分}": True,
    " {:%H:%M:%S}.000": False,
    "T{:%H:%M:%S}+08:00": False,
    "（星期一）{:%H:%M}": True,
    " 星期三 {:%H:%M:%S}": False,
}


@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize("shape", ["iso", "han", "slashes padded"])
@given(moment=st.datetimes(datetime(1995, 1, 1), datetime(2090, 1, 1)))  # noqa: DTZ001 - a wall clock in Shanghai
def test_times_are_shanghai_times(shape: str, time: str, moment: datetime) -> None:
    moment = moment.replace(second=0 if TIMES[time] else moment.second, microsecond=0)
    printed = SHAPES[shape](moment.date()) + time.format(moment)
    found = parse_date(printed)
    assert found is not None
    assert found.day == moment.date()
    assert found.moment is not None
    assert found.moment.tzinfo is UTC
    assert (found.moment.replace(tzinfo=None) - moment).total_seconds() == -8 * 3600


@pytest.mark.parametrize(
    ("text", "day", "moment"),
    [
        ("2019-03-18 下午 4:40", "2019-03-18", "2019-03-18T08:40"),
        ("2019年3月18日上午10时", "2019-03-18", "2019-03-18T02:00"),
        ("2019年3月18日中午12点30分", "2019-03-18", "2019-03-18T04:30"),
        ("2019年3月18日凌晨12:10", "2019-03-18", "2019-03-17T16:10"),
        ("2019年3月18日晚8点半", "2019-03-18", "2019-03-18T12:30"),
        ("2019-3-18 4:40:12 PM", "2019-03-18", "2019-03-18T08:40:12"),
        ("2019-3-18 12:05 AM", "2019-03-18", "2019-03-17T16:05"),
        ("2019-03-18T23:40:00Z", "2019-03-19", "2019-03-18T23:40"),
        ("2019-03-18T16:40:00-05:00", "2019-03-19", "2019-03-18T21:40"),
        ("2019-03-18 24:00", "2019-03-18", "2019-03-18T16:00"),
        ("2019-03-1816:40", "2019-03-18", "2019-03-18T08:40"),
        ("20190318164005", "2019-03-18", "2019-03-18T08:40:05"),
        ("1552898400000", "2019-03-18", "2019-03-18T08:40"),
    ],
)
def test_moments(text: str, day: str, moment: str) -> None:
    found = parse_date(text)
    assert found is not None
    assert found.day == date.fromisoformat(day)
    assert found.moment == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("2019年3月", "2019-03-01", "month"),
        ("二○一六年十月", "2016-10-01", "month"),
        ("2019年03月份", "2019-03-01", "month"),
        ("2019-03", "2019-03-01", "month"),
        ("2019.3", "2019-03-01", "month"),
        ("201903", "2019-03-01", "month"),
        ("2019年", "2019-01-01", "year"),
        ("2019", "2019-01-01", "year"),
        ("民國一百〇七年", "2018-01-01", "year"),
        ("中華民國元年", "1912-01-01", "year"),
        ("20190318", "2019-03-18", "day"),
        ("[2019-03-18]", "2019-03-18", "day"),
        ("2019年3月18日 星期一", "2019-03-18", "day"),
    ],
)
def test_precision(text: str, day: str, precision: str) -> None:
    found = parse_date(text)
    assert found is not None
    assert (found.day.isoformat(), found.precision) == (day, precision)


@pytest.mark.parametrize(
    "text",
    [
        "016045510/2019-01578",
        "6199010000/2024-001005",
        "003129766/201901-00336",
        "2026-02-00018",
        "20191202-189769",
        "YP-2026-00491",
        "12019-03-18",
        "2019-03-180",
        "2019.03.18.5",
        "电话 0916-2019-03",
        "https://x.example/art/2019/3/18/art_1.html",
        "./t20190318_12.html",
        "第2019-03号",
        "2019.03万元",
        "1990年代",
        "农历二〇一九年三月十八日",
        "93.09.17",
        "3月18日",
        "1582年",
        "二二年",
        "2010-11学年",
        "ISBN 978-7-2019-03-1",
    ],
)
def test_what_is_no_date_is_not_found(text: str) -> None:
    assert find_dates(text) == []
    assert impossible_dates(text) == []


@pytest.mark.parametrize(
    "text",
    ["2019-02-30", "2019年2月29日", "2019/13/01", "2019-00-00", "二〇一九年十三月一日", "2019.4.31", "2019年3月0日"],
)
def test_impossible_dates_are_named_and_never_cut_to_what_is_possible(text: str) -> None:
    assert find_dates(f"于{text}发布") == []
    assert impossible_dates(f"于{text}发布") == [text]
    assert parse_date(text) is None


def test_several_dates_in_one_line() -> None:
    text = "2019.3.18-2019.3.25，2019年3月18、19日，自2018年12月31日至2019年1月2日；2020年"
    assert [(f.day.isoformat(), f.precision) for f in find_dates(text)] == [
        ("2019-03-18", "day"),
        ("2019-03-25", "day"),
        ("2019-03-18", "day"),
        ("2018-12-31", "day"),
        ("2019-01-02", "day"),
        ("2020-01-01", "year"),
    ]


def test_a_span_of_hours_is_no_offset() -> None:
    (found,) = find_dates("2024年5月10日 9:00-11:30")
    assert found.moment == datetime(2024, 5, 10, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", " ", "无", "长期", "2019-03-18之后", "共2019年3月", "2019-13", "20190230", "99999999999999", "x" * 200]
)
def test_no_dates(text: str) -> None:
    assert parse_date(text) is None


@given(st.text(st.sampled_from("2019年三月-/.: 日Oo〇十一T民國0")))
def test_anything_is_read_without_harm(text: str) -> None:
    for found in find_dates(text):
        assert text[found.start : found.end] == found.raw
        assert found.start < found.end
    parse_date(text)


@pytest.mark.parametrize(
    "unit",
    [
        "1234567890",
        "2019-",
        "2019 ",
        "2019年1",
        "一",
        "12345678 ",
        "2019-01-",
        "民國",
        "二〇一九年 ",
        "二 ",
        "2019" + " " * 999,
    ],
)
def test_long_hostile_texts_end(unit: str) -> None:
    text = unit * (400_000 // len(unit))
    assert len(find_dates(text)) <= len(text) // 5 + 1


@pytest.mark.shared
def test_vectors_of_the_standards_sheet() -> None:
    sheet = (SHARED / "guides" / "standards.md").read_text("utf-8")
    section = sheet[sheet.index("### 3.4") : sheet.index("### 3.5")]
    pairs = re.findall(r"`([^`]+)`(?: \([^)]*\))? → (\d{4}-\d\d-\d\d)", section)
    assert len(pairs) >= 5
    for printed, day in pairs:
        found = parse_date(printed)
        assert found is not None, printed
        assert found.day.isoformat() == day
