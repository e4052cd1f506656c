"""Issue labels of mastheads and titles, and what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.text.issues import IssueLabel, parse_issue

CASES = {
    "2019年第1期(三百四十九)": IssueLabel("2019年第1期(三百四十九)", 2019, 1, 1, 349, unit="期"),
    "第三百四十九期": IssueLabel("第三百四十九期", None, 349, 349, 349, unit="期"),
    "（总第349期）": IssueLabel("总第349期", total=349, unit="期"),
    "總第三四九期": IssueLabel("總第三四九期", total=349, unit="期"),
    "2019年第1、2期合刊": IssueLabel("2019年第1、2期合刊", 2019, 1, 2, unit="期"),
    "第1期、第2期合刊": IssueLabel("第1期、第2期合刊", None, 1, 2, unit="期"),
    "第1-2期": IssueLabel("第1-2期", None, 1, 2, unit="期"),
    "2025年第3期": IssueLabel("2025年第3期", 2025, 3, 3, unit="期"),
    "2022年第1期（总第1期）": IssueLabel("2022年第1期（总第1期）", 2022, 1, 1, 1, unit="期"),
    "第3卷第2期": IssueLabel("第3卷第2期", None, 2, 2, unit="期", volume=3),
    "2019年第3卷第2期（总第12期）": IssueLabel("2019年第3卷第2期（总第12期）", 2019, 2, 2, 12, unit="期", volume=3),
    "第一季度": IssueLabel("第一季度", None, 1, 1, unit="季"),
    "2019年第一季度（总第8期）": IssueLabel("2019年第一季度（总第8期）", 2019, 1, 1, 8, unit="季"),
    "增刊": IssueLabel("增刊", supplement=True),
    "2019年增刊第1号": IssueLabel("2019年增刊第1号", 2019, 1, 1, supplement=True, unit="号"),
    "2019年第1号": IssueLabel("2019年第1号", 2019, 1, 1, unit="号"),
    "2019年第3号（总号：88）": IssueLabel("2019年第3号（总号：88）", 2019, 3, 3, 88, unit="号"),
    "二○一九年第一期": IssueLabel("二○一九年第一期", 2019, 1, 1, unit="期"),
    "云岫县扶贫快报(第三百四十九期)": IssueLabel("第三百四十九期", None, 349, 349, 349, unit="期"),
    "云岫县扶贫简报 第3期": IssueLabel("第3期", None, 3, 3, unit="期"),
    "云岫县人民政府公报 2019年 第 1 期 总第 34 期": IssueLabel("2019年 第 1 期 总第 34 期", 2019, 1, 1, 34, unit="期"),
    "云岫县人民政府公报2019年第3期目录": IssueLabel("2019年第3期", 2019, 3, 3, unit="期"),
    "云岫县人民政府公报（2020年增刊）": IssueLabel("2020年增刊", 2020, supplement=True),
    "第３期（2019年）": IssueLabel("第３期", 2019, 3, 3, unit="期"),
    "总第349-350期": IssueLabel("总第349-350期", total=350, unit="期"),
}


@pytest.mark.parametrize("line", CASES)
def test_labels(line: str) -> None:
    assert parse_issue(line) == CASES[line]
    assert parse_issue(f"  {line}\u3000\n") == CASES[line]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "云岫县人民政府公报",
        "第一期工程",
        "排水工程(第二期)",
        "第3期培训班开班",
        "2019年第2期专项债券公告",
        "云岫县税务局公告2019年第13号",
        "公告第3号",
        "云岫县人民政府令第12号",
        "2019年第一季度工作总结",
        "2019年3月18日",
        "任期届满",
        "云政发〔2019〕7号",
        "第0期的字" * 100,
    ],
)
def test_what_is_no_label(line: str) -> None:
    assert parse_issue(line) is None


@given(st.integers(1, 60), st.integers(1, 3000), st.integers(1950, 2030))
def test_year_number_and_total_are_read_back(number: int, total: int, year: int) -> None:
    label = parse_issue(f"云岫简报 {year}年第{number}期（总第{total}期）")
    assert label is not None
    assert (label.year, label.first, label.last, label.total) == (year, number, number, total)


@given(st.text(st.sampled_from("第一二349期号总(（）)、-2019年增刊季度卷 "), max_size=80))
def test_anything_is_read_without_harm(line: str) -> None:
    label = parse_issue(line)
    if label:
        assert label.raw in line
        assert label.first is None or label.last is None or label.first <= label.last
