"""What the ledger keeps, and that nobody can alter it unnoticed."""

from datetime import timedelta

import pytest
from builders import NOW, a_harvest, a_source
from homes import HOST, a_home
from sqlalchemy import text

from archive import open_archive
from archive.row_check import check_rows
from archive.sealing import check_seals
from bulletin.capture import RecordRef
from bulletin.errors import UsageError
from bulletin.ledger import (
    BLOCKED,
    DELISTED,
    GONE,
    LISTED,
    REACHABLE,
    RETURNED,
    SITE_DOWN,
    TEMPLATE_CHANGED,
    WITHDRAWN,
    Probed,
    SourceEvent,
)
from bulletin.query import Filters
from desk.tasks.asking import Asking
from desk.tasks.finding import search
from desk.tasks.sealing import proof_folder, seal_home
from desk.tasks.withdrawing import disappeared, probe_suspected

SOURCE = a_source()
PAGE = f"{HOST}/gb/3.html"


@pytest.fixture
def home(tmp_path):
    with a_home(tmp_path / "home") as home:
        yield home


@pytest.fixture
def ledger(home):
    return home.archive.ledger


def at(day):
    return NOW + timedelta(days=day)


def probe(ledger, day, finding, url=PAGE, **more):
    return ledger.probed(SOURCE.id, Probed(url, at(day), finding, **more))


def the_id(home, url=PAGE):
    (found,) = home.archive.find_id(url)
    return found


def withdraw(home):
    record = home.archive.revision(the_id(home)).record
    return [probe(home.archive.ledger, day, GONE, status=404, code="gone", record=record) for day in (2, 3, 5)]


def test_three_probes_make_a_withdrawal_and_all_are_kept(home, ledger):
    moved = withdraw(home)
    assert [one and one.event for one in moved] == [GONE, None, WITHDRAWN]
    document = the_id(home)
    assert home.archive.document(document).status == WITHDRAWN
    assert [(one.probed_at, one.finding, one.status) for one in ledger.probes(document)] == [
        (at(day), GONE, 404) for day in (2, 3, 5)
    ]
    assert [one.event for one in ledger.movements(document)] == [GONE, WITHDRAWN]
    assert (probe(ledger, 9, REACHABLE, status=200).event, ledger.standing(document).state) == (RETURNED, LISTED)
    assert home.archive.document(document).status == LISTED


def test_what_puts_nothing_in_question_is_not_kept(home, ledger):
    for finding in (REACHABLE, BLOCKED, SITE_DOWN):
        assert probe(ledger, 2, finding) is None
    assert probe(ledger, 2, GONE, url=f"{HOST}/nobody/knows.html") is None
    assert ledger.probes(the_id(home)) == []
    assert list(ledger.in_question([LISTED, GONE, BLOCKED])) == []


def test_the_evidence_is_the_newest_capture_of_the_address_unless_another_is_given(home, ledger):
    probe(ledger, 2, GONE, status=404)
    given = RecordRef("x.warc.gz", 5, 6, "sha256:00")
    probe(ledger, 3, GONE, status=404, record=given)
    probe(ledger, 4, SITE_DOWN)
    document = the_id(home)
    own = home.archive.revision(document).record
    found = [(one.record, one.status) for one in ledger.probes(document)]
    assert found == [(own, 200), (given, 404), (None, 0)]


def test_missed_and_shown_again(home, ledger):
    document = the_id(home)
    assert [one.event for one in ledger.missed(SOURCE.id, [document], at(2))] == [DELISTED]
    assert ledger.missed(SOURCE.id, [document], at(3)) == []
    assert home.archive.known(SOURCE.id)[PAGE].missing
    assert [seed.url for seed in ledger.due(SOURCE.id, at(2), 10)] == [PAGE]
    assert [one.event for one in ledger.shown(SOURCE.id, [document], at(4))] == [LISTED]
    assert not home.archive.known(SOURCE.id)[PAGE].missing
    assert ledger.due(SOURCE.id, at(9), 10) == []


def test_what_is_due_and_when(home, ledger):
    probe(ledger, 2, GONE)
    known = home.archive.known(SOURCE.id)[PAGE]
    assert (known.status, known.in_question, known.missing) == (GONE, True, False)
    assert ledger.due(SOURCE.id, at(2.5), 10) == []
    assert len(ledger.due(SOURCE.id, at(3), 10)) == 1
    assert ledger.due(SOURCE.id, at(3), 0) == []
    assert ledger.sources_due(at(3)) == [SOURCE.id]
    assert ledger.sources_due(at(2.5)) == []


def test_nothing_is_asked_where_nothing_is_due(home):
    assert probe_suspected(home) == []


def test_a_paper_that_stands_under_another_address_is_not_withdrawn(home, ledger):
    one, other = f"{HOST}/old/9.html", f"{HOST}/new/9.html"
    for url in (one, other):
        home.archive.deposit(SOURCE, "gb", url, a_harvest(), fetched_at=at(1), payload_digest="p", record=None)
    document = the_id(home, one)
    assert the_id(home, other) == document
    for day in (2, 3, 5):
        probe(ledger, day, GONE, url=one)
    assert home.archive.document(document).status == LISTED
    assert [told.counts for told in ledger.probes(document)] == [False] * 3
    assert {seed.url for seed in ledger.due(SOURCE.id, at(6), 10)} == {one, other}
    # Now neither address is there: from here on it counts.
    for day in (6, 7, 9):
        probe(ledger, day, GONE, url=other)
        probe(ledger, day, GONE, url=one)
    assert home.archive.document(document).status == WITHDRAWN
    assert ledger.standing(document).first_absent_at == at(6)


def test_events_of_a_source(ledger):
    ledger.happened(SourceEvent(SOURCE.id, at(2), TEMPLATE_CHANGED, "7 of 9", {"urls": [PAGE], "pages": 7}))
    ledger.happened(SourceEvent(SOURCE.id, at(3), "other", "", {}))
    assert [event.kind for event in ledger.events()] == ["other", TEMPLATE_CHANGED]
    (event,) = ledger.events(SOURCE.id, kind=TEMPLATE_CHANGED, since=at(1))
    assert (event.note, event.details) == ("7 of 9", {"urls": [PAGE], "pages": 7})
    assert ledger.events("nobody") == ledger.events(since=at(4)) == []


def test_counts_and_selections_by_state(home, ledger):
    withdraw(home)
    ledger.missed(SOURCE.id, [the_id(home, f"{HOST}/gb/4.html")], at(2))
    assert ledger.counts() == {WITHDRAWN: 1, DELISTED: 1}
    assert ledger.counts(["nobody"]) == {}
    chosen = [document.id for document, _ in home.archive.select(Filters(status=(WITHDRAWN,)))]
    assert chosen == ledger.with_status([WITHDRAWN]) == [the_id(home)]
    assert len(list(home.archive.select(Filters(status=(LISTED,))))) == 4


def test_a_search_by_state(home, ledger):
    withdraw(home)
    hits = search(home, Asking("河道", status=("withdrawn",))).hits
    assert [hit.document_id for hit in hits] == [the_id(home)]
    assert search(home, Asking("河道", status=("listed",))).total == 5
    assert search(home, Asking("河道", status=("suspected",))).total == 0
    with pytest.raises(UsageError):
        search(home, Asking("河道", status=("withdrawed",)))


def test_dossiers(home, ledger):
    withdraw(home)
    document = the_id(home)
    (found,) = disappeared(home)
    assert (found.document.id, found.standing.state, len(found.probes), len(found.movements)) == (
        document,
        WITHDRAWN,
        3,
        2,
    )
    assert disappeared(home, since=at(6).date()) == disappeared(home, states=["suspected"]) == []
    assert len(disappeared(home, since=at(5).date(), states=["any"])) == 1
    probe(ledger, 9, REACHABLE)
    assert disappeared(home) == []
    assert [one.document.id for one in disappeared(home, states=["returned"])] == [document]
    with pytest.raises(UsageError, match="no source"):
        disappeared(home, sources=["nobody"])


ROWS = {
    "status": "UPDATE documents SET status = 'withdrawn' WHERE url LIKE '%/4.html'",
    "standing": "UPDATE standings SET state = 'gone'",
    "movement gone": "DELETE FROM movements WHERE id = 2",
    "standing gone": "DELETE FROM standings",
    "evidence": "UPDATE probes SET warc_offset = warc_offset + 1 WHERE id = 1",
}
SEALED_ROWS = {
    "probe gone": "DELETE FROM probes WHERE id = 2",
    "probe altered": "UPDATE probes SET finding = 'reachable' WHERE id = 2",
    "moment": "UPDATE movements SET moved_at = '2026-04-02 00:00:00.000000' WHERE id = 1",
    "event altered": "UPDATE events SET note = 'nothing' WHERE id = 1",
}


def altered(home, statement):
    with home.archive._turns.write() as conn:
        assert conn.execute(text(statement)).rowcount


@pytest.mark.parametrize("statement", ROWS.values(), ids=ROWS.keys())
def test_a_ledger_that_contradicts_itself_is_found(home, ledger, statement):
    withdraw(home)
    assert list(check_rows(home.archive)) == []
    altered(home, statement)
    assert list(check_rows(home.archive))


@pytest.mark.parametrize("statement", SEALED_ROWS.values(), ids=SEALED_ROWS.keys())
def test_a_ledger_that_was_rewritten_is_found_by_its_seal(home, ledger, statement):
    withdraw(home)
    ledger.happened(SourceEvent(SOURCE.id, at(2), TEMPLATE_CHANGED, "7 of 9", {"pages": 7}))
    seal_home(home, at(6))
    assert seals(home) == []
    altered(home, statement)
    assert [fault.where for fault in seals(home)] == ["proof"]


def seals(home):
    from archive.fixity import Pace

    return list(check_seals(proof_folder(home), home.vault, home.archive, Pace(0)))


def test_a_document_of_another_archive_is_listed(tmp_path):
    with open_archive(f"sqlite:///{tmp_path / 'a.db'}") as archive:
        archive.deposit(SOURCE, "gb", PAGE, a_harvest(), fetched_at=NOW, payload_digest="p", record=None)
        (document,) = archive.find_id(PAGE)
        assert archive.ledger.standing(document).state == LISTED
        assert list(check_rows(archive)) == []
