"""Small invented sites in the dialects that have no practice site of their own: columns of none, one, two and three
list pages, a pinned old entry, an entry without a day, an article cut into pages, and what lies beyond a list's end."""

from collections.abc import Callable
from dataclasses import dataclass

from crawling import HOST, Pages

from desk.demo.site import Answer

SIZE = 6
#: Column -> entries.
COLUMNS = {"gb": 0, "jb": 5, "tzgg": 9, "zfwj": 17}
NAMES = {"gb": "政府公报", "jb": "工作简报", "tzgg": "通知公告", "zfwj": "政府文件"}
NUMBERS = {name: number for number, name in enumerate(COLUMNS, 3)}
#: The entry without a day, and the one that is cut into three pages where the dialect cuts articles.
UNDATED, CUT = ("tzgg", 4), ("jb", 2)


@dataclass(frozen=True)
class Dialect:
    """How one system writes: addresses of lists and articles, what stands around both, and how lists turn."""

    family: str
    list_path: Callable[[str, int], str]
    article_path: Callable[[str, int], str]
    head: str
    foot: str
    body: str  # around the text of an article, {} for it
    pager: Callable[[str, int, int, int], str]  # column, page, pages, entries
    cut: Callable[[str, int, int], str] | None = None  # address of an article's page, number, of -> pager
    beyond: str = "<html><body>404</body></html>"


def title(column, number):
    return f"云岫县{NAMES[column]}所载第{number + 1}号渡口检修安排"


def day(number):
    return f"2026-{3 - number // 9:02d}-{28 - number % 9:02d}"


def text(column, number, part=1):
    return (
        f"<p>{NAMES[column]}第{number + 1}号之{part}：渡口自本月起停航检修，往来群众请绕行上游石桥。</p>"
        f"<p>第{number + 1}号检修由县交通局组织，工期{number + part}日，完工后另行公布{NAMES[column]}。</p>"
    )


class SmallCms(Pages):
    """The site a dialect makes. `articles` are the addresses of all its articles."""

    def __init__(self, dialect):
        super().__init__({})
        self.dialect, self.articles = dialect, set()
        self.pages["/"] = self._framed(
            "".join(f'<li><a href="{dialect.list_path(c, 1)}">{NAMES[c]}</a></li>' for c in COLUMNS), "云岫县人民政府"
        )
        for column, entries in COLUMNS.items():
            self._lists(column, entries)
            for number in range(entries):
                self._article(column, number)

    def columns(self):
        return {name: f"http://{HOST}{self.dialect.list_path(name, 1)}" for name in COLUMNS}

    def _framed(self, inner, called):
        nav = "<div class=nav><a href='/'>首页</a><a href='/zwfw/'>政务服务</a><a href='/map/'>网站地图</a></div>"
        head = f"<title>{called}</title>{self.dialect.head}"
        return f"<html><head>{head}</head><body>{nav}{inner}{self.dialect.foot}</body></html>"

    def _row(self, column, number, pinned=""):
        shown = "" if (column, number) == UNDATED else f"<span>{day(number)}</span>"
        path = self.dialect.article_path(column, number)
        return f'<li>{pinned}<a href="{path}" title="{title(column, number)}">{title(column, number)}</a>{shown}</li>'

    def _lists(self, column, entries):
        pages = max(1, -(-entries // SIZE))
        for page in range(1, pages + 1):
            rows = [self._row(column, n) for n in range((page - 1) * SIZE, min(page * SIZE, entries))]
            if page == 1 and entries > SIZE:
                rows.insert(0, self._row(column, entries - 1, "<b>[置顶]</b>"))
            listed = f"<ul class='list'>{''.join(rows)}</ul>" if rows else "<div class='list'>暂无相关信息</div>"
            pager = self.dialect.pager(column, page, pages, entries) if pages > 1 else ""
            self.pages[self.dialect.list_path(column, page)] = self._framed(listed + pager, NAMES[column])
        self.pages[self.dialect.list_path(column, pages + 1)] = Answer(200, self.dialect.beyond.encode())

    def _article(self, column, number):
        path = self.dialect.article_path(column, number)
        self.articles.add(f"http://{HOST}{path}")
        of = 3 if self.dialect.cut and (column, number) == CUT else 1
        for part in range(1, of + 1):
            pager = self.dialect.cut(path, part, of) if of > 1 else ""
            stem, dot, suffix = path.rpartition(".")
            inner = self.dialect.body.format(
                title=title(column, number), day=day(number), text=text(column, number, part) + pager
            )
            at = path if part == 1 else f"{stem}_{part}{dot}{suffix}"
            self.pages[at] = self._framed(inner, title(column, number))


def _cut(words):
    def pager(path, part, of):
        stem, dot, suffix = path.rpartition(".")
        names = [path if n == 1 else f"{stem}_{n}{dot}{suffix}" for n in range(1, of + 1)]
        links = (str(n) if n == part else f'<a href="{name}">{n}</a>' for n, name in enumerate(names, 1))
        return f"<p>{words.format(of=of, part=part)} {' '.join(links)}</p>"

    return pager


def _next(link):
    def pager(column, page, pages, entries):
        further = f'<a href="{link(column, page + 1)}">下一页</a>' if page < pages else "<span>下一页</span>"
        return f"<div class='page'>共{entries}条 共{pages}页 {further}</div>"

    return pager


def _dede_list(column, page):
    return f"/a/{column}/" if page == 1 else f"/a/{column}/list_{NUMBERS[column]}_{page}.html"


def _dede_pager(column, page, pages, entries):
    numbers = "".join(
        f"<li class=thisclass>{n}</li>" if n == page else f'<li><a href="{_dede_list(column, n)}">{n}</a></li>'
        for n in range(1, pages + 1)
    )
    onward = f'<li><a href="{_dede_list(column, page + 1)}">下一页</a></li>' if page < pages else ""
    shown = f"<li><span class=pageinfo>共 <strong>{pages}</strong>页<strong>{entries}</strong>条</span></li>"
    return f"<ul class=pagelist>{numbers}{onward}{shown}</ul>"


def _empire_list(column, page):
    start = f"/e/action/ListInfo/?classid={NUMBERS[column]}"
    return start if page == 1 else _empire_link(column, page)


def _empire_link(column, page):
    return f"/e/action/ListInfo/index.php?page={page - 1}&classid={NUMBERS[column]}&totalnum={COLUMNS[column]}"


def _empire_pager(column, page, pages, entries):
    """Numbers only, and every one a link: its page counts from 0, its words from 1."""
    links = "".join(f'<a href="{_empire_link(column, n)}">{n}</a> ' for n in range(1, pages + 1))
    return f"<div class=epages>共 {entries} 条记录 {links}</div>"


def _jeecms_list(column, page):
    return f"/{column}/index.jhtml" if page == 1 else f"/{column}/index_{page}.jhtml"


def _jeecms_pager(column, page, pages, entries):
    turn = "<a href='javascript:void(0)' onclick=\"_gotoPage('x')\">下一页</a>"
    return f"<div>共{entries}条记录 {page}/{pages}页 首页 上一页 {turn}</div>"


def _nfcms_list(column, page):
    return f"/zwgk/{column}/" if page == 1 else f"/zwgk/{column}/index_{page}.html"


def _openness_list(column, page):
    start = f"/opennessTarget/?branch_id=5a2b{NUMBERS[column]:020x}&column_code=1{NUMBERS[column]}000&tag="
    return start if page == 1 else f"{start}&page={page}"


def _id(column, number):
    return NUMBERS[column] * 1000 + number


_PLAIN = "<h1>{title}</h1><div class=info>来源：县交通局 时间：{day}</div><div class='content'>{text}</div>"
_TABLE = (
    "<table><tr><td>索引号：</td><td>619901/2026-07</td><td>组配分类：</td><td>通知公告</td></tr>"
    "<tr><td>发布机构：</td><td>云岫县交通局</td><td>发文日期：</td><td>{day}</td></tr>"
    "<tr><td>名称：</td><td colspan=3>{title}</td></tr></table><div class='m-article'>{text}</div>"
)

DIALECTS = {
    "dede": Dialect(
        "dede", _dede_list, lambda c, n: f"/a/{c}/2026/{_id(c, n)}.html",
        "<link href='/templets/default/style/dedecms.css' rel=stylesheet>",
        "<script src='/plus/count.php?view=yes'></script>", _PLAIN, _dede_pager, _cut("共{of}页:"),
    ),
    "foosun": Dialect(
        "foosun", lambda c, n: f"/Class/{c}/index.html" if n == 1 else f"/Class/{c}/index_{n}.html",
        lambda c, n: f"/Class/{c}/2026{_id(c, n)}.html", "", "<div>Powered by www.Foosun.net</div>", _PLAIN,
        _next(lambda c, n: f"/Class/{c}/index_{n}.html"), _cut("本新闻共{of}页,当前在第{part}页"),
    ),
    "empire": Dialect(
        "empire", _empire_list, lambda c, n: f"/html/{c}/{_id(c, n)}.html", "<meta name=generator content=EmpireCMS>",
        "", _PLAIN, _empire_pager,
    ),
    "jeecms": Dialect(
        "jeecms", _jeecms_list, lambda c, n: f"/{c}/{_id(c, n)}.jhtml",
        "<link href='/r/cms/www/red/css/style.css' rel=stylesheet>", "", _PLAIN, _jeecms_pager,
    ),
    "nfcms": Dialect(
        "nfcms", _nfcms_list, lambda c, n: f"/zwgk/{c}/content/post_10{_id(c, n)}.html",
        "<script>var NFCMS_SITE_ID = '7609';</script>", "",
        "<h1>{title}</h1><p>发布时间：{day} 来源：县交通局</p><div id=zoomcon>{text}</div>",
        _next(lambda c, n: f"index_{n}.html"),
    ),
    "openness": Dialect(
        "openness", _openness_list, lambda c, n: f"/openness/detail/content/5c48{_id(c, n):020x}.html",
        "<script>var branch_id = '5a2b';</script>", "", _TABLE, _next(lambda c, n: _openness_list(c, n)),
    ),
}  # fmt: skip
