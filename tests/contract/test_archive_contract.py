"""What every database of the archive promises."""

from __future__ import annotations

import os
import threading
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from builders import NOW, a_harvest, a_source

from archive import Archive, open_archive
from archive.contents import contents_of
from archive.opening import engine_of
from archive.tables import metadata
from bulletin.capture import RecordRef
from bulletin.document import Contents, Deposit
from bulletin.errors import NotFoundError, UsageError
from bulletin.harvest import (
    Attachment,
    BlockEntry,
    Chrome,
    Doubt,
    Evidence,
    Harvest,
    Pages,
    Repair,
    Row,
    Section,
    Table,
)
from bulletin.ids import document_id
from bulletin.query import DateRange, Filters
from bulletin.run import Tally
from bulletin.source import Seed

HOST = "http://www.yunxiu.example"
SOURCE = a_source()
RECORD = RecordRef("a.warc.gz", 17, 300, "sha256:aa")


def urls() -> list[str]:
    return ["sqlite", *filter(None, [os.environ.get("GONGBAO_TEST_POSTGRES")])]


@pytest.fixture(params=urls())
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'gongbao.db'}"
        return
    _empty(request.param)
    yield request.param


@pytest.fixture
def archive(url: str) -> Iterator[Archive]:
    with open_archive(url) as opened:
        yield opened


def _empty(url: str) -> None:
    engine = engine_of(url)
    with engine.begin() as conn:
        metadata.drop_all(conn)
        conn.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
    engine.dispose()


def put(
    archive: Archive, path: str = "/1.html", harvest: Harvest | None = None, *, day: int = 0, payload: str = "p1"
) -> Deposit:
    moment = NOW + timedelta(days=day)
    return archive.deposit(
        SOURCE,
        "tzgg",
        HOST + path,
        harvest or a_harvest(),
        fetched_at=moment,
        payload_digest=payload,
        record=RECORD,
    )


def full_harvest() -> Harvest:
    return a_harvest(
        kind="issue",
        kicker="云岫快报",
        subtitle="二〇二六年第三期",
        issue="第3期(总第349期)",
        issue_number=349,
        topic=("农业", "水利"),
        genre="通知",
        disclosure="长期公开",
        validity="有效",
        signed_on=date(2026, 3, 17),
        published_at=datetime(2026, 3, 20, 1, 30, 12, 345678, tzinfo=UTC),
        effective_on=date(2026, 4, 1),
        expires_on=date(2031, 4, 1),
        author="柳照溪",
        source_name="云岫县融媒体中心",
        editor="乔远山",
        reviewer="戚闻笛",
        sections=(
            Section("一", "甲", (Section("(一)", "乙", (Section("1.", "丙"),)), Section("(二)", "丁"))),
            Section("", "戊"),
            Section("二", "己", (Section("(一)", "庚"),)),
        ),
        attachments=(
            Attachment("附件1", f"{HOST}/a.doc", "application/msword", 12, "sha256:bb", "内容"),
            Attachment("附件2", f"{HOST}/b.pdf"),
        ),
        pages=Pages(1, 4, (3,)),
        block=(BlockEntry("索引号", "619901012/2026-00031", "index_number"), BlockEntry("公开方式", "主动公开")),
        tables=(Table((("甲", "乙"), ("", "丁"))),),
        rows=(Row("一条", f"{HOST}/x", "2026-03-01", True),),
        chrome=(Chrome("footer", "主办: 云岫县人民政府办公室"),),
        evidence=(("title", Evidence("meta", 0.9)),),
        doubts=(Doubt("published_on", "两个日期不同"), Doubt("", "无署名")),
        repairs=(Repair(0, 1, 0, 2, "a", "bc", "reading", False),),
        links=(f"{HOST}/1_2.html",),
        text_received="原样",
        read_by="trs/3",
    )


def test_everything_read_comes_back_as_it_was(archive: Archive) -> None:
    made = put(archive, harvest=full_harvest())
    revision = archive.revision(made.document_id)
    assert revision is not None
    assert revision.harvest == full_harvest()
    assert (revision.number, revision.payload_digest, revision.fetched_at) == (1, "p1", NOW)
    assert revision.record == RECORD
    assert archive.revision(made.document_id, 1) == revision
    assert archive.revision(made.document_id, 2) is None


def test_a_first_deposit_makes_a_document_named_after_its_url(archive: Archive) -> None:
    made = put(archive, "/a/../1.html#top")
    assert made == Deposit("new", document_id(SOURCE.id, f"{HOST}/1.html"), 1)
    document = archive.document(made.document_id)
    assert document is not None
    assert (document.url, document.column, document.region) == (f"{HOST}/1.html", "tzgg", "619901")
    assert (document.first_seen, document.last_seen, document.status) == (NOW, NOW, "listed")
    assert archive.document("0" * 16) is None


def test_the_same_content_is_a_sighting(archive: Archive) -> None:
    made = put(archive)
    spaced = a_harvest(text="\r\n".join(f"\u3000{line} " for line in a_harvest().text.split("\n")), chrome=())
    again = put(archive, harvest=spaced, day=3, payload="p2")
    assert again == Deposit("unchanged", made.document_id, 1)
    assert len(archive.revisions(made.document_id)) == 1
    assert [s.seen_at for s in archive.sightings(made.document_id)] == [NOW, NOW + timedelta(days=3)]
    document = archive.document(made.document_id)
    assert document is not None
    assert document.last_seen == NOW + timedelta(days=3)


def test_there_and_back_again_is_three_revisions(archive: Archive) -> None:
    outcomes = [
        put(archive, harvest=a_harvest(text=text), day=day, payload=f"p{day}")
        for day, text in enumerate(("甲" * 40, "乙" * 40, "甲" * 40))
    ]
    assert [made.outcome for made in outcomes] == ["new", "changed", "changed"]
    revisions = archive.revisions(outcomes[0].document_id)
    assert [r.number for r in revisions] == [1, 2, 3]
    assert revisions[0].content_digest == revisions[2].content_digest != revisions[1].content_digest
    assert [s.revision for s in archive.sightings(outcomes[0].document_id)] == [1, 2, 3]


def test_a_better_reading_lies_beside_the_old_one(archive: Archive) -> None:
    made = put(archive)
    before = archive.last_seq()
    better = a_harvest(title="更好的标题", read_by="generic/2")
    assert put(archive, harvest=better) == Deposit("unchanged", made.document_id, 1)
    revision = archive.revision(made.document_id)
    assert revision is not None
    assert (revision.number, revision.harvest.title) == (1, "更好的标题")
    assert [r.harvest.read_by for r in archive.readings(made.document_id, 1)] == ["generic/1", "generic/2"]
    assert [change.revision.harvest.title for change in archive.changes(before)] == ["更好的标题"]
    assert put(archive, harvest=better, day=1, payload="p2").outcome == "unchanged"


def test_a_swapped_attachment_is_a_revision_though_the_page_is_the_same(archive: Archive) -> None:
    def with_file(digest: str) -> Harvest:
        return a_harvest(attachments=(Attachment("附件", f"{HOST}/a.doc", digest=digest),))

    made = put(archive, harvest=with_file(""))
    assert put(archive, harvest=with_file("sha256:aa"), day=1).outcome == "unchanged"
    assert put(archive, harvest=with_file(""), day=2).outcome == "unchanged"
    assert put(archive, harvest=with_file("sha256:bb"), day=3) == Deposit("changed", made.document_id, 2)


def test_a_reading_without_files_keeps_what_was_learnt_of_them(archive: Archive) -> None:
    file = Attachment("附件", f"{HOST}/a.doc", "application/msword", 3, "sha256:aa", "正文")
    made = put(archive, harvest=a_harvest(attachments=(file,)))
    put(archive, harvest=a_harvest(attachments=(Attachment("附件", file.url),), read_by="generic/2"))
    revision = archive.revision(made.document_id)
    assert revision is not None
    assert revision.harvest.attachments == (file,)


def test_the_same_paper_under_another_url_is_one_document(archive: Archive) -> None:
    made = put(archive)
    assert put(archive, "/copy.html") == Deposit("unchanged", made.document_id, 1, alias=True)
    known = archive.known(SOURCE.id)
    assert {url: k.document_id for url, k in known.items()} == {
        f"{HOST}/1.html": made.document_id,
        f"{HOST}/copy.html": made.document_id,
    }
    assert archive.find_id(f"{HOST}/copy.html") == [made.document_id]
    assert archive.counts()["documents"] == 1


def test_two_urls_of_a_paper_that_come_apart_do_not_take_turns(archive: Archive) -> None:
    made = put(archive)
    put(archive, "/copy.html")
    edited = a_harvest(text="另" * 50)
    assert put(archive, "/copy.html", edited, day=1, payload="p2").outcome == "changed"
    for day in (2, 3):
        assert put(archive, "/1.html", day=day, payload=f"x{day}").outcome == "unchanged"
        assert put(archive, "/copy.html", edited, day=day, payload=f"y{day}").outcome == "unchanged"
    assert len(archive.revisions(made.document_id)) == 2
    assert put(archive, "/1.html", edited, day=5, payload="p5") == Deposit("unchanged", made.document_id, 2)


@pytest.mark.parametrize("changes", [{"title": ""}, {"title": None}, {"text": ""}, {"text": "详见附件"}])
def test_papers_that_say_too_little_stay_apart(archive: Archive, changes: dict[str, str]) -> None:
    first = put(archive, "/1.html", a_harvest(**changes))
    second = put(archive, "/2.html", a_harvest(**changes))
    assert second.outcome == "new"
    assert first.document_id != second.document_id


def test_other_sources_keep_their_own_copy(archive: Archive) -> None:
    put(archive)
    neighbour = a_source(id="619902_songquan", region="619902")
    made = archive.deposit(
        neighbour, "", f"{HOST}/1.html", a_harvest(), fetched_at=NOW, payload_digest="p", record=None
    )
    assert made.outcome == "new"
    assert len(archive.find_id(f"{HOST}/1.html")) == 2


def test_an_id_is_found_by_its_beginning(archive: Archive) -> None:
    made = put(archive)
    assert archive.find_id(made.document_id[:5].upper()) == [made.document_id]
    assert archive.find_id("") == archive.find_id("%") == archive.find_id("ftp://x/") == []


def test_known_remembers_what_the_next_request_needs(archive: Archive) -> None:
    args = {"etag": '"e1"', "last_modified": "Mon", "listed_title": "题", "listed_date": "2026-03-20"}
    archive.deposit(
        SOURCE, "tzgg", f"{HOST}/1.html", a_harvest(), fetched_at=NOW, payload_digest="p1", record=None, **args
    )
    known = archive.known(SOURCE.id)[f"{HOST}/1.html"]
    assert {name: getattr(known, name) for name in args} == args
    assert (known.payload_digest, known.column) == ("p1", "tzgg")
    assert archive.sight(
        SOURCE.id, f"{HOST}/1.html", "tzgg", seen_at=NOW, listed_title="新题", listed_date="2026-03-21"
    )
    assert archive.known(SOURCE.id)[f"{HOST}/1.html"].listed_title == "新题"
    assert archive.known("nobody") == {}


def test_the_contents_of_issues_are_those_of_their_newest_revisions(archive: Archive) -> None:
    rows = (Row("云岫县人民政府第1号通知", f"{HOST}/wj/1.html"), Row("第2号通知", f"{HOST}/wj/2.html", "2026-03-01"))
    first = a_harvest(title="公报第1期", issue="2026年第1期", issue_number=7, rows=rows[:1])
    put(archive, "/gb/1.html", first)
    assert contents_of(archive, SOURCE.id) == {f"{HOST}/gb/1.html": Contents("2026年第1期", 7, rows[:1])}
    longer = replace(first, text="云岫县人民政府第1号通知\n第2号通知，自发布之日起施行，有效期五年。", rows=rows)
    put(archive, "/gb/1.html", longer, day=1, payload="p2")
    assert put(archive, "/gb/one.html", longer, day=1, payload="p3").alias
    put(archive, "/article.html", a_harvest())
    put(archive, "/list.html", a_harvest(kind="list", title="列表", rows=rows))
    found = contents_of(archive, SOURCE.id)
    assert found == dict.fromkeys((f"{HOST}/gb/1.html", f"{HOST}/gb/one.html"), Contents("2026年第1期", 7, rows))
    assert contents_of(archive, "619902_songquan") == {}
    put(archive, "/gb/1.html", replace(first, text="不再是目录的一页", rows=()), day=2, payload="p4")
    assert contents_of(archive, SOURCE.id) == {}


def test_where_contents_lead_is_learnt_without_a_revision(archive: Archive) -> None:
    rows = (Row("云岫县人民政府第1号通知", f"{HOST}/wj/1.html"),)
    kept = put(archive, "/gb/1.html", a_harvest(issue="2026年第1期"))
    again = put(archive, "/gb/1.html", a_harvest(issue="2026年第1期", rows=rows), day=1)
    assert (again.outcome, again.revision) == ("unchanged", 1)
    assert contents_of(archive, SOURCE.id)[f"{HOST}/gb/1.html"].rows == rows
    assert len(archive.readings(kept.document_id, 1)) == 2
    put(archive, "/gb/1.html", a_harvest(issue="2026年第1期", rows=rows), day=2)
    assert len(archive.readings(kept.document_id, 1)) == 2


def test_sightings_without_a_record_only_move_last_seen(archive: Archive) -> None:
    made = put(archive)
    later = NOW + timedelta(days=9)
    assert archive.sight(SOURCE.id, f"{HOST}/1.html", "tzgg", seen_at=later)
    assert len(archive.sightings(made.document_id)) == 1
    assert archive.sight(SOURCE.id, f"{HOST}/1.html", "other", seen_at=later)
    assert archive.sight(SOURCE.id, f"{HOST}/1.html", "tzgg", seen_at=later, record=RECORD)
    assert [s.column for s in archive.sightings(made.document_id)] == ["tzgg", "other", "tzgg"]
    document = archive.document(made.document_id)
    assert document is not None
    assert document.last_seen == later
    assert not archive.sight(SOURCE.id, f"{HOST}/unknown.html", "tzgg", seen_at=later)


def test_changes_name_each_document_once_in_its_newest_state(archive: Archive) -> None:
    first, second = put(archive, "/1.html"), put(archive, "/2.html", a_harvest(title="另一份文件"))
    put(archive, "/1.html", a_harvest(text="新" * 50), day=1, payload="p2")
    put(archive, "/2.html", a_harvest(title="另一份文件"), day=1)
    changes = list(archive.changes())
    assert [(c.document.id, c.revision.number) for c in changes] == [(second.document_id, 1), (first.document_id, 2)]
    assert [c.seq for c in changes] == sorted(c.seq for c in changes)
    assert archive.last_seq() == changes[-1].seq
    assert list(archive.changes(changes[0].seq)) == changes[1:]
    assert list(archive.changes(limit=1)) == changes[:1]
    assert list(archive.changes(archive.last_seq())) == []


def test_changes_stream_over_many_documents(archive: Archive) -> None:
    with archive.batch():
        made = [put(archive, f"/{n}.html", a_harvest(title=f"第{n}号公告")) for n in range(450)]
    assert [c.document.id for c in archive.changes()] == [m.document_id for m in made]
    assert [d.id for d, _ in archive.select(Filters())] == sorted(m.document_id for m in made)


def test_a_selection_of_any_size_takes_the_memory_of_a_few(archive: Archive) -> None:
    with archive.batch():
        for n in range(400):
            put(archive, f"/{n}.html", a_harvest(title=f"第{n}号", text="公" * 20_000, sections=()))
    tracemalloc.start()
    assert sum(len(revision.harvest.text) for _, revision in archive.select(Filters())) == 400 * 20_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 400 * 20_000  # all texts together: twice that


def dated(archive: Archive) -> dict[str, str]:
    """Five papers with and without dates; name -> id."""
    days = {"a": date(2026, 1, 5), "b": date(2026, 2, 1), "c": date(2026, 3, 31), "u": None, "v": None}
    return {
        name: put(
            archive, f"/{name}.html", a_harvest(title=name, published_on=day, dated_on=date(2025, 5, n + 1)), day=n
        ).document_id
        for n, (name, day) in enumerate(days.items())
    }


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (DateRange(), "abcuv"),
        (DateRange(date(2026, 1, 5), date(2026, 2, 1)), "abuv"),
        (DateRange(date(2026, 1, 5), date(2026, 2, 1), undated="exclude"), "ab"),
        (DateRange(date(2026, 1, 5), undated="only"), "uv"),
        (DateRange(date(2026, 2, 1), undated="exclude"), "bc"),
        (DateRange(end=date(2025, 5, 2), date="dated"), "ab"),
        (DateRange(date(2026, 4, 3), date="seen"), "cuv"),
    ],
)
def test_a_range_goes_by_the_named_date(archive: Archive, asked: DateRange, expected: str) -> None:
    names = {identity: name for name, identity in dated(archive).items()}
    found = [names[document.id] for document, _ in archive.select(Filters(range=asked))]
    if asked.date == "published":
        undated = sorted(
            (name for name in expected if name in "uv"), key=lambda name: {v: k for k, v in names.items()}[name]
        )
        expected = "".join(name for name in expected if name not in "uv") + "".join(undated)
    assert "".join(found) == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(source=(SOURCE.id,)), 2),
        (Filters(source=("nobody",)), 0),
        (Filters(source=(SOURCE.id, "nobody")), 2),
        (Filters(region="6199"), 2),
        (Filters(region="619901"), 2),
        (Filters(region="619900"), 2),
        (Filters(region="61_"), 0),
        (Filters(office="水利"), 1),
        (Filters(office="雲岫縣 水利局"), 1),
        (Filters(office="云岫县"), 2),
        (Filters(office="%"), None),
        (Filters(number="云水发〔2026〕7号"), 1),
        (Filters(number="云水发[2026]7号"), 1),
        (Filters(number="雲水發（２０２６）７號"), 1),
        (Filters(number="云水发 〔2026〕 第7号"), 1),
        (Filters(number="水发〔2026"), 1),
        (Filters(number="2026-00031"), 2),
        (Filters(number="〔2026〕8号"), 0),
        (Filters(number="--"), None),
    ],
)
def test_filters(archive: Archive, filters: Filters, expected: int | None) -> None:
    put(archive)
    put(archive, "/2.html", a_harvest(title="另一份", office="云岫县财政局", number=None, number_raw=None))
    if expected is None:
        with pytest.raises(UsageError):
            list(archive.select(filters))
    else:
        assert len(list(archive.select(filters))) == expected


def test_a_selection_can_be_held_to_some_ids(archive: Archive) -> None:
    made = [put(archive, f"/{n}.html", a_harvest(title=f"第{n}号")).document_id for n in range(3)]
    assert [d.id for d, _ in archive.select(Filters(), ids={made[1], "0" * 16})] == [made[1]]
    assert list(archive.select(Filters(), ids=[])) == []
    many = {made[0], *(f"{n:016x}" for n in range(1000))}
    assert [d.id for d, _ in archive.select(Filters(), ids=many)] == [made[0]]


@pytest.mark.parametrize(
    "asked",
    [DateRange(date="fetched"), DateRange(undated="perhaps"), DateRange(date(2026, 2, 1), date(2026, 1, 1))],
)
def test_a_range_that_cannot_be_meant_is_refused(archive: Archive, asked: DateRange) -> None:
    with pytest.raises(UsageError):
        list(archive.select(Filters(range=asked)))


def test_a_selection_goes_by_the_newest_revision(archive: Archive) -> None:
    put(archive)
    put(archive, harvest=a_harvest(office="云岫县审计局", text="改" * 50), day=1, payload="p2")
    assert list(archive.select(Filters(office="水利"))) == []
    assert [r.number for _, r in archive.select(Filters(office="审计"))] == [2]


def test_a_stream_is_a_snapshot(archive: Archive) -> None:
    for n in range(250):
        put(archive, f"/{n}.html", a_harvest(title=f"第{n}号"))
    stream = archive.select(Filters())
    found = [next(stream)]
    put(archive, "/new.html", a_harvest(title="新来的", published_on=date(2027, 1, 1)))
    found += stream
    assert len(found) == 250


def test_hostile_text_is_kept_as_far_as_it_can_be(archive: Archive) -> None:
    nasty = a_harvest(title="a\0b\ud800c", text="x\0" * 40, issue_number=10**30, topic=("\udfff",), sections=())
    made = put(archive, "/\ud800.html", nasty)
    revision = archive.revision(made.document_id)
    assert revision is not None
    assert revision.harvest.title == "a\ufffdb\ufffdc"
    assert revision.harvest.issue_number is None
    assert [d.field for d in revision.harvest.doubts] == ["issue_number"]
    assert put(archive, "/\ud800.html", nasty).outcome == "unchanged"


def test_a_failed_deposit_leaves_nothing(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.enqueue(SOURCE.id, [Seed(f"{HOST}/1.html", "tzgg")])

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("archive.deposits._write_alias", fail)
    with pytest.raises(RuntimeError):
        put(archive)
    assert {archive.counts()[name] for name in ("documents", "revisions", "readings", "sections", "sightings")} == {0}
    assert archive.last_seq() == 0
    assert len(archive.pending(SOURCE.id)) == 1


def test_a_batch_undoes_only_what_failed(archive: Archive) -> None:
    broken = replace(a_harvest(title="坏"), dated_on="2026-02-30")  # type: ignore[arg-type]
    with archive.batch():
        put(archive)
        with pytest.raises(Exception, match=r".+"):
            put(archive, "/2.html", broken)
        put(archive, "/3.html", a_harvest(title="好"))
        assert archive.counts()["documents"] == 2
        assert len(list(archive.select(Filters()))) == 2
    assert archive.counts()["documents"] == 2
    assert len(list(archive.changes())) == 2


def test_what_came_before_an_error_in_a_batch_stays(archive: Archive) -> None:
    def half_done() -> None:
        with archive.batch():
            put(archive)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_done()
    assert archive.counts()["documents"] == 1
    put(archive, "/2.html", a_harvest(title="好"))


def test_threads_take_turns(archive: Archive) -> None:
    def work(name: str) -> None:
        for n in range(15):
            put(archive, f"/{name}{n}.html", a_harvest(title=f"{name}{n}"))

    threads = [threading.Thread(target=work, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert archive.counts()["documents"] == 45
    assert len({c.seq for c in archive.changes()}) == 45


def test_sources_are_kept_whole(archive: Archive) -> None:
    archive.put_source(SOURCE)
    assert archive.source(SOURCE.id) == SOURCE
    assert archive.source("nobody") is None
    archive.pause_source(SOURCE.id, True)
    archive.put_source(replace(SOURCE, name="新名"))
    kept = archive.source(SOURCE.id)
    assert kept == replace(SOURCE, name="新名", paused=True)
    assert archive.sources() == [kept]
    archive.pause_source(SOURCE.id, False)
    assert archive.sources()[0].paused is False
    with pytest.raises(NotFoundError):
        archive.pause_source("nobody", True)


def test_a_deposit_does_not_overwrite_its_source(archive: Archive) -> None:
    archive.put_source(replace(SOURCE, note="wichtig"))
    put(archive)
    kept = archive.source(SOURCE.id)
    assert kept is not None
    assert kept.note == "wichtig"


def test_runs(archive: Archive) -> None:
    first = archive.begin_run(SOURCE.id, "manual", NOW)
    second = archive.begin_run("other", "schedule", NOW)
    assert (first.outcome, first.ended_at) == ("running", None)
    tally = Tally(5, 1, 2, 3, problems=(("timeout", 2),), notes=("说明",))
    archive.end_run(first.id, "partly", tally, "two pages timed out", NOW + timedelta(minutes=1))
    assert [run.id for run in archive.runs()] == [second.id, first.id]
    ended = archive.runs(SOURCE.id)[0]
    assert ended == replace(
        first, outcome="partly", tally=tally, reason="two pages timed out", ended_at=NOW + timedelta(minutes=1)
    )
    assert len(archive.runs(limit=1)) == 1
    with pytest.raises(NotFoundError):
        archive.end_run(999, "done", tally, "", NOW)


def test_seeds_wait_until_they_are_deposited(archive: Archive) -> None:
    seeds = [Seed(f"{HOST}/{n}.html", "tzgg", listed_title=f"{n}", pinned=n == 2) for n in range(4)]
    archive.enqueue(SOURCE.id, seeds)
    archive.enqueue(SOURCE.id, [replace(seeds[0], listed_title="later"), Seed(f"{HOST}/9.html#x", "b")])
    assert archive.pending(SOURCE.id) == [*seeds, Seed(f"{HOST}/9.html#x", "b")]
    put(archive, "/1.html")
    archive.dequeue(SOURCE.id, f"{HOST}/9.html")
    archive.dequeue("other", f"{HOST}/0.html")
    assert archive.pending(SOURCE.id) == [seeds[0], seeds[2], seeds[3]]
    archive.enqueue(SOURCE.id, [])


def test_many_seeds_at_once(archive: Archive) -> None:
    seeds = [Seed(f"{HOST}/{n}.html", "tzgg") for n in range(1200)]
    archive.enqueue(SOURCE.id, seeds)
    archive.enqueue(SOURCE.id, seeds)
    assert archive.pending(SOURCE.id) == seeds


def test_sweeps(archive: Archive) -> None:
    assert archive.sweep(SOURCE.id, "tzgg") is False
    archive.set_sweep(SOURCE.id, "tzgg", True)
    assert archive.sweep(SOURCE.id, "tzgg") is True
    archive.set_sweep(SOURCE.id, "tzgg", False)
    assert (archive.sweep(SOURCE.id, "tzgg"), archive.sweep(SOURCE.id, "other")) == (False, False)


def test_captures_are_noted_once(archive: Archive) -> None:
    other = replace(RECORD, offset=900)
    archive.captures.kept(SOURCE.id, f"{HOST}/1.html", 200, NOW, RECORD, "text/html")
    archive.captures.kept(SOURCE.id, f"{HOST}/1.html", 200, NOW, RECORD, "text/html")
    archive.captures.kept(SOURCE.id, f"{HOST}/1.html", 404, NOW, other)
    assert archive.counts()["captures"] == 2
    assert archive.captures.last(SOURCE.id, f"{HOST}/1.html#x") == (RECORD, f"{HOST}/1.html", NOW)
    assert archive.captures.last(SOURCE.id, f"{HOST}/2.html") is None


def test_a_moment_without_zone_is_refused(archive: Archive) -> None:
    with pytest.raises(Exception, match="zone"):
        archive.begin_run(SOURCE.id, "manual", datetime(2026, 1, 1))  # noqa: DTZ001


def test_it_is_all_there_after_reopening(url: str) -> None:
    with open_archive(url) as archive:
        made = put(archive, harvest=full_harvest())
        counts = archive.counts()
    with open_archive(url) as archive:
        assert archive.counts() == counts
        revision = archive.revision(made.document_id)
        assert revision is not None
        assert revision.harvest == full_harvest()
