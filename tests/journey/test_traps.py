"""Addresses no two of which are alike, and addresses written badly: nothing endless, nothing twice, no loss."""

from itertools import count
from urllib.parse import quote

from crawling import HOST, Pages, a_county, article, problems, run, settings

from archive import open_archive
from bulletin.source import Column
from desk.demo.server import Serving

ROW = '<li><a href="{}">云岫县人民政府关于第{}号事项的通知</a><span>2026-03-0{}</span></li>'


def known(home, source):
    with open_archive(settings(home).archive_url) as kept:
        return set(kept.known(source.id)), kept.counts()["documents"]


def test_session_ids_in_addresses_make_no_new_articles(tmp_path):
    visits = count(1)

    def listed(headers):
        session = f"{next(visits):08X}.node1"
        rows = "".join(
            ROW.format(f"a{n}.jsp;jsessionid={session}?id={n}&PHPSESSID={session}", n, n) for n in range(1, 6)
        )
        return f"<ul>{rows}</ul><a href='index.jsp;jsessionid={session}'>首页</a>"

    pages = Pages({"/gb/": listed} | {f"/gb/a{n}.jsp?id={n}": article(n) for n in range(1, 6)})
    with Serving([pages]) as serving:
        source = a_county(serving.address, family="generic")
        first, _ = run(tmp_path, source)
        asked = len(serving.paths())
        second, _ = run(tmp_path, source)
        later = serving.paths()[asked:]
    assert (first.tally.new, second.tally.new, problems(first)) == (5, 0, {})
    assert later == ["/robots.txt", "/gb/"] or later == ["/gb/"]
    assert known(tmp_path, source) == ({f"http://{HOST}/gb/a{n}.jsp?id={n}" for n in range(1, 6)}, 5)


def test_a_calendar_beside_a_list_leads_nowhere(tmp_path):
    days = "".join(f'<td><a href="/gb/?date=2026-03-{n:02d}">{n}</a></td>' for n in range(1, 32))
    calendar = f"<table class=calendar><tr><td><a href='/gb/?ym=2026-04'>&gt;</a></td></tr><tr>{days}</tr></table>"
    rows = "".join(ROW.format(f"/gb/{n}.html", n, n) for n in range(1, 6))
    pages = {"/gb/": f"{calendar}<ul>{rows}</ul>"} | {f"/gb/{n}.html": article(n) for n in range(1, 6)}
    with Serving([Pages(pages)]) as serving:
        source = a_county(serving.address, family="generic")
        done, _ = run(tmp_path, source)
        asked = serving.paths()
    assert (done.outcome, done.tally.new) == ("done", 5)
    assert not [path for path in asked if "?" in path]


def test_badly_written_links_lead_where_a_browser_would_go(tmp_path):
    name = quote("公告".encode("gb18030"))
    links = {
        "blank in it.html": "/gb/blank%20in%20it.html",
        "  ./around.html  ": "/gb/around.html",
        "\\gb\\back\\slash.html": "/gb/back/slash.html",
        f"/gb/{name}.html": f"/gb/{name}.html",
        "/gb/中文.html": f"/gb/{quote('中文')}.html",
        "/gb/part.html#top": "/gb/part.html",
        "/a/../gb/./dots.html": "/gb/dots.html",
        "//" + HOST + "/gb/scheme.html": "/gb/scheme.html",
        f"HTTP://{HOST.upper()}:80/gb/host.html": "/gb/host.html",
    }
    rows = "".join(ROW.format(link, n, n) for n, link in enumerate(links, 1))
    long = f"/gb/{'x' * 10_000}.html"
    rows += ROW.format(long, 98, 1) + ROW.format("http://[broken/", 99, 1)
    served = {"/gb/": f"<meta charset=utf-8><ul>{rows}</ul>"}
    served |= {path: article(n) for n, path in enumerate(links.values(), 1)}
    with Serving([Pages(served)]) as serving:
        source = a_county(serving.address, family="generic")
        done, _ = run(tmp_path, source)
        asked = serving.paths()
    assert known(tmp_path, source)[0] == {f"http://{HOST}{path}" for path in links.values()}
    assert done.tally.new == len(links)
    assert max(map(len, asked)) < 5_000


def test_a_page_that_links_to_itself_under_ever_new_addresses_ends(tmp_path):
    """A list that hands out an endless line of pages, each with one entry nobody has seen."""

    numbers = {}

    class Endless(Pages):
        def answer(self, method, path, headers, body):
            if path == "/robots.txt":
                return super().answer(method, path, headers, body)
            depth = path.count("/deeper")
            self.pages[path] = (
                f"<ul>{''.join(ROW.format(f'{path}{n}.html', depth * 9 + n, n) for n in range(1, 5))}</ul>"
            )
            self.pages[path] += f"<a href='{path}deeper/'>下一页</a>"
            if path.endswith(".html"):
                self.pages[path] = article(numbers.setdefault(path, len(numbers)))
            return super().answer(method, path, headers, body)

    with Serving([Endless({})]) as serving:
        there = (Column("gb", "gb", f"http://{HOST}/gb/", max_pages=4),)
        source = a_county(serving.address, family="generic", columns=())
        done, _ = run(tmp_path, type(source)(**{f: getattr(source, f) for f in source.__slots__} | {"columns": there}))
        asked = [path for path in serving.paths() if path.endswith("/")]
    assert len(asked) == 4
    assert done.tally.new == 16
