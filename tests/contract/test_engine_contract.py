"""Every engine gives the oracle's answers, finds every cut-out, and keeps its index's promises."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from uuid import uuid4

import pytest
from answering import answered
from searchables import a_change, a_cut, a_query, other_script, some_entries

from bulletin.errors import LockedError, SearchError, UsageError
from bulletin.query import Filters, Glyphs, Phrase, Query, Words
from bulletin.results import Results
from search import Entry, Searcher, catch_up, needs_rebuild, open_index, open_searcher, parse_query, rebuild
from search.characters import characters, glyphs
from search.engines import schemes
from search.entry import columns_of, folded_parts_of
from search.matching import has_glyphs, matches

ENGINES = schemes()
DURABLE = [scheme for scheme in ENGINES if scheme != "memory"]


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"{request.param}://{tmp_path / 'index'}"


def filled(url: str, entries: Sequence[Entry], batch: int = 50) -> Searcher:
    with open_index(url) as index:
        for first in range(0, len(entries), batch):
            part = entries[first : first + batch]
            index.write(part, upto=part[-1].seq)
    return open_searcher(url)


def ids(results: Results) -> list[str]:
    return [hit.document_id for hit in results.hits]


def columns(entry: Entry) -> Mapping[str, str]:
    return columns_of(folded_parts_of(entry))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("scheme", DURABLE)
def test_any_question_gets_the_oracles_answer(scheme: str, seed: int, tmp_path: Path) -> None:
    url = f"{scheme}://{tmp_path / 'index'}"
    entries = some_entries(seed, 120)
    rng = random.Random(seed)
    with filled(url, entries) as searcher, filled(f"memory://{uuid4()}", entries) as oracle:
        found = 0
        for _ in range(150):
            query = a_query(rng, entries)
            expected = answered(oracle, query)
            assert answered(searcher, query) == expected, query
            found += isinstance(expected, Results) and 0 < expected.total < len(entries)
    assert found > 40  # the questions are not all empty ones


FORMS = (
    "規定",
    "规定",
    "規则的定义",
    "规则與規定",
    "規定，规定",
    "规規定",
    "ＡＢ规定",
    "abＡＢ",
    "Ab規定與则",
    "發改委",
    "发改與發改",
)


def test_glyphs_are_told_apart_in_bulletins_that_mix_forms(url: str) -> None:
    texts = [one + "。" + other for one in FORMS for other in ("", *FORMS)]
    place = ("619901_yunxiu", "619901", "http://x")
    entries = [Entry(f"{n:016x}", 1, n, *place, title=FORMS[n % 7], text=text) for n, text in enumerate(texts, 1)]
    asked = {text[at : at + size] for text in FORMS for size in (1, 2, 3, 5) for at in range(len(text) - size + 1)}
    with filled(url, entries) as searcher:
        for text in asked:
            for where in ("", "title", "text"):
                expected = {entry.document_id for entry in entries if has_glyphs(entry, text, where)}
                query = Query(Glyphs(text, where), ids=frozenset(entry.document_id for entry in entries))
                assert not glyphs(text) or searcher.ids(query) == expected, (text, where)


def test_a_run_of_a_number_ends_where_the_number_ends(url: str) -> None:
    """A number as read and as printed stand side by side; no run leads from one into the other."""
    place = ("619901_yunxiu", "619901", "http://x")
    numbers = [("云政发〔2019〕12号", "云政发2019第12"), ("2019", "12号"), ("云政", "发2019"), ("201", "9")]
    entries = [
        Entry(f"{n:016x}", 1, n, *place, text="通知", number=read, number_raw=printed, index_number=printed + read)
        for n, (read, printed) in enumerate(numbers, 1)
    ]
    joined = {characters(one + other) for pair in numbers for one, other in (pair, pair[::-1])}
    runs = {text[at : at + size] for text in joined for size in range(1, 12) for at in range(len(text) - size + 1)}
    with filled(url, entries) as searcher:
        for run in runs:
            for where in ("", "number", "index_number"):
                expected = {e.document_id for e in entries if matches(Phrase(run, where), e, columns(e))}
                assert searcher.ids(Query(Phrase(run, where))) == expected, (run, where)


def test_every_cut_out_is_found_in_either_script(url: str) -> None:
    entries = some_entries(11, 150)
    rng = random.Random(11)
    with filled(url, entries) as searcher:
        for _ in range(400):
            entry = rng.choice(entries)
            cut = a_cut(rng, entry)
            for asked in (cut, other_script(rng, cut), characters(cut)):
                results = searcher.find(Query(Phrase(asked), limit=1000))
                assert entry.document_id in ids(results), (asked, entry)


def test_what_is_typed_without_quotes_finds_no_less(url: str) -> None:
    """A cut-out typed as it stands, marks and all, is at least found by its words."""
    entries = some_entries(12, 100)
    rng = random.Random(12)
    with filled(url, entries) as searcher:
        for _ in range(300):
            entry = rng.choice(entries)
            cut = a_cut(rng, entry)
            if cut[0] not in "-－":
                query = parse_query(cut.replace("|", ""), limit=1000)
                assert entry.document_id in ids(searcher.find(query)), (cut, query)


def test_a_changed_bulletin_is_found_by_its_new_text_only(url: str) -> None:
    first = [a_change(1, seq) for seq in range(1, 31)]
    later = [a_change(2, 30 + number, number=number) for number in range(1, 21)]
    with open_index(url) as index:
        assert catch_up(index, lambda after: first, batch=7) == 30
        assert catch_up(index, lambda after: [c for c in later if c.seq > after], batch=7) == 20
        assert (index.count(), index.checkpoint()) == (30, 50)
    fresh = f"memory://{uuid4()}"
    with open_index(fresh) as index:
        catch_up(index, lambda after: [*first[20:], *later])
    entries = some_entries(1, 30)
    rng = random.Random(5)
    with open_searcher(url) as searcher, open_searcher(fresh) as oracle:
        for _ in range(150):
            query = a_query(rng, entries)
            assert answered(searcher, query) == answered(oracle, query), query


def test_a_forgotten_bulletin_is_found_no_more(url: str) -> None:
    entries = some_entries(3, 40)
    gone = {entry.document_id for entry in entries[::2]}
    with open_index(url) as index:
        index.write(entries, upto=40)
        index.forget([*gone, "not held"], upto=41)
        assert (index.count(), index.checkpoint()) == (20, 41)
    with filled(f"memory://{uuid4()}", entries[1::2]) as oracle, open_searcher(url) as searcher:
        rng = random.Random(3)
        for _ in range(100):
            query = a_query(rng, entries)
            assert answered(searcher, query) == answered(oracle, query), query
        assert searcher.count() == 20


def test_writing_twice_is_writing_once(url: str) -> None:
    entries = some_entries(4, 30)
    with open_index(url) as index:
        index.write([*entries, *entries[:5]], upto=30)
        index.write(entries[10:], upto=30)
        assert index.count() == 30
    with open_searcher(url) as searcher, filled(f"memory://{uuid4()}", entries) as oracle:
        query = parse_query("防火 OR 工作", limit=100)
        assert searcher.find(query) == oracle.find(query)


def test_a_searcher_sees_what_was_written_when_it_is_told_to(url: str) -> None:
    entries = some_entries(6, 20)
    with filled(url, entries[:10]) as searcher:
        with open_index(url) as index:
            index.write(entries[10:], upto=20)
        assert (searcher.count(), searcher.checkpoint()) == (10, 10)
        assert not needs_rebuild(searcher.stamp())
        assert searcher.find(Query(filters=Filters(region="6"))).total == 10
        searcher.refresh()
        assert (searcher.count(), searcher.checkpoint()) == (20, 20)
        assert searcher.find(Query(filters=Filters(region="6"))).total == 20


def test_there_is_one_writer(url: str) -> None:
    with open_index(url), pytest.raises(LockedError) as told:
        open_index(url)
    assert told.value.exit_code == 6
    with open_index(url) as index:
        index.write(some_entries(1, 2), upto=2)


def test_a_rebuild_serves_the_old_index_until_it_is_done(url: str) -> None:
    changes = [a_change(7, seq) for seq in range(1, 31)]
    with open_index(url) as index:
        catch_up(index, lambda after: changes[:10])
    searcher = open_searcher(url)
    totals: list[int] = []

    def watched() -> Iterator[object]:
        for change in changes:
            totals.append(searcher.find(Query(filters=Filters(region="6"))).total)
            yield change

    assert rebuild(url, lambda after: watched(), batch=10) == 30  # type: ignore[arg-type, return-value]
    assert set(totals) == {10}
    searcher.refresh()
    assert searcher.count() == 30
    searcher.close()


def test_a_rebuild_that_breaks_off_leaves_the_old_index(url: str) -> None:
    with open_index(url) as index:
        catch_up(index, lambda after: [a_change(7, seq) for seq in range(1, 11)])

    def broken() -> Iterator[object]:
        yield a_change(7, 1)
        raise OSError("the archive went away")

    with pytest.raises(OSError, match="went away"):
        rebuild(url, lambda after: broken(), batch=1)  # type: ignore[arg-type, return-value]
    with open_searcher(url) as searcher:
        assert searcher.count() == 10
    with open_index(url) as index:
        assert index.checkpoint() == 10


def test_there_is_no_answer_without_an_index(url: str) -> None:
    with pytest.raises(SearchError) as told:
        open_searcher(url)
    assert "index" in told.value.advice


def test_nothing_asked_is_refused(url: str) -> None:
    with filled(url, some_entries(1, 5)) as searcher:
        for query in (Query(), Query(Words("！？")), Query(Phrase(""))):
            with pytest.raises(UsageError):
                searcher.find(query)


HOSTILE = [
    "\ud800防火",
    "防火\udfff",
    "😀😀",
    ".*[(防火",
    "%_\\'\";--",
    'NEAR("a" "b", 3)',
    "title : x AND",
    "防火" * 900,
    " OR ".join(["防火"] * 200),
    "(" * 500 + "防火",
    '"' * 501,
    "\x00防火\x1b[31m",
    "a" * 2000,
    "防*",
    "2020-12..2019-01",
    "县:无此县",
    "标题:",
    "\u2029防火\u2029",
]


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_input_gets_an_answer_or_advice(url: str, typed: str) -> None:
    with filled(url, some_entries(1, 20)) as searcher:
        try:
            found = searcher.find(parse_query(typed, facets=True, explain=True)).total
        except UsageError as told:
            found, advice = 0, told.advice
        else:
            advice = "none needed"
    assert found <= 20
    assert advice


def test_hostile_texts_are_kept(url: str) -> None:
    from dataclasses import replace

    entry = replace(
        some_entries(1, 1)[0], text="甲\ud800乙\x00丙\u2029丁" + "戊" * 100_000, title="\udfff\x00題\x1b[2J"
    )
    with filled(url, [entry]) as searcher:
        for asked in ("甲乙丙丁", "戊" * 50, "题2J"):
            assert searcher.find(parse_query(asked)).total == 1
    with open_index(url) as index:
        index.write([replace(entry, text="别的")], upto=2)
    with open_searcher(url) as searcher:
        assert searcher.find(parse_query("甲乙丙丁")).total == 0
