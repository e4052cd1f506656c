"""The first by words are ordered anew by the runs they hold; the rest stays behind them."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.query import AllOf, AnyOf, Near, Not, Phrase, Words
from bulletin.text.script import fold
from search import Entry, open_index, open_searcher, parse_query
from search.reranking import WINDOW, _Needle, bonuses, runs_of


def an_entry(n: int, /, **more: object) -> Entry:
    return Entry(f"{n:016x}", 1, n, "619901_yunxiu", "619901", f"http://x/{n}", **more)  # type: ignore[arg-type]


def found(question: str, entries: list[Entry], limit: int = 10, offset: int = 0) -> list[int]:
    url = f"memory://{uuid4()}"
    with open_index(url) as index:
        index.write(entries, upto=len(entries))
    with open_searcher(url) as searcher:
        hits = searcher.find(parse_query(question, limit=limit, offset=offset)).hits
    return [int(hit.document_id, 16) for hit in hits]


def test_what_every_answer_must_hold_is_counted() -> None:
    node = AllOf((Words("防汛"), Phrase("值班"), Near(("水库", "巡查"), 5), Not(Words("演练")), Words("！")))
    assert runs_of(node) == [("防汛", ""), ("值班", ""), ("水库", ""), ("巡查", "")]
    assert runs_of(AnyOf((Words("防汛"), Words("抗旱")))) == []
    assert runs_of(None) == []


def test_a_run_in_a_title_then_often_then_in_a_short_text_says_most() -> None:
    filler = "各镇按要求报送情况。" * 12
    entries = [
        an_entry(1, title="情况的通报", text="河道清淤。" + filler),
        an_entry(2, title="情况的通报", text="河道清淤，河道清淤，河道清淤。" + filler),
        an_entry(3, title="河道清淤告", text=filler),
        an_entry(4, title="情况的通报", text="河道清淤。" + filler * 4),
    ]
    added = bonuses(Words("河道清淤"), entries, 1.0)
    assert sorted(range(4), key=lambda place: -added[place]) == [2, 1, 0, 3]
    assert min(added) > 0


def test_a_run_counts_only_in_the_field_it_is_asked_in() -> None:
    entries = [an_entry(1, title="通报", text="河道清淤。"), an_entry(2, title="河道清淤", text="如下。")]
    of_text, of_title = bonuses(Words("河道清淤", "title"), entries, 1.0)
    assert of_text == 0 < of_title
    assert bonuses(Words("水利局", "office"), entries, 1.0) == [0, 0]


def test_a_run_counts_in_either_script_and_not_across_marks() -> None:
    texts = ("关于发展产业", "關於發展產業", "关于，发展产业")
    entries = [an_entry(number, text=text) for number, text in enumerate(texts, 1)]
    one, two, broken = bonuses(Words("於发展"), entries, 1.0)
    assert one == two > broken == 0


def test_a_run_typed_alone_counts_most_in_the_glyphs_it_was_typed_in() -> None:
    entries = [an_entry(1, text="关于发展产业"), an_entry(2, text="關於發展產業")]
    simplified, traditional = bonuses(Words("于发展"), entries, 1.0)
    assert simplified > traditional > 0
    simplified, traditional = bonuses(Words("於發展"), entries, 1.0)
    assert traditional > simplified > 0
    # Several words are no cut-out: whoever types them may have read them in either script.
    one, two = bonuses(AllOf((Words("发展"), Words("产业"))), entries, 1.0)
    assert one == two > 0


def test_texts_that_hold_the_run_come_before_those_that_hold_its_words_often() -> None:
    """A remembered piece begins and ends within words: 道清淤工 is no word, and the words of the text mislead."""
    busy = an_entry(1, title="河道工作", text="河道工程与清理淤泥。河道清淤工程" + "工作情况河道。" * 3)
    right = an_entry(2, title="告示", text="青溪河道清淤工程告示：河道清淤工程五月开工。")
    assert found("道清淤工", [busy, right])[0] == 2


def test_pieces_of_latin_words_are_told_apart_by_their_runs() -> None:
    """No document holds the word `evelopm`: by words all score nothing."""
    filler = "各镇按要求报送情况。" * 12
    once = an_entry(1, text="Development. " + filler)
    often = an_entry(2, text="Development, developments, DEVELOPMENT. " + filler)
    assert found("evelopm", [once, often]) == [2, 1]


@pytest.mark.parametrize(
    "typed",
    [
        "云政发〔2019〕1号",
        "云政发[2019]1",
        "云政发（2019）1号",
        "云政发(2019)第1号",
        "雲政發〔2019〕第1",
        "文号:云政发〔2019〕1",
    ],
)
def test_the_number_asked_for_comes_before_those_that_begin_so(typed: str) -> None:
    entries = [
        an_entry(n, number=f"云政发〔2019〕{n}号", text="参照云政发〔2019〕1号执行。" * 3) for n in range(10, 20)
    ]
    entries += [an_entry(1, title="通知", number="云政发〔2019〕1号", text="如下。" * 90)]
    assert found(typed, entries)[0] == 1


def test_what_is_beyond_the_window_stays_behind_it() -> None:
    entries = [an_entry(n, title="通报", text="清淤" * (1 + n % 3) + "如下。" * (n + 1)) for n in range(1, 3 * WINDOW)]
    everything = found("清淤", entries, limit=1000)
    assert sorted(everything) == list(range(1, 3 * WINDOW))
    pages = [number for first in range(0, 3 * WINDOW, 7) for number in found("清淤", entries, 7, first)]
    assert pages == everything


@pytest.mark.parametrize("typed", ["清淤" * 400, " ".join(["清淤"] * 200), "清淤「", "清淤* 淤清"])
def test_long_and_strange_questions_are_answered(typed: str) -> None:
    assert len(found(typed, [an_entry(n, text="清淤" * 1000) for n in range(1, 5)])) == 4


@given(st.text("防火規定机關inchＡ𝐀𠀀12", max_size=80), st.integers(0, 80), st.integers(1, 50))
def test_a_run_is_counted_as_in_the_folded_text(text: str, start: int, size: int) -> None:
    run = fold(text)[start : start + size] or "規定"
    assert _Needle(fold(run)).count(text) == fold(text).count(fold(run))
