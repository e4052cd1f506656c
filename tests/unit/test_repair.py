"""Damaged texts are given back where that is certain, and every mend is recorded."""

import re
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repair_cases import CUTS, PAGE, TABLE, TRADITIONAL

from bulletin.text.repair import Repaired, repair
from bulletin.text.repair.evidence import inserted, weigh
from bulletin.text.repair.model import damage, decode, encode, pair, pair_of


def kinds(repaired: Repaired) -> set[str]:
    return {one.kind for one in repaired.repairs}


def mended(text: str) -> str:
    return repair(text).text


def rebuilt(text: str, repaired: Repaired) -> str:
    for one in reversed(repaired.repairs):
        assert text[one.start : one.end] == one.was
        assert repaired.text[one.to_start : one.to_end] == one.now
        text = text[: one.start] + one.now + text[one.end :]
    return text


class TestForwardModel:
    def test_reading_after_its_character(self):
        assert damage("發展", {"發": "fā"}, frozenset()) == "發(fā)展"

    def test_reading_inside_a_character(self):
        assert damage("當地的", {"數": "shù"}, frozenset()).startswith("當?shù)")

    def test_order_of_the_table_decides_which_of_two_overlapping_pairs_is_found(self):
        assert damage("當地", {"當": "dāng", "數": "shù"}, frozenset()) == "當(dāng)地"
        assert damage("當地", {"數": "shù", "當": "dāng"}, frozenset()) != "當(dāng)地"

    def test_text_is_cut_inside_a_stop(self):
        assert damage("工作。縣域", {}, CUTS) == "工作?？h域"
        assert damage("工作。縣域", {}, CUTS, fold=True) == "工作??h域"

    def test_nothing_happens_without_table_and_cuts(self):
        assert damage(TRADITIONAL, {}, frozenset()) == decode(encode(TRADITIONAL))

    def test_private_pairs_are_kept_or_lost(self):
        kept = damage("當地人民政府規定", {"數": "shù"}, frozenset(), keep_private=True)
        assert re.sub("[\ue000-\uf8ff]", "", kept) == damage("當地人民政府規定", {"數": "shù"}, frozenset()) != kept

    def test_every_private_pair_has_its_character_and_back(self):
        for lead in range(0x81, 0xFF):
            for trail in (*range(0x40, 0x7F), *range(0x80, 0xFF)):
                if "\ue000" <= pair(lead, trail) <= "\uf8ff":
                    assert pair_of(pair(lead, trail)) == bytes((lead, trail))


class TestConvertedPage:
    @pytest.mark.parametrize("cuts", [frozenset(), CUTS])
    @pytest.mark.parametrize("keep_private", [True, False])
    def test_a_page_is_given_back_or_left_in_places(self, cuts, keep_private):
        received = damage(TRADITIONAL, TABLE, cuts, keep_private=keep_private)
        repaired = repair(received)
        right = sum(a == b for a, b in zip(repaired.text.split("\n"), TRADITIONAL.split("\n"), strict=True))
        assert right >= 8
        assert {"reading", "phase"} <= kinds(repaired)
        assert rebuilt(received, repaired) == repaired.text

    def test_bytes_out_of_phase_in_a_known_page(self):
        received = damage(
            "發現當地人民群眾的醫療保障工作。", {"醫": "yī", "數": "shù", "發": "fā", "當": "dāng"}, frozenset()
        )
        assert repair(received, damaged=True).text == "發現當地人民群眾的醫療保障工作。"

    def test_a_stop_that_was_cut(self):
        received = damage("做好各項工作。縣域經濟發展迅速", {"發": "fā"}, CUTS, fold=True)
        assert repair(received, damaged=True).text == "做好各項工作。縣域經濟發展迅速"

    def test_the_same_excerpt_is_left_on_a_page_without_the_pattern(self):
        received = damage("做好各項工作。縣域經濟發展迅速", {"發": "fā"}, CUTS, fold=True)
        assert mended(received) == received

    def test_private_characters_pin_the_lost_pairs(self):
        received = damage("對當地人民政府的責任", TABLE, frozenset(), keep_private=True)
        assert repair(received, damaged=True).text == "對當地人民政府的責任"

    def test_a_pair_lost_before_what_was_folded_to_a_digit(self):
        table = {"聞": "wén"} | {character: TABLE[character] for character in TABLE if character != "務"}
        received = damage(TRADITIONAL + "\n各鎮要做好有關事務擔保管理工作", table, frozenset(), fold=True)
        assert "事?wén)論9芾" in received
        assert "perhaps 務擔保管理工作" in repair(received).doubts[-1].reason

    def test_a_reading_without_a_tone_mark(self):
        received = damage(TRADITIONAL + "\n各鎮幹部們要到現場", {**TABLE, "們": "men"}, frozenset())
        assert "們(men)" in received
        assert mended(received) == TRADITIONAL + "\n各鎮幹部們要到現場"

    def test_a_character_between_two_readings_is_pinned_by_both(self):
        received = damage(TRADITIONAL + "\n幹部們復原舊貌", {**TABLE, "們": "men", "總": "zǒng"}, frozenset())
        assert "?zǒng)?men)" in received
        assert mended(received).endswith("\n幹部們復原舊貌")

    @pytest.mark.parametrize("remnant", ["文(men)", "辦men)", "里(lǐng)", "城?wàn)"])
    def test_no_reading_stays_in_silence(self, remnant):
        repaired = repair(damage(TRADITIONAL, TABLE, frozenset()) + "\n" + remnant + "的工作")
        assert remnant in repaired.text
        assert any(remnant[1:] in doubt.reason or "out of phase" in doubt.reason for doubt in repaired.doubts)

    def test_a_place_left_is_a_doubt(self):
        received = damage(TRADITIONAL + "\n聯繫人：張陶然", {**TABLE, "總": "zǒng"}, CUTS)
        repaired = repair(received + "\n李巖?zhí)招?,")
        assert any("out of phase" in doubt.reason for doubt in repaired.doubts)

    def test_readings_in_a_reader_for_children_stay(self):
        text = "小(xiǎo)猫(māo)在(zài)树(shù)下(xià)睡(shuì)觉(jiào)，小(xiǎo)狗(gǒu)来(lái)了(le)。"
        assert mended(text) == text
        assert not weigh(text, list(inserted(text)), None).artefact

    def test_a_place_name_explained_stays(self):
        text = "云岫(xiù)县位于山区，全县辖12个镇，岫(xiù)字意为山洞。" + PAGE
        assert mended(text) == text

    def test_question_marks_of_ordinary_text_stay(self):
        text = TRADITIONAL + "\n什麼是防汛?,怎麼辦??!請看a.html?x=1。"
        received = damage(text, TABLE, frozenset())
        assert mended(received).endswith("\n什麼是防汛?,怎麼辦??!請看a.html?x=1。")


class TestSmallSlips:
    @pytest.mark.parametrize(
        ("received", "wanted", "kind"),
        [
            ("二○一九年三月", "二〇一九年三月", "zero"),
            ("二Ｏ一O年", "二〇一〇年", "zero"),
            ("2O19年工作要点", "2019年工作要点", "zero"),
            ("２0１9年", "2019年", "width"),
            ("行⾏政", "行行政", "width"),
            ("群众需要。/p>", "群众需要。", "markup"),
            ("中华人民共和国".encode().decode("gb18030", "ignore"), None, None),
            ("云岫县人民政府".encode().decode("latin-1"), "云岫县人民政府", "mojibake"),
            ("云岫县人民政府".encode("gbk").decode("latin-1"), "云岫县人民政府", "mojibake"),
            ("防汛工作\ufffd会议", "防汛工作□会议", "lost"),
            ("依据省委(实施意见》开展工作", "依据省委《实施意见》开展工作", "width"),
            ("云岫县人民政府办公室\n   2019228  ", "云岫县人民政府办公室\n   2019年2月28日  ", "lost"),
            ("一是压实责任。是加强督查。三是严肃问责。", "一是压实责任。二是加强督查。三是严肃问责。", "lost"),
            ("全面做好农村垃 圾治理工作。" + PAGE, "全面做好农村垃圾治理工作。" + PAGE, "space"),
            ("材料可在办事网 址下载，逾期不受理。" + PAGE, "材料可在办事网址下载，逾期不受理。" + PAGE, "space"),
        ],
    )
    def test_certain(self, received, wanted, kind):
        repaired = repair(received)
        if wanted is not None:
            assert repaired.text == wanted
            assert kinds(repaired) == {kind}
        assert rebuilt(received, repaired) == repaired.text

    @pytest.mark.parametrize(
        "text",
        [
            "李○○于2019年3月申请",
            "云岫县人民政府办公室\n2019111",  # 1 November or 11 January
            "编号2019228的文件",
            "压实责任 强化措施 巩固提升",
            "导 读",
            "第六章 法律责任与争议处理\n" + PAGE,  # 章法 is a word
            "一是压实责任。二是加强督查。三是严肃问责。",
            "https://www.example.invalid/p>?x=1",
            "Größe, Ärger, élève",
            "依据《条例》(试行)和《办法》",
            PAGE,
            TRADITIONAL,
        ],
    )
    def test_nothing_to_mend(self, text):
        assert repair(text) == Repaired(text, (), ())


class TestOffsets:
    def test_both_ways(self):
        received = damage(TRADITIONAL, TABLE, CUTS)
        repaired = repair(received)
        mends = [range(one.to_start, one.to_end) for one in repaired.repairs]
        for offset, character in enumerate(repaired.text):
            if not any(offset in mend for mend in mends):
                assert received[repaired.to_received(offset)] == character
                assert repaired.to_repaired(repaired.to_received(offset)) == offset

    def test_the_ends(self):
        repaired = repair(damage(TRADITIONAL, TABLE, frozenset()))
        assert repaired.to_received(len(repaired.text)) == len(damage(TRADITIONAL, TABLE, frozenset()))
        assert repaired.to_received(0) == 0 == repaired.to_repaired(0)


LINES = st.lists(st.sampled_from(TRADITIONAL.split("\n")), min_size=6, max_size=10, unique=True)
TABLES = st.dictionaries(st.sampled_from(sorted(TABLE)), st.none(), min_size=8)
NOISE = st.text(alphabet="發(fā)縣?,，。\ufffd /p>一○年2O19是ä¸\xad 涓浗\n" + "當地\ue123", max_size=60)


class TestProperties:
    @settings(max_examples=25, deadline=None)
    @given(LINES, TABLES, st.sampled_from([frozenset(), CUTS]), st.booleans())
    def test_damage_is_undone_or_left(self, lines, table, cuts, keep_private):
        received = damage("\n".join(lines), {c: TABLE[c] for c in table}, cuts, keep_private=keep_private)
        repaired = repair(received)
        assert rebuilt(received, repaired) == repaired.text
        assert mended(repaired.text) == repaired.text
        for was, now in zip(lines, repaired.text.split("\n"), strict=True):
            assert now == was or "?" in now or "□" in now or "(" in now

    @settings(max_examples=150, deadline=None)
    @given(NOISE, st.sampled_from([None, True, False]))
    def test_nothing_crashes_and_all_is_recorded(self, text, damaged):
        repaired = repair(text, damaged=damaged)
        assert rebuilt(text, repaired) == repaired.text
        assert all(asdict(one)["was"] != one.now for one in repaired.repairs)

    @settings(max_examples=150, deadline=None)
    @given(NOISE, st.sampled_from([None, True]))
    def test_repairing_again_changes_nothing(self, text, damaged):
        once = repair(text, damaged=damaged).text
        assert repair(once, damaged=damaged).text == once

    @settings(max_examples=25, deadline=None)
    @given(LINES, TABLES, st.sampled_from([frozenset(), CUTS]), st.booleans())
    def test_a_known_page_is_repaired_once_and_for_all(self, lines, table, cuts, keep_private):
        received = damage("\n".join(lines), {c: TABLE[c] for c in table}, cuts, keep_private=keep_private)
        once = repair(received, damaged=True).text
        assert repair(once, damaged=True).text == once

    @settings(max_examples=25, deadline=None)
    @given(LINES, TABLES, st.sampled_from([frozenset(), CUTS]), st.booleans())
    def test_offsets_lead_back_outside_mends(self, lines, table, cuts, keep_private):
        received = damage("\n".join(lines), {c: TABLE[c] for c in table}, cuts, keep_private=keep_private)
        repaired = repair(received)
        mends = [range(one.to_start, one.to_end) for one in repaired.repairs]
        for offset, character in enumerate(repaired.text):
            if not any(offset in mend for mend in mends):
                back = repaired.to_received(offset)
                assert received[back] == character
                assert repaired.to_repaired(back) == offset
