"""A known article, dressed in a dozen site templates: title, dates and body stay what they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extract.page import open_page
from crawler.extract.reading import read_page

TITLE = "云岫县人民政府关于开展农田水利设施冬修的通知"
INFO = "发布时间：2026-01-12 09:40 来源：云岫县水利局"
MENU = "".join(
    f'<li><a href="/{i}/">{name}</a></li>' for i, name in enumerate("首页 政务公开 政务服务 互动交流".split())
)
LINKS = "".join(f'<li><a href="/x{i}.html">云岫县第{i}届农民丰收节筹备情况通报</a></li>' for i in range(6))
FOOT = "<p>主办单位：云岫县人民政府办公室</p><p>网站标识码：6199010003 公网安备 61990100000001号 技术支持：云岫科技</p>"
TOOLS = '<a href="#">打印</a> <a href="#">关闭</a> 【字体：<a href="#">大</a> <a href="#">中</a> <a href="#">小</a>】'

Template = Callable[[str], str]


def page(inner: str, head: str = "") -> str:
    head = f'<meta charset="utf-8"><title>{TITLE}-云岫县人民政府</title>{head}'
    return f"<html><head>{head}</head><body>{inner}</body></html>"


TEMPLATES: dict[str, Template] = {
    "bare": lambda body: page(f"<h1>{TITLE}</h1><p>{INFO}</p><div>{body}</div>"),
    "menu above": lambda body: page(f"<ul>{MENU}</ul><h1>{TITLE}</h1><p>{INFO}</p><div>{body}</div>"),
    "footer": lambda body: page(f"<h1>{TITLE}</h1><p>{INFO}</p><div>{body}</div><div id='footer'>{FOOT}</div>"),
    "sidebar": lambda body: page(
        f"<div class='l'><ul>{LINKS}</ul></div><div class='r'><h1>{TITLE}</h1><p>{INFO}</p><div>{body}</div>"
        f"</div>{FOOT}"
    ),
    "related below": lambda body: page(
        f"<div class='w'><h2>{TITLE}</h2><div>{INFO}</div><div>{body}</div><h4>相关链接</h4><ul>{LINKS}</ul></div>"
    ),
    "tools both ends": lambda body: page(
        f"<div><h1>{TITLE}</h1><div>{INFO} {TOOLS}</div>{body}<div>{TOOLS}</div><div>分享到：</div></div>{FOOT}"
    ),
    "layout tables": lambda body: page(
        f"<table><tr><td><ul>{MENU}</ul></td></tr><tr><td><table><tr><td align=center><b>{TITLE}</b></td></tr>"
        f"<tr><td>{INFO}</td></tr><tr><td>{body}</td></tr></table></td></tr><tr><td>{FOOT}</td></tr></table>"
    ),
    "known container": lambda body: page(
        f"<ul>{MENU}</ul><h1>{TITLE}</h1><p>{INFO}</p><div id='zoom'>{body}</div>"
        "<p>上一篇：<a href='1.html'>冬修动员</a></p>"
    ),
    "style inside": lambda body: page(
        f"<h1>{TITLE}</h1><p>{INFO}</p><div class='TRS_Editor'><style>.TRS_Editor P{{margin:0}}</style>{body}</div>"
    ),
    "tags only": lambda body: page(
        f"<h1>{TITLE}</h1><div>{body}</div>{FOOT}",
        f"<meta name='ArticleTitle' content='{TITLE}'><meta name='PubDate' content='2026-01-12 09:40'>",
    ),
    "breadcrumb and code": lambda body: page(
        f"<div>您当前的位置：<a href='/'>首页</a> &gt; <a href='/t/'>通知</a></div><h1>{TITLE}</h1><p>{INFO}</p>"
        f"<div>{body}</div><div>扫一扫在手机打开当前页</div><script>document.write('x')</script>"
    ),
    "hidden parts": lambda body: page(
        f"<div style='display:none'>{LINKS}</div><h1>{TITLE}</h1><p>{INFO}</p><div>{body}</div>"
        f"<div style='display: none'>Produced By 大汉网络</div>"
    ),
    "comments after": lambda body: page(
        f"<div><h1>{TITLE}</h1><p>{INFO}</p><div>{body}</div><div class='comments'><h3>网友评论</h3>"
        f"<p>写得很好，支持冬修工作。</p></div></div>{FOOT}"
    ),
}

WORDS = "渠道 水库 清淤 衬砌 泵站 灌区 堤防 村组 劳力 工期 质量 验收 资金 台账 巡查 安全 协调 督导".split()
SENTENCE = st.lists(st.sampled_from(WORDS), min_size=4, max_size=12).map(
    lambda words: "各乡镇要做好" + "、".join(words) + "等工作。"
)
BODY = st.lists(SENTENCE, min_size=2, max_size=8, unique=True)


@pytest.mark.parametrize("name", TEMPLATES)
@settings(max_examples=15, deadline=None)
@given(paragraphs=BODY)
def test_chrome_changes_nothing(name: str, paragraphs: list[str]) -> None:
    body = "".join(f"<p>　　{paragraph}</p>" for paragraph in paragraphs)
    harvest = read_page(open_page(TEMPLATES[name](body).encode()))
    assert harvest.kind == "article"
    assert harvest.title == TITLE
    assert harvest.published_on == date(2026, 1, 12)
    assert harvest.text.split("\n") == paragraphs
