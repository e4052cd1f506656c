"""A scripted year of a county gazette gives exactly the revisions, events and ledger that its author wrote down."""

from collections import defaultdict
from datetime import UTC, date, datetime, time
from types import SimpleNamespace

import pytest
from commanding import Gongbao
from crawling import run, settings, site_source

from archive import open_archive, open_vault
from archive.row_check import check_rows
from bulletin.ids import digest
from bulletin.record import CHINA
from bulletin.text.clean import squeeze
from desk.demo.server import Serving
from desk.demo.year import Year

pytestmark = [pytest.mark.more, pytest.mark.timeout(1500)]  # 28 crawls, each a process of its own

YEAR = Year().expected()["year"]
NAMES = Year().expected()["names"]
CRAWLS = [date.fromisoformat(day) for day in YEAR["crawls"]]


def day_of(moment):
    return moment.astimezone(CHINA).date().isoformat()


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    """The home after all crawls, with the runs by day and the states the site showed."""
    home = tmp_path_factory.mktemp("year")
    site = Year()
    runs = {}
    with Serving([site]) as serving:
        source = site_source(site, serving.address)
        for day in CRAWLS:
            site.today = day
            moment = datetime.combine(day, time(2, 0), UTC)
            runs[day.isoformat()], _ = run(home, source, now=moment)
    with open_archive(settings(home).archive_url) as archive:
        ids = {name: archive.find_id(url)[0] for name, url in NAMES.items()}
        yield SimpleNamespace(home=home, runs=runs, archive=archive, source=source, site=site, ids=ids)


def test_every_paper_is_one_document(year):
    assert year.archive.counts()["documents"] == len(NAMES)


def test_revisions(year):
    found = {name: len(year.archive.revisions(one)) for name, one in year.ids.items()}
    assert found == {name: len(states) for name, states in YEAR["revisions"].items()}


def test_edited_and_edited_back_are_three_revisions_of_two_states(year):
    texts = [squeeze(revision.harvest.text) for revision in year.archive.revisions(year.ids["p03"])]
    assert texts[0] == texts[2] != texts[1]
    days = [day_of(revision.fetched_at) for revision in year.archive.revisions(year.ids["p03"])]
    assert days == ["2025-01-07", "2025-02-12", "2025-04-21"]


def test_each_revision_says_what_the_site_showed(year):
    for name, document in year.ids.items():
        for revision in year.archive.revisions(document):
            year.site.today = revision.fetched_at.astimezone(CHINA).date()
            truth = year.site._now(name)
            assert revision.harvest.title == truth.title
            assert squeeze(revision.harvest.text) == squeeze("".join(truth.paragraphs))
            assert [a.digest for a in revision.harvest.attachments] == [digest(file.data) for file in truth.files]


def test_events(year):
    told = year.archive.ledger.events()
    assert [[event.kind, day_of(event.noticed_at)] for event in reversed(told)] == YEAR["events"]
    (event,) = told
    assert event.details["pages"] == event.details["compared"] == 11
    assert any("template_changed" in note for note in year.runs["2025-05-13"].tally.notes)


def test_the_ledger(year):
    found = defaultdict(list)
    for name, document in year.ids.items():
        for one in year.archive.ledger.movements(document):
            found[name].append([day_of(one.moved_at), one.event, one.before, one.after])
    assert found == YEAR["ledger"]


def test_every_probe_is_kept(year):
    found = defaultdict(list)
    for name, document in year.ids.items():
        for one in year.archive.ledger.probes(document):
            found[name].append([day_of(one.probed_at), one.finding])
            assert one.counts
    assert found == YEAR["probes"]


def test_where_each_paper_stands(year):
    found = {name: year.archive.document(document).status for name, document in year.ids.items()}
    assert found == YEAR["standings"]
    assert {name: year.archive.ledger.standing(one).state for name, one in year.ids.items()} == YEAR["standings"]


def test_withdrawals_are_counted_when_they_are_concluded(year):
    assert {day: run.tally.withdrawn for day, run in year.runs.items() if run.tally.withdrawn} == YEAR["withdrawn"]


def test_runs_end_as_they_should(year):
    outcomes = {day: run.outcome for day, run in year.runs.items() if run.outcome != "done"}
    assert outcomes == {"2025-08-19": "blocked", "2025-08-22": "failed", "2025-08-29": "blocked"}
    assert [day_of(run.started_at) for run in year.runs.values()] == YEAR["crawls"]


def test_every_absence_has_its_evidence_in_the_vault(year):
    statuses = defaultdict(set)
    with open_vault(settings(year.home).vault_path) as vault:
        for name, document in year.ids.items():
            for one in year.archive.ledger.probes(document):
                capture = vault.read(one.record)
                assert (capture.url, capture.status) == (NAMES[name], one.status)
                assert day_of(capture.fetched_at) == day_of(one.probed_at)
                statuses[name, one.finding].add(capture.status)
    assert statuses["p05", "gone"] == {404}
    assert statuses["p13", "gone"] == {410}
    assert statuses["p07", "redirected_home"] == {302}
    assert statuses["p06", "soft_404"] == statuses["p08", "replaced"] == {200}
    assert statuses["p13", "site_down"] == {502}
    assert statuses["p13", "blocked"] == {405}


def test_the_database_agrees_with_itself(year):
    assert list(check_rows(year.archive)) == []


def test_it_is_shown_with_the_evidence(year):
    gongbao = Gongbao(year.home)
    (year.home / "gongbao.toml").touch()
    told = gongbao("withdrawn", "--json")
    assert told.code == 0, told.err
    assert told.json["states"] == {"delisted": 1, "withdrawn": 3, "listed": 3}
    shown = {one["id"]: one for one in told.json["bulletins"]}
    assert shown.keys() == {year.ids[name] for name in ("p07", "p08", "p13")}
    one = shown[year.ids["p13"]]
    assert (one["state"], one["finding"], one["listed"], one["absent_probes"]) == ("withdrawn", "gone", False, 7)
    assert [(probe["finding"], probe["status"], probe["counts"]) for probe in one["probes"][:4]] == [
        ("gone", 410, True),
        ("site_down", 502, False),
        ("gone", 410, True),
        ("blocked", 405, False),
    ]
    assert all(probe["record"]["warc"].endswith(".warc.gz") for probe in one["probes"])
    assert [entry["event"] for entry in one["ledger"]] == ["gone", "withdrawn"]


def test_it_is_shown_to_a_person(year):
    gongbao = Gongbao(year.home)
    (year.home / "gongbao.toml").touch()
    told = gongbao("withdrawn", "--source", year.source.id, "--since", "2025-09").out
    assert year.ids["p13"] in told
    assert year.ids["p07"] not in told
    assert "2025-08-22 10:00  site_down 502" in told
    assert "no longer in its list" in told
    back = gongbao("withdrawn", "--state", "returned")
    assert {year.ids["p05"], year.ids["p06"]} == {one for one in year.ids.values() if one in back.out}
    assert "came back, noticed on 2025-10-07" in back.out
    page = gongbao("show", year.ids["p13"]).out
    assert "at its source: withdrawn since 2025-09-08, found gone by 7 probes" in page
    assert gongbao("show", year.ids["p13"], "--json").json["status"] == "withdrawn"
    assert "template_changed" in gongbao("source", "show", year.source.id).out


def test_mistakes_are_told(year):
    gongbao = Gongbao(year.home)
    (year.home / "gongbao.toml").touch()
    assert gongbao("withdrawn", "--state", "vanished").code == 2
    assert gongbao("withdrawn", "--source", "nobody").code == 2
    empty = gongbao("withdrawn", "--state", "soft_404", "--fail-empty")
    assert (empty.code, empty.out) == (3, "")
