"""What is counted, when a source is left alone, and what a crawl is called in the end."""

import json
from datetime import date

import pytest
from builders import a_capture, a_harvest, a_source

from bulletin.config import CrawlSettings, Settings
from bulletin.errors import DiskFullError
from bulletin.harvest import Doubt, Evidence
from bulletin.ids import digest
from bulletin.source import Manners, Seed
from crawler.depositing import Holdings, Reading
from crawler.errand import Errand, order_of, order_record
from crawler.families.family import Ask
from crawler.frontier import Frontier
from crawler.gleaning import file_harvest, with_row
from crawler.steps import Verdict
from crawler.troubles import Trouble
from crawler.walking import BLOCKS_BORNE, SILENCE_BORNE, Walk


def a_walk():
    events = []
    source = a_source()
    frontier = Frontier(source, Errand(), known={}, pending=[], swept={}, first=_first(source), max_pages=9)
    return Walk(source, frontier, events.append), events


def _first(source):
    return {column.id: Ask(column.url) for column in source.columns}


def trouble(code):
    return Trouble(code, "words")


def test_refusals_in_a_row_end_the_walk_and_an_answer_between_them_does_not():
    walk, _ = a_walk()
    for _ in range(BLOCKS_BORNE - 1):
        walk.trouble(trouble("forbidden"), "u")
    walk.answered()
    walk.trouble(trouble("forbidden"), "u")
    assert not walk.stopped
    for _ in range(BLOCKS_BORNE):
        walk.trouble(trouble("waf_denied"), "u")
    assert walk.stopped
    assert walk.frontier.done


def test_a_host_that_refuses_or_keeps_silent_is_asked_one_thing_at_a_time():
    walk, _ = a_walk()
    walk.window, walk.flying = 5, 2
    assert walk.has_room
    for code in ("forbidden", "timeout"):
        walk.trouble(trouble(code), "u")
        assert not walk.has_room
        walk.answered()
        assert walk.has_room


def test_single_guarded_pages_of_different_kinds_do_not_end_the_walk():
    walk, _ = a_walk()
    for code in ("challenged_js", "challenged_js", "geo_or_ip_fenced", "waf_denied", "rate_limited", "forbidden"):
        walk.trouble(trouble(code), "u")
    assert not walk.stopped


def test_a_silent_host_is_left_alone_after_a_while():
    walk, _ = a_walk()
    for _ in range(SILENCE_BORNE):
        assert not walk.stopped
        walk.trouble(trouble("timeout"), "u")
    assert walk.stopped


def test_many_unreadable_or_forbidden_pages_are_no_reason_to_leave():
    walk, _ = a_walk()
    for _ in range(20):
        walk.trouble(trouble("unreadable"), "u")
        walk.trouble(trouble("robots_forbidden"), "u")
    assert not walk.stopped


@pytest.mark.parametrize(
    ("codes", "counts", "outcome"),
    [
        ([], {"lists": 1}, "done"),
        (["gone"], {"lists": 1}, "done"),
        (["off_host"], {"lists": 1}, "done"),
        (["unreadable"], {"lists": 1}, "partly"),
        (["robots_forbidden"], {"lists": 1}, "partly"),
        (["robots_unknown"], {}, "blocked"),
        (["timeout"], {}, "failed"),
        (["request_limit"], {"lists": 1}, "partly"),
    ],
)
def test_outcomes(codes, counts, outcome):
    walk, _ = a_walk()
    walk.counts.update(counts)
    for code in codes:
        walk.trouble(trouble(code), "u")
    assert walk.outcome() == outcome


def test_what_is_not_there_is_neither_a_failure_nor_yet_a_withdrawal():
    walk, events = a_walk()
    for code in ("gone", "soft_404", "redirected_home", "replaced"):
        walk.trouble(trouble(code), "u")
    tally = walk.tally()
    assert (tally.withdrawn, tally.failed, tally.blocked) == (0, 0, 0)
    assert dict(tally.problems) == {"gone": 1, "soft_404": 1, "redirected_home": 1, "replaced": 1}
    assert [event["code"] for event in events] == ["gone", "soft_404", "redirected_home", "replaced"]


def test_interrupting_a_walk_that_has_ended_changes_nothing():
    walk, _ = a_walk()
    walk.frontier.stop()
    walk.interrupt()
    assert walk.outcome() != "interrupted"


def test_every_event_is_json():
    walk, events = a_walk()
    walk.trouble(trouble("gone"), "u")
    walk.note("字")
    walk.flying = 1
    walk.step()
    walk.finish()
    assert json.loads(json.dumps(events)) == json.loads(json.dumps(events, default=str))


# -- the order --------------------------------------------------------------------------------------------------------


def test_the_order_survives_its_journey(tmp_path):
    sources = (
        a_source(),
        a_source(id="x", manners=Manners(delay=0.5), resolve=(("www.yunxiu.example", "127.0.0.1:1"),)),
    )
    settings = Settings(home=tmp_path, crawl=CrawlSettings(delay=1.5, private_hosts=True))
    errand = Errand(("tzgg",), date(2026, 3, 1), 5, True, True)
    order = order_of(json.loads(json.dumps(order_record(sources, settings, errand))))
    assert (order.sources, order.errand) == (sources, errand)
    assert (order.settings.home, order.settings.crawl) == (tmp_path, settings.crawl)


# -- a disk that is full ----------------------------------------------------------------------------------------------


class _Full:
    """An archive or vault on a full disk."""

    @property
    def captures(self):
        return self

    def __getattr__(self, name):
        def fails(*_, **__):
            raise DiskFullError("No room left on the disk.", "Make room and crawl again.")

        return fails


@pytest.mark.parametrize(
    "act",
    [
        lambda held: held.keep(a_source(), a_capture(), True),
        lambda held: held.write_down(a_source(), "tzgg", Verdict(), a_capture()),
        lambda held: held.deposit(Reading(a_walk()[0], Seed("u", "tzgg"), a_harvest(), (a_capture(),), None)),
        lambda held: held.unchanged(a_source(), Seed("u", "tzgg"), a_capture(), None),
        lambda held: held.done_with(a_source(), Seed("u", "tzgg")),
    ],
)
def test_a_full_disk_halts_the_crawl(act):
    told = []
    with pytest.raises(DiskFullError):
        act(Holdings(_Full(), _Full(), told.append))
    assert isinstance(told[0], DiskFullError)


def test_the_payload_digest_goes_over_all_pages():
    one, two = a_capture(payload=b"1"), a_capture(payload=b"2")
    walk = a_walk()[0]
    assert Reading(walk, Seed("u", "c"), a_harvest(), (one,), None).payload_digest == digest(b"1")
    both = Reading(walk, Seed("u", "c"), a_harvest(), (one, two), None).payload_digest
    assert both not in (digest(b"1"), digest(b"2"))
    assert both != Reading(walk, Seed("u", "c"), a_harvest(), (two, one), None).payload_digest


# -- what the list knows ----------------------------------------------------------------------------------------------


def test_the_list_row_fills_what_the_page_leaves_open():
    filled = with_row(
        a_harvest(title=None, published_on=None), Seed("u", "c", listed_title="通知…", listed_date="2026-03-01")
    )
    assert (filled.title, str(filled.published_on)) == ("通知…", "2026-03-01")
    assert dict(filled.evidence)["title"].origin == "row"
    assert [doubt.field for doubt in filled.doubts] == ["title"]


def test_the_list_row_never_overrules_the_page():
    harvest = a_harvest()
    assert with_row(harvest, Seed("u", "c", listed_title="别的", listed_date="2020-01-01")) is harvest


def test_the_list_row_is_trusted_above_an_address():
    told = (("published_on", Evidence("generic", 0.3)),)
    doubts = (Doubt("published_on", "the page shows no date; this is the one in its address"),)
    harvest = a_harvest(published_on=date(2026, 3, 2), evidence=told, doubts=doubts)
    filled = with_row(harvest, Seed("u", "c", listed_date="2026-03-01"))
    assert (filled.published_on, filled.doubts) == (date(2026, 3, 1), ())
    assert dict(filled.evidence)["published_on"].origin == "row"


def test_a_row_with_an_impossible_date_gives_none():
    assert with_row(a_harvest(published_on=None), Seed("u", "c", listed_date="2026-02-30")).published_on is None


def test_a_link_to_a_file_becomes_a_bulletin_made_of_that_file():
    capture = a_capture(
        url="http://www.yunxiu.example/a/%E5%90%8D%E5%86%8C.pdf",
        body=b"%PDF-1.4",
        payload=b"%PDF-1.4",
        headers=(("Content-Type", "application/pdf"),),
    )
    harvest = file_harvest(Seed(capture.url, "c", listed_title="水库名册", listed_date="2026-03-01"), capture)
    assert (harvest.title, harvest.attachments[0].name) == ("水库名册", "名册.pdf")
    assert harvest.attachments[0].digest == digest(b"%PDF-1.4")
    assert harvest.doubts
