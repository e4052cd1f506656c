"""Document numbers come to their normal form from every way they are printed."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.text.docnumber import find_docnumbers, match_key, parse_docnumber
from bulletin.text.script import to_traditional

SHARED = Path(__file__).parents[2].parent / "shared"
CODES = st.sampled_from(
    [
        "云政发",
        "云政办发",
        "云政办",
        "松政函",
        "白石滩政规",
        "云岫防指办",
        "云教体字",
        "云价",
        "中云发",
        "云政任",
        "和政办发",
        "云农办综发",
        "云政",
    ]
)
BRACKETS = st.sampled_from(["〔〕", "﹝﹞", "[]", "［］", "【】", "（）", "()", "〔]", "[〕", "〖〗", "{}", "<>"])
YEARS = st.integers(1949, 2099)
SERIALS = st.integers(1, 99999)


def full_width(number: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))


def by_place(number: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))


def spell(code: str, brackets: str, year: str, serial: str, data: st.DataObject) -> str:
    blank = data.draw(st.sampled_from(["", "", " ", "　", "\u200b"]))
    ordinal, sign = data.draw(st.sampled_from(["", "", "第"])), data.draw(st.sampled_from(["号", "號"]))
    suffix = data.draw(st.sampled_from(["", "", "年"]))
    return f"{code}{blank}{brackets[0]}{blank}{year}{suffix}{brackets[1]}{blank}{ordinal}{serial}{blank}{sign}"


@given(CODES, BRACKETS, YEARS, SERIALS, st.data())
def test_every_spelling_comes_to_the_normal_form(
    code: str, brackets: str, year: int, serial: int, data: st.DataObject
) -> None:
    years, serials = [str(year), full_width(year), by_place(year)], [str(serial), full_width(serial), f"{serial:05d}"]
    code_printed = to_traditional(code) if data.draw(st.booleans()) else code
    printed = spell(
        code_printed, brackets, data.draw(st.sampled_from(years)), data.draw(st.sampled_from(serials)), data
    )
    number = parse_docnumber(printed)
    assert number is not None
    assert number.canonical == f"{code}〔{year}〕{serial}号"
    assert (number.code, number.year, number.serial, number.kind) == (code, year, serial, "document")
    assert number.raw == printed
    assert match_key(printed) == match_key(number.canonical)


@given(CODES, YEARS, SERIALS, st.data())
def test_found_in_running_text(code: str, year: int, serial: int, data: st.DataObject) -> None:
    before = data.draw(
        st.sampled_from(["", "《关于试点的通知》（", "按照", "根据", "依据《办法》和", "（", "各镇：", "印发了", "\n"])
    )
    behind = data.draw(st.sampled_from(["", "）", "文件要求", "及相关规定", "，", "\n", "和松政函〔2020〕3号"]))
    printed = f"{code}〔{year}〕{serial}号"
    text = before + printed + behind
    found = find_docnumbers(text)
    start, end, number = found[0]
    assert text[start:end] == number.raw == number.canonical == printed
    assert len(found) == (2 if "松政函" in behind else 1)


@pytest.mark.parametrize(
    ("text", "canonical", "kind", "sure"),
    [
        ("雲政辦發[2008]68號", "云政办发〔2008〕68号", "document", True),
        ("云政办发[2025] 12 号", "云政办发〔2025〕12号", "document", True),
        ("云政发〔二〇一九〕三号", "云政发〔2019〕3号", "document", True),
        ("云政发〔二○一九〕十二号", "云政发〔2019〕12号", "document", True),
        ("云 政 发 〔2024〕 7 号", "云政发〔2024〕7号", "document", True),
        ("云政办发明电〔2020〕11号", "云政办发明电〔2020〕11号", "document", True),
        ("云政发〔2019〕60号及现行标准", "云政发〔2019〕60号", "document", True),
        ("（云政发〔2019〕7号）", "云政发〔2019〕7号", "document", True),
        ("云政发〔2019〕7", "云政发〔2019〕7号", "document", True),
        ("法（研）发〔1987〕32号", "法（研）发〔1987〕32号", "document", True),
        ("云民发2016178号", "云民发〔2016〕178号", "document", False),
        ("云政办发〔201746", "云政办发〔2017〕46号", "document", False),
        ("云政发2019〕7号", "云政发〔2019〕7号", "document", False),
        ("云政发〔2019 7号", "云政发〔2019〕7号", "document", False),
        ("云政发〔98〕7号", "云政发〔1998〕7号", "document", False),
        ("云政发〔19〕7号", "云政发〔2019〕7号", "document", False),
        ("会议室（2019）3号", "会议室〔2019〕3号", "document", False),
        ("云岫县人民政府令第12号", "云岫县人民政府令第12号", "order", True),
        ("云岫縣人民政府令 第 12 號", "云岫县人民政府令第12号", "order", True),
        ("云岫县人民政府令第十二号", "云岫县人民政府令第12号", "order", True),
        ("云岫县人民政府第12号令", "云岫县人民政府令第12号", "order", True),
        ("云岫县人民政府令〔2019〕3号", "云岫县人民政府令〔2019〕3号", "order", True),
        ("云岫县人民政府令2019年第3号", "云岫县人民政府令〔2019〕3号", "order", True),
        ("城乡和住房建设厅令第11号", "城乡和住房建设厅令第11号", "order", True),
        ("云岫县税务局公告2019年第13号", "云岫县税务局公告〔2019〕13号", "announcement", True),
        ("府授秘字第0930089122號", "府授秘字第0930089122号", "taiwan", True),
        ("府授秘字第10930123451號", "府授秘字第10930123451号", "taiwan", True),
    ],
)
def test_shapes(text: str, canonical: str, kind: str, sure: bool) -> None:
    number = parse_docnumber(text)
    assert number is not None
    assert (number.canonical, number.kind, number.sure) == (canonical, kind, sure)


def test_the_year_of_a_taiwan_number_is_in_its_first_digits() -> None:
    number = parse_docnumber("府授秘字第0930089122號")
    assert number is not None
    assert (number.year, number.serial) == (2004, 930089122)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "无",
        "（2019）云01民终123号",
        "〔2019〕12号",
        "（2019）12号",
        "云政发〔1948〕3号",
        "云政发〔2019〕0号",
        "云政发〔2019〕号",
        "云政发",
        "2019年3月18日",
        "印发2019年第12号文件",
        "总人口2019 3号",
        "按照云政发〔2019〕7号",
        "公开招聘〔2019〕",
        "第12号",
        "云" * 400 + "〔2019〕1号",
    ],
)
def test_no_numbers(text: str) -> None:
    assert parse_docnumber(text) is None
    assert match_key(text) is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("按照云政发〔2019〕7号和云政办发〔2019〕8号文件要求", ["云政发〔2019〕7号", "云政办发〔2019〕8号"]),
        ("按照和政办发〔2019〕5号", ["和政办发〔2019〕5号"]),
        ("和政办发〔2019〕5号和和政发〔2019〕6号", ["和政办发〔2019〕5号", "和政发〔2019〕6号"]),
        ("云岫县人民政府办公室云政办发〔2019〕5号", ["云政办发〔2019〕5号"]),
        ("2000年1月2日松泉县人民政府令第3号公布", ["松泉县人民政府令第3号"]),
        ("原国家林务局令第4号", ["国家林务局令第4号"]),
        ("（以下简称云政字〔2017〕20号文）", ["云政字〔2017〕20号"]),
        ("政务院、松泉林务局令第22号", ["松泉林务局令第22号"]),
        ("一案，（2019）云01民终123号判决", []),
    ],
)
def test_words_before_a_number_are_not_its_code(text: str, numbers: list[str]) -> None:
    assert [number.canonical for _, _, number in find_docnumbers(text)] == numbers


def test_a_known_code_decides() -> None:
    text = "县里的经开发〔2019〕7号"
    assert find_docnumbers(text, codes={"经开发", "开发"})[0][2].code == "经开发"
    assert find_docnumbers(text, codes={"开发"})[0][2].code == "开发"


def test_equality_is_code_year_and_serial() -> None:
    assert match_key("雲政發[2019]007號") == match_key("云政发〔2019〕7号") == ("云政发", 2019, 7)
    assert match_key("云政发〔2019〕7号") != match_key("云政发〔2020〕7号")
    assert match_key("云政发〔2019〕7号") != match_key("松政发〔2019〕7号")


@given(st.text(st.sampled_from("云政发和令第字〔［(〕]）2019零十 号年及按照》公告")))
def test_anything_is_read_without_harm(text: str) -> None:
    last = 0
    for start, end, number in find_docnumbers(text):
        assert last <= start < end
        assert text[start:end] == number.raw
        assert number.serial >= 1
        last = end
    parse_docnumber(text)


@pytest.mark.parametrize(
    "unit", ["〔2019", "令第", "发2019", "〔 ", "政", "〔2019〕1号", "第1号令", "和", "云（政）", "云 "]
)
def test_long_hostile_texts_end(unit: str) -> None:
    text = unit * (300_000 // len(unit)) + "〔2019〕1号"
    assert len(find_docnumbers(text)) <= len(text)


@pytest.mark.shared
def test_real_examples_of_the_standards_sheet() -> None:
    sheet = (SHARED / "guides" / "standards.md").read_text("utf-8")
    section = sheet[sheet.index("### 3.3") : sheet.index("County habits")].split("\n", 1)[1]
    examples = [example.strip(" .\n") for example in section.replace("\n", " ").split("·")]
    assert len(examples) > 75
    for example in examples:
        normal = re.search(r"\(([^()〔]*〔\d{4}〕\d+号)", example)
        printed = re.sub(r"\s*\([^()]*\)\s*$", "", example)
        number = parse_docnumber(printed)
        assert number is not None, example
        assert re.fullmatch(r"\w{2,20}(?:〔\d{4}〕|第)[1-9]\d*号", number.canonical), example
        assert number.canonical == (normal[1] if normal else number.canonical)
