"""Words: positions that count words, offsets that fit the text, tokens that are jieba's."""

from __future__ import annotations

import json
import lzma
import random
from collections import Counter
from pathlib import Path

import jieba
import pytest
from searchables import a_text

from bulletin.errors import ConfigError
from bulletin.text.script import fold
from search.analyzer import (
    Analyzer,
    PythonSegmenter,
    RustSegmenter,
    lexicon_digest,
    lexicon_words,
    open_analyzer,
)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Analyzer, Analyzer]:
    words = lexicon_words()
    pure = Analyzer(PythonSegmenter(words, tmp_path_factory.mktemp("jieba")))
    return Analyzer(RustSegmenter(words)), pure


def test_offsets_point_into_the_text_as_given() -> None:
    text = "雲岫縣人民政府辦公室\n關於印發《河道清淤工作方案》的通知，Ｃｏｖｉｄ１９。"
    words = open_analyzer().words(text)
    assert words
    for word in words:
        assert fold(text[word.start : word.end]) == word.text


def test_positions_count_words_and_pass_punctuation_over() -> None:
    words = open_analyzer().words("森林防火，河道清淤。通知")
    whole = {word.position: word.text for word in words}  # the longest comes last at each position
    assert list(whole) == list(range(len(whole)))
    assert "".join(whole.values()) == "森林防火河道清淤通知"


def test_a_word_within_a_word_has_its_position() -> None:
    words = open_analyzer().words("县人民政府办公室")
    assert {word.position for word in words} == {0}
    assert {"人民", "政府", "办公室", "县人民政府办公室"} <= {word.text for word in words}
    assert words[-1].text == "县人民政府办公室"


def test_both_scripts_give_the_same_words() -> None:
    analyzer = open_analyzer()
    assert analyzer.terms("關於開展檢查的通報") == analyzer.terms("关于开展检查的通报")


def test_terms_are_the_texts_of_words() -> None:
    analyzer = open_analyzer()
    for seed in range(20):
        text = a_text(random.Random(seed), 40)
        assert analyzer.terms(text) == [word.text for word in analyzer.words(text)]


def test_a_long_text_is_counted_some_lines_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    analyzer = open_analyzer()
    text = fold(a_text(random.Random(3), 400))
    whole = analyzer.count(text)
    monkeypatch.setattr("search.analyzer._MOUTHFUL", 50)
    assert analyzer.count(text) == whole == Counter(analyzer.terms(text))


def test_a_word_the_dictionary_holds_keeps_its_frequency(both: tuple[Analyzer, Analyzer]) -> None:
    """Words of a lexicon must not make the segmentation of others worse."""
    held = RustSegmenter(["工作", "的确"])
    plain = RustSegmenter([])
    for text in ("他做的确实是工作人员的工作", "工作方案的确定"):
        assert held.cut(text) == plain.cut(text)


def test_rjieba_cuts_as_jieba_does(both: tuple[Analyzer, Analyzer]) -> None:
    rust, pure = both
    odd = (
        "防火工作云岫縣的2019-01-04 3.14% a+b#c&d_e A4 -- %5 .5 ㈠①é𠮷⼀鿕鿖㐀\r\n\u3000\u200b，。（）〔〕一二三号x.y.z"
    )
    rng = random.Random(4)
    for _ in range(1500):
        text = "".join(rng.choice(odd) for _ in range(rng.randrange(1, 40)))
        assert rust.tokens(text) == pure.tokens(text), text
    for seed in range(100):
        text = a_text(random.Random(seed), 60)
        assert rust.tokens(text) == pure.tokens(text)
        assert rust.terms(text) == pure.terms(text)


@pytest.mark.shared
def test_rjieba_cuts_real_texts_as_jieba_does(both: tuple[Analyzer, Analyzer], shared: Path) -> None:
    rust, pure = both
    for name in ("bulletins-traditional-17k.jsonl.xz", "laws-simplified-3k.jsonl.xz"):
        with lzma.open(shared / "text" / name, "rt", encoding="utf-8") as lines:
            for line, _ in zip(lines, range(60), strict=False):
                body = json.loads(line)["body"][:3000]
                assert rust.tokens(body) == pure.tokens(body)


def test_jieba_leaves_nothing_in_the_folder_for_temporary_files(
    both: tuple[Analyzer, Analyzer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "shared-temp"))
    (tmp_path / "shared-temp").mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "own"))
    Analyzer(PythonSegmenter([])).terms("防火")
    assert not list((tmp_path / "shared-temp").iterdir())
    assert list((tmp_path / "own" / "gongbao").iterdir())
    assert jieba.__version__ == "0.42.1"


def test_a_lexicon_adds_words(tmp_path: Path) -> None:
    text = "召开了白云驿站议事会的会议"
    file = tmp_path / "words.txt"
    file.write_text("# 本县\n白雲驛站議事會  # 机构\n\n会\n", encoding="utf-8")
    assert "白云驿站议事会" not in open_analyzer().terms(text)
    assert "白云驿站议事会" in open_analyzer(file).terms(text)
    assert lexicon_digest(file) != lexicon_digest()
    assert "会" not in lexicon_words(file)


def test_an_unreadable_lexicon_is_named(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_bytes(b"\xff\xfe\xb0")
    for name in ("words.txt", "none.txt"):
        with pytest.raises(ConfigError, match=name):
            open_analyzer(tmp_path / name)


@pytest.mark.parametrize("text", ["", "，。", "\ud800", "\x00", "😀"])
def test_nothing_searchable_gives_no_words(text: str) -> None:
    assert open_analyzer().words(text) == []
    assert open_analyzer().terms(text) == []


def test_without_rjieba_jieba_itself_is_used_and_cuts_the_same(
    both: tuple[Analyzer, Analyzer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name, package=None: None)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    lexicon = tmp_path / "words.txt"
    lexicon.write_text("青溪柳坪\n", encoding="utf-8")
    fallen_back = open_analyzer(lexicon)
    assert isinstance(fallen_back._segmenter, PythonSegmenter)
    text = "云岫县水利局关于青溪柳坪段河道清淤工程的公告（云水发〔2026〕12号）"
    assert fallen_back.terms(text) == Analyzer(RustSegmenter(lexicon_words(lexicon))).terms(text)
