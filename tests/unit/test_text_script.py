"""The search form of a text: same length, one character at a time, and equal for both scripts."""

import lzma
import unicodedata
from importlib import resources
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.text.script import fold, fold_without_variants, script_of, to_simplified, to_traditional, variants

SHARED = Path(__file__).parents[2].parent / "shared"
HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=40)
COMMON = "云岫县人民政府关于印发乡村振兴规划的通知答复计划了解里程面粉后台干部历史发展复查钟表谷物松泉白石滩余准只系"
MIXED = st.text(
    st.sampled_from(COMMON + "計畫瞭解覆審發後臺裡麵幹曆歷鐘穀餘準隻繫ＡｂＣ１２，。！　Ⅳ①豈ａ")
    | st.characters(codec="utf-8")
)


@given(MIXED)
def test_folding_keeps_length_and_depends_on_one_place_only(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert folded == "".join(map(fold, text))
    assert fold(folded) == folded


@given(MIXED, st.data())
def test_a_cut_out_of_the_folded_is_the_folded_cut_out(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert fold(text)[start:end] == fold(text[start:end])


def test_every_code_point_folds_to_one_and_stays_there() -> None:
    for code in range(0x110000):
        folded = fold(chr(code))
        assert len(folded) == 1
        assert fold(folded) == folded, hex(code)


@pytest.mark.parametrize("conversion", ["s2t", "s2tw", "s2hk", "t2s", "tw2s", "hk2s", "t2tw", "t2hk"])
def test_conversion_by_phrase_folds_to_the_same(conversion: str) -> None:
    convert = opencc.OpenCC(conversion).convert
    for text in [
        "答复了解计划座谈对象复苏供应链项链借口文化沉没",
        "答覆瞭解計畫座談對象復甦供應鏈項鍊藉口文化沈沒深沉慰藉海里英哩",
    ]:
        assert fold(convert(text)) == fold(text)


@given(HAN)
def test_either_script_finds_the_other(text: str) -> None:
    for other in (to_traditional(text), to_simplified(text)):
        if len(other) == len(text):
            assert fold(other) == fold(text)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["bulletins-traditional-17k.jsonl.xz", "laws-simplified-3k.jsonl.xz"])
def test_either_script_finds_the_other_in_real_texts(name: str) -> None:
    with lzma.open(SHARED / "text" / name, "rt", encoding="utf-8") as lines:
        text = "".join(line for line, _ in zip(lines, range(150), strict=False))
    assert fold(to_simplified(text)) == fold(text) == fold(to_traditional(text))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＡＢｃ１２３", "abc123"),
        ("中國。臺灣", "中国。台湾"),
        ("後　台", "后 台"),
        ("\u00a0x", " x"),
        ("豈更", "岂更"),
        ("⽂", "文"),
        ("ﾊﾝ", "ハン"),
        ("①㈠", "1㈠"),
        ("İß", "İß"),
        ("爲為", "为为"),
        ("裏裡", "里里"),
        ("綫線", "线线"),
    ],
)
def test_folding_examples(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_plain_simplified_text_stays_as_it_is() -> None:
    assert fold(COMMON) == COMMON
    assert all(len(unicodedata.normalize("NFKC", char)) == 1 for char in fold(COMMON))


def test_variants_are_all_that_fold_alike() -> None:
    assert {"复", "復", "複", "覆"} <= variants("複")
    assert {"a", "A", "ａ"} <= variants("Ａ")
    assert variants("岫") == {"岫"}
    assert all(fold(char) == fold("后") for char in variants("后"))


SIMPLIFIED = "云岫县人民政府关于印发乡村振兴规划的通知"
CONVERTED = "云岫縣(xiàn)人民政府關(guān)於印發(fā)鄉(xiāng)村振興(xīng)規(guī)劃(huà)的通知"


@pytest.mark.parametrize(
    ("text", "script"),
    [
        (SIMPLIFIED, "simplified"),
        (to_traditional(SIMPLIFIED), "traditional"),
        (SIMPLIFIED * 2 + to_traditional(SIMPLIFIED), "mixed"),
        (CONVERTED, "converted"),
        (CONVERTED.replace("(", "（").replace(")", "）"), "converted"),
        ("第一百二十三期", None),
        ("", None),
        ("2019-03-18", None),
        ("皇后在山里著述，乾隆年間", None),
    ],
)
def test_script_of(text: str, script: str | None) -> None:
    assert script_of(text) == script


def test_a_few_readings_for_learners_are_no_conversion() -> None:
    assert script_of(SIMPLIFIED * 5 + "云岫(xiù)位于秦岭(lǐng)南麓(lù)") == "simplified"
    learners = "小(xiǎo)朋(péng)友(yǒu)們(men)學(xué)習(xí)漢(hàn)字(zì)寫(xiě)詩(shī)讀(dú)書(shū)" * 2
    assert script_of(learners) != "converted"


def test_a_line_of_the_other_script_does_not_make_a_page_mixed() -> None:
    assert script_of(SIMPLIFIED * 30 + "繁體版") == "simplified"


def test_converters_bear_what_no_file_can_hold() -> None:
    assert to_simplified("發\ud800\0") == "发\ufffd\0"
    assert to_traditional("") == ""
    assert fold("\ud800发") == "\ud800发"


@pytest.mark.parametrize(
    "pair", "淸清 靑青 尙尚 敎教 卽即 硏研 塡填 甁瓶 靣面 秊年 囘回 髙高 鷄鸡 躰体 沢泽 県县".split()
)
def test_other_forms_are_their_standard_character(pair: str) -> None:
    form, standard = pair
    assert fold(form) == fold(standard) == standard
    assert form in variants(standard)


@pytest.mark.parametrize("pair", "喆哲 堃坤 姊姐 埇甬 仿妨".split())
def test_standard_characters_are_not_made_one(pair: str) -> None:
    """Names keep their characters."""
    one, other = pair
    assert fold(one) != fold(other)


def test_each_other_form_folds_once_and_to_what_folds_no_further() -> None:
    lines = resources.files("bulletin.text").joinpath("variants.txt").read_text("utf-8").splitlines()
    pairs = [pair for line in lines if not line.startswith("#") for pair in line.split()]
    assert len(pairs) > 1000
    assert len({pair[0] for pair in pairs}) == len(pairs)
    for form, standard in pairs:
        assert fold_without_variants(form) == form
        assert fold(form) == standard == fold(standard)
