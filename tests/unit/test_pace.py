"""Hours, bytes of a day, and the longest of all delays."""

from datetime import UTC, datetime, timedelta

import pytest
from builders import a_source

from bulletin.errors import ConfigError
from bulletin.source import Manners
from crawler.catalogue import dump_source, source_of, table_of
from crawler.pace import DailyBytes, Hours, polite_delay

HOME = "http://www.yunxiu.example/"


def at(hour, minute=0):
    """A moment at that time of day in China."""
    return datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=hour - 8, minutes=minute)


@pytest.mark.parametrize(
    ("text", "permitted", "refused"),
    [
        ("22:00-06:00", [(22, 0), (23, 59), (0, 0), (5, 59)], [(6, 0), (12, 0), (21, 59)]),
        ("1:30-5:00", [(1, 30), (4, 59)], [(1, 29), (5, 0), (23, 0)]),
        ("18:00-24:00", [(18, 0), (23, 59)], [(0, 0), (17, 59)]),
        ("", [(0, 0), (12, 0)], []),
    ],
)
def test_hours_of_the_day_in_china(text, permitted, refused):
    hours = Hours(text)
    assert all(hours.permit(at(*moment)) for moment in permitted)
    assert not any(hours.permit(at(*moment)) for moment in refused)


@pytest.mark.parametrize("text", ["night", "22-6", "25:00-06:00", "22:00-22:00", "22:60-06:00"])
def test_hours_that_are_none_are_refused_by_name(text):
    with pytest.raises(ConfigError, match="hours"):
        Hours(text)
    with pytest.raises(ConfigError, match="hours"):
        source_of(table_of(a_source()) | {"manners": {"hours": text}})


def test_manners_go_into_a_source_file_and_back():
    import tomllib

    source = a_source(manners=Manners(hours="22:00-06:00", max_bytes_per_day=5_000_000))
    assert source_of(tomllib.loads(dump_source(source))) == source


def test_the_bytes_of_a_day_end_with_it():
    now = [at(23, 50)]
    spent = DailyBytes({"a.example": 100}, lambda: now[0])
    spent.add("a.example", 5)
    spent.add("b.example", 1)
    assert (spent.of("a.example"), spent.of("b.example")) == (105, 1)
    now[0] = at(24, 1)
    assert spent.of("a.example") == 0
    spent.add("a.example", 7)
    assert spent.of("a.example") == 7


def test_a_slow_answer_makes_us_wait_a_multiple_of_its_time():
    source = a_source(manners=Manners(delay=3.0))
    assert polite_delay(source, HOME, 3.0, 0.0, took=0.2, multiple=10) == 3.0
    assert polite_delay(source, HOME, 3.0, 0.0, took=1.5, multiple=10) == 15.0
    assert polite_delay(source, HOME, 3.0, 20.0, took=1.5, multiple=10) == 20.0
    assert polite_delay(source, HOME, 3.0, 0.0, took=600, multiple=10) == 60.0


def test_this_machine_is_spared_the_wait():
    source = a_source(manners=Manners(delay=0.0), resolve=(("www.yunxiu.example", "127.0.0.1:1"),))
    assert polite_delay(source, HOME, 3.0, 0.0, took=1.5, multiple=10) == 0.0
