"""Cron lines through a year of several zones, against croniter and, where clocks are changed, against our own rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise, takewhile
from zoneinfo import ZoneInfo

import pytest
from croniter import croniter
from hypothesis import assume, given
from hypothesis import strategies as st

from bulletin.errors import UsageError
from desk.scheduling.cron import NICKNAMES, first_moment, open_cron
from desk.scheduling.sentence import in_chinese, in_english

HOUR = timedelta(hours=1)
LINES = [
    "0 3 * * *",
    "30 2 * * *",
    "*/20 */4 * * *",
    "0 */6 * * 1-5",
    "15 1,2,3 * * *",
    "0 0 1,15 * *",
    "30 2 L * *",
    "0 4 * * 5L",
    "0 4 * * 1#2",
    "59 23 31 * *",
    "0 0 29 2 *",
    "7 3 */5 * *",
    "0 12 13 * 5",
]
# Years with changes of the clock in each zone, Shanghai's last but one among them.
YEARS = [
    ("Asia/Shanghai", 2026),
    ("Asia/Shanghai", 1986),
    ("Asia/Shanghai", 1990),
    ("America/New_York", 2026),
    ("Europe/Berlin", 2028),
    ("Australia/Lord_Howe", 2026),
    ("Africa/Casablanca", 2026),
    ("Pacific/Apia", 2011),
]


def year_of(line: str, zone: str, year: int) -> list[datetime]:
    start = datetime(year, 1, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    end = datetime(year + 1, 1, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return list(takewhile(lambda moment: moment < end, open_cron(line, zone).moments(start)))


def changes(zone: str, year: int) -> list[tuple[datetime, timedelta]]:
    """When the clocks were changed in a year, to the hour or half hour, and by how much they were put forward."""
    at, found = datetime(year, 1, 1, tzinfo=UTC), []
    while at.year == year:
        before, after = (moment.astimezone(ZoneInfo(zone)).utcoffset() for moment in (at, at + HOUR / 2))
        assert before is not None
        assert after is not None
        if before != after:
            found.append((at + HOUR / 2, after - before))
        at += HOUR / 2
    return found


@pytest.mark.parametrize(("zone", "year"), YEARS)
@pytest.mark.parametrize("line", LINES)
def test_a_year_fires_as_croniter_says(zone: str, year: int, line: str) -> None:
    """On the wall, where no clock is changed: both name the same times. Around a change the rule below holds."""
    ours = year_of(line, zone, year)
    changed = [moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for moment, _ in changes(zone, year)]

    def undisturbed(wall: datetime) -> bool:
        return all(abs(wall - moment) > timedelta(hours=26) for moment in changed)

    walls = croniter(line.replace("5L", "L5"), datetime(year, 1, 1), ret_type=datetime)  # noqa: DTZ001 (a time on a wall)
    theirs = [wall for wall in takewhile(lambda w: w.year == year, walls) if undisturbed(wall)]
    shown = [moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for moment in ours]
    assert [wall for wall in shown if undisturbed(wall)] == theirs
    assert all(first < second for first, second in pairwise(ours))


@pytest.mark.parametrize(("zone", "year"), [pair for pair in YEARS if changes(*pair)])
def test_every_change_of_the_clock_of_a_year(zone: str, year: int) -> None:
    """Each quarter of an hour the wall shows fires once; those it never shows fire together when the gap ends."""
    fired = year_of("*/15 * * * *", zone, year)
    shown = [moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for moment in fired]
    assert len(shown) == len(set(shown))
    assert changes(zone, year)
    for change, forward in changes(zone, year):
        around = [moment for moment in fired if abs(moment - change) < timedelta(hours=3)]
        gaps = {second - first for first, second in pairwise(around)}
        assert change in fired or forward < timedelta(0)
        # Put forward: no time is left out. Put back: the second showing of the hour is silent.
        assert gaps == ({HOUR / 4} if forward > timedelta(0) else {HOUR / 4, HOUR / 4 - forward})


@pytest.mark.parametrize(
    ("zone", "line", "after", "fires"),
    [
        # 02:00 to 03:00 does not exist
        ("America/New_York", "30 2 * * *", "2026-03-07T12Z", ["2026-03-08T03:00-04", "2026-03-09T02:30-04"]),
        ("Europe/Berlin", "0 2 * * *", "2026-03-28T12Z", ["2026-03-29T03:00+02", "2026-03-30T02:00+02"]),
        ("Europe/Berlin", "5,35 2,3 29 3 *", "2026-03-28T12Z", ["2026-03-29T03:00+02", "2026-03-29T03:05+02"]),
        ("Asia/Shanghai", "30 2 * * *", "1986-05-03T12Z", ["1986-05-04T03:00+09", "1986-05-05T02:30+09"]),
        # half an hour that does not exist
        ("Australia/Lord_Howe", "10 2 * * *", "2026-10-03T00Z", ["2026-10-04T02:30+11", "2026-10-05T02:10+11"]),
        # an hour that comes twice: the first time only
        ("America/New_York", "30 1 * * *", "2026-10-31T12Z", ["2026-11-01T01:30-04", "2026-11-02T01:30-05"]),
        ("Asia/Shanghai", "30 1 * * *", "1986-09-13T12Z", ["1986-09-14T01:30+09", "1986-09-15T01:30+08"]),
        ("Australia/Lord_Howe", "45 1 * * *", "2026-04-04T00Z", ["2026-04-05T01:45+11", "2026-04-06T01:45+10:30"]),
        ("Africa/Casablanca", "30 2 * * *", "2026-02-14T12Z", ["2026-02-15T02:30+01", "2026-02-16T02:30+00"]),
        # asked within the hour that comes a second time
        ("America/New_York", "45 1 * * *", "2026-11-01T06:10Z", ["2026-11-02T01:45-05"]),
        # a day that does not exist
        ("Pacific/Apia", "0 12 * * *", "2011-12-29T23Z", ["2011-12-31T00:00+14", "2011-12-31T12:00+14"]),
    ],
)  # fmt: skip
def test_where_clocks_are_changed(zone: str, line: str, after: str, fires: list[str]) -> None:
    times = open_cron(line, zone).next_times(datetime.fromisoformat(after), len(fires))
    assert times == [datetime.fromisoformat(moment) for moment in fires]


def test_back_is_forward_backwards() -> None:
    for zone, year in YEARS:
        for line in ("45 1,2 * * *", "30 2 * * *", "30 1 L * *"):
            forward = year_of(line, zone, year)
            back = takewhile(lambda at, first=forward[0]: at >= first, open_cron(line, zone).moments_back(forward[-1]))
            assert list(back)[::-1] == forward


def test_the_moment_itself_is_not_behind_it() -> None:
    cron = open_cron("0 3 * * *", "UTC")
    at = datetime(2026, 4, 1, 3, tzinfo=UTC)
    assert cron.after(at) == at + timedelta(days=1)
    assert cron.after(at - timedelta(microseconds=1)) == at
    assert cron.after(at + timedelta(microseconds=1)) == at + timedelta(days=1)
    assert next(cron.moments_back(at)) == at
    assert next(cron.moments_back(at - timedelta(microseconds=1))) == at - timedelta(days=1)


@pytest.mark.parametrize(
    "line",
    [
        "0 0 31 2 *",
        "0 0 30 2 *",
        "0 0 31 4,6,9,11 *",
        "0 0 31 2 */2",
        "",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "0 24 * * *",
        "0 0 32 * *",
        "0 0 * 13 *",
        "0 0 * * 8",
        "0 0 15W * *",
        "0 0 ? * *",
        "0 22-6 * * *",
        "*/0 * * * *",
        "@reboot",
        "@every 5m",
        "每天三点",
        "0 3 * * * ; rm",
        "９ 3 * * *",
        "0,0," * 99 + "0 3 * * *",
        "\0 3 * * *",
    ],
)
def test_what_is_no_line_or_never_fires_is_refused(line: str) -> None:
    with pytest.raises(UsageError) as told:
        open_cron(line, "Asia/Shanghai")
    assert "Five fields" in told.value.advice or "@" in told.value.advice


@pytest.mark.parametrize("name", ["Asia/Peking", "", "../../etc/passwd", "CST+8", "localtime", "Mars/Base", "北京"])
def test_a_zone_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(UsageError) as told:
        open_cron("0 3 * * *", name)
    assert "Did you mean" in told.value.advice or "Asia/Shanghai" in told.value.advice


def test_what_is_rare_is_not_refused() -> None:
    leap = open_cron("0 0 29 2 *", "Asia/Shanghai")
    assert [at.year for at in leap.next_times(datetime(2026, 3, 1, tzinfo=UTC), 2)] == [2028, 2032]
    assert open_cron("0 0 * 2 mon#5", "UTC").after(datetime(2026, 1, 1, tzinfo=UTC)) == datetime(
        2044, 2, 29, tzinfo=UTC
    )
    assert open_cron("0 0 31 2 1", "UTC").after(datetime(2026, 1, 1, tzinfo=UTC)) == datetime(2026, 2, 2, tzinfo=UTC)


@pytest.mark.parametrize("word", sorted(NICKNAMES))
def test_short_words(word: str) -> None:
    at = datetime(2026, 4, 1, tzinfo=UTC)
    assert open_cron(word.upper(), "UTC").after(at) == open_cron(NICKNAMES[word], "UTC").after(at)


def test_the_end_of_all_time() -> None:
    assert open_cron("0 0 1 1 *", "UTC").after(datetime(9999, 6, 1, tzinfo=UTC)) is None


@given(
    st.datetimes(datetime(1985, 1, 1), datetime(2040, 1, 1)),  # noqa: DTZ001
    st.sampled_from([zone for zone, _ in YEARS]),
)
def test_a_wall_leads_to_its_first_moment(wall: datetime, name: str) -> None:
    zone, wall = ZoneInfo(name), wall.replace(microsecond=0, fold=0)
    moment = first_moment(wall, zone)
    shown = moment.astimezone(zone).replace(tzinfo=None)
    assert shown >= wall
    assert (moment - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None) < wall


# -- as sentences -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "chinese"),
    [
        ("0 3 * * *", "每天 03:00（Asia/Shanghai）"),
        ("@hourly", "每小时整点（Asia/Shanghai）"),
        ("*/15 * * * *", "每15分钟（Asia/Shanghai）"),
        ("0 3 * * 1-5", "每周一至五 03:00（Asia/Shanghai）"),
        ("0 8,20 * * SUN", "每周日 08:00、20:00（Asia/Shanghai）"),
        ("30 2 L * *", "每月最后一天 02:30（Asia/Shanghai）"),
        ("0 3 1 1 *", "1月1日 03:00（Asia/Shanghai）"),
        ("15 3 1-7 * 1", "每月1日至7日或每周一 03:15（Asia/Shanghai）"),
        ("0 3 * JAN-MAR 5L", "1月至3月周五（当月最后一个） 03:00（Asia/Shanghai）"),
    ],
)
def test_the_chinese_sentence(line: str, chinese: str) -> None:
    assert in_chinese(line, "Asia/Shanghai") == chinese


def test_the_english_sentence() -> None:
    assert in_english("30 2 L * *", "Europe/Berlin") == "At 02:30, on the last day of the month (Europe/Berlin)"
    assert in_english("@daily", "UTC") == "At 00:00 (UTC)"


def terms(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high)
    span = st.tuples(number, number).map(lambda pair: f"{min(pair)}-{max(pair)}")
    one = st.one_of(number.map(str), span, st.tuples(span, st.integers(1, 9)).map(lambda p: f"{p[0]}/{p[1]}"))
    several = st.lists(one, min_size=1, max_size=3).map(",".join)
    return st.one_of(st.just("*"), st.integers(1, 9).map(lambda n: f"*/{n}"), several)


@given(
    st.tuples(
        terms(0, 59),
        terms(0, 23),
        st.one_of(terms(1, 28), st.sampled_from(["L", "LW", "1,L"])),
        terms(1, 12),
        st.one_of(terms(0, 6), st.sampled_from(["5L", "1#2", "MON-FRI"])),
    )
)
def test_every_line_fires_and_has_sentences(parts: tuple[str, ...]) -> None:
    assume(parts[2] != "LW" or parts[4] not in ("*/6", "*/7", "*/8", "*/9"))  # a working day on a weekend: never
    line = " ".join(parts)
    at = datetime(2026, 4, 1, tzinfo=UTC)
    first = open_cron(line, "Asia/Shanghai").after(at)
    assert first is not None
    assert first > at
    assert in_chinese(line, "Asia/Shanghai").endswith("（Asia/Shanghai）")
    assert in_english(line, "Asia/Shanghai").endswith("(Asia/Shanghai)")
