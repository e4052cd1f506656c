"""Lists that count down or from zero, post a form back, lead on, or pack their pager."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from listpages import HOST, column, items, page

from crawler.families import families
from crawler.families.family import Ask
from crawler.families.legacy import FAMILY as LEGACY
from crawler.families.paging import unpacked_pager

VSB = families()["vsb"]


@pytest.mark.parametrize(
    ("pager", "path", "expected"),
    [
        ("<script>_simple_list_gotopage_fun(6,'x',2)</script>", "/zwgk/tzgg.htm", "/zwgk/tzgg/5.htm"),
        ("<td id=fanye3>共68条&nbsp;&nbsp;1/6&nbsp;</td>", "/zwgk/tzgg.htm", "/zwgk/tzgg/5.htm"),
        ("<span class=p_t>共31页</span>", "/zwgk/tzgg.htm", "/zwgk/tzgg/30.htm"),
        ("<script>_simple_list_gotopage_fun(6,'x',2)</script>", "/zwgk/tzgg/5.htm", "/zwgk/tzgg/4.htm"),
        ("<script>_simple_list_gotopage_fun(6,'x',2)</script>", "/zwgk/tzgg/1.htm", None),
        ("<script>_simple_list_gotopage_fun(1,'x',2)</script>", "/zwgk/tzgg.htm", None),
        ("<a href='tzgg/9.htm' class=Next>下页</a>", "/zwgk/tzgg.htm", "/zwgk/tzgg/9.htm"),
        ("", "/zwgk/tzgg.htm", None),
    ],
)
def test_vsb_pages_count_down(pager, path, expected):
    listed = page(f"<ul>{''.join(items(1, 2, 3, path='/info/7/{}.htm'))}</ul>{pager}", path)
    ask = VSB.next_listing(listed, column("/zwgk/tzgg.htm"))
    assert (ask.url if ask else None) == (HOST + expected if expected else None)


def form(links, state="s1", current=""):
    turns = "".join(f"<a href=\"javascript:__doPostBack('Pager','{arg}')\">{label}</a>" for label, arg in links)
    return page(
        '<form action="list.aspx?c=1" method="post"><input type="hidden" name="__VIEWSTATE" value="' + state + '">'
        f'<input type="submit" name="go" value="转到"><table>{"".join(items(1, 2, 3, 4)).replace("li>", "td>")}</table>'
        f"{current}{turns}</form>",
        "/old/list.aspx?c=1",
    )


OLD = column("/old/list.aspx?c=1")


@pytest.mark.parametrize(
    ("links", "note", "argument"),
    [
        ([("2", "2"), ("3", "3")], "", "2"),
        ([("1", "1"), ("3", "3")], "post:2", "3"),
        ([("下一页", "Next"), ("尾页", "Last")], "", "Next"),
        ([("1", "1"), ("10", "10"), ("...", "11")], "post:10", "11"),
        ([("1", "1"), ("2", "2")], "post:3", None),
        ([], "", None),
    ],
)
def test_forms_are_posted_back_for_the_next_page(links, note, argument):
    further = LEGACY.listing(form(links), OLD, Ask(OLD.url, note=note)).further
    sent = [dict(parse_qsl(ask.body.decode(), keep_blank_values=True)) for ask in further]
    assert [fields["__EVENTARGUMENT"] for fields in sent] == ([argument] if argument else [])
    assert all(fields["__VIEWSTATE"] == "s1" and "go" not in fields for fields in sent)
    assert all((ask.method, ask.url) == ("POST", f"{HOST}/old/list.aspx?c=1") for ask in further)


def test_a_page_says_itself_which_it_is():
    shown = form([("2", "2"), ("3", "3")], current="当前页：1")
    (ask,) = LEGACY.listing(shown, OLD, Ask(OLD.url, note="post:2")).further
    assert b"__EVENTARGUMENT=2" in ask.body


@pytest.mark.parametrize(
    ("body", "targets"),
    [
        ('<meta http-equiv="refresh" content="0; url=/gb/list.asp?classid=3">', ["/gb/list.asp?classid=3"]),
        ("<html><script>location.href='/jb/list.asp'</script></html>", ["/jb/list.asp"]),
        ("<script>window.location.replace('/jb/list.asp')</script>", ["/jb/list.asp"]),
        ("<frameset><frame src=top.asp><frame src=main.asp></frameset>", ["/old/top.asp", "/old/main.asp"]),
        ('<meta http-equiv="refresh" content="600">', []),
        ("<p>" + "渡口检修期间停航。" * 40 + "</p><script>location.href='/m/'</script>", []),
        ("<p>空</p>", []),
    ],
)
@pytest.mark.parametrize("name", ["legacy", "generic", "trs", "vsb", "ucap", "nfcms"])
def test_pages_that_only_lead_on_are_followed(name, body, targets):
    listing = families()[name].listing(page(body, "/old/"), column("/old/"), Ask(HOST + "/old/"))
    assert [ask.url for ask in listing.further] == [HOST + target for target in targets]


def test_no_page_leads_on_for_ever_or_away():
    here = column("/old/")
    away = '<meta http-equiv="refresh" content="0;url=http://www.elsewhere.example/">'
    assert LEGACY.listing(page(away, "/old/"), here, Ask(here.url)).trouble
    on = '<meta http-equiv="refresh" content="0;url=/older/">'
    ask = Ask(here.url)
    for _ in range(2):
        (ask,) = LEGACY.listing(page(on, urlsplit(ask.url).path), here, ask).further
        on = on.replace("older", "oldest")
    assert LEGACY.listing(page(on.replace("oldest", "past"), "/x/"), here, ask).trouble


@pytest.mark.parametrize(
    ("path", "expected"),
    [("?classid=3", "?classid=3&page=1"), ("?classid=3&page=1", "?classid=3&page=2"), ("?classid=3&page=2", None)],
)
def test_empire_counts_from_zero(path, expected):
    start = "/e/action/ListInfo/"
    listed = page(f"<ul>{''.join(items(1, 2, 3, 4))}</ul>共3页", start + path)
    ask = families()["empire"].next_listing(listed, column(start + path))
    assert (ask.url if ask else None) == (HOST + start + expected if expected else None)


@pytest.mark.parametrize(("at", "expected"), [(1, "index_2.jhtml"), (2, "index_3.jhtml"), (3, None)])
def test_jeecms_pages_are_named_where_a_script_turns_them(at, expected):
    name = "index.jhtml" if at == 1 else f"index_{at}.jhtml"
    listed = page(f"<ul>{''.join(items(1, 2, 3, 4))}</ul>共12条记录 {at}/3页", f"/gg/{name}")
    ask = families()["jeecms"].next_listing(listed, column("/gg/index.jhtml"))
    assert (ask.url if ask else None) == (f"{HOST}/gg/{expected}" if expected else None)


NAMED = "?branch_id=5a2b&column_code=10000&tag="


@pytest.mark.parametrize(
    ("family", "path", "at", "expected"),
    [
        ("nfcms", "/zwgk/gb/", 1, "/zwgk/gb/index_2.html"),
        ("nfcms", "/zwgk/gb/index_2.html", 2, "/zwgk/gb/index_3.html"),
        ("nfcms", "/zwgk/gb/index_3.html", 3, None),
        ("nfcms", "/zwgk/gb/more.html", 1, None),
        ("openness", f"/opennessTarget/{NAMED}", 1, f"/opennessTarget/{NAMED}&page=2"),
        ("openness", f"/opennessTarget/{NAMED}&page=2", 2, f"/opennessTarget/{NAMED}&page=3"),
        ("openness", f"/opennessTarget/{NAMED}&page=3", 3, None),
    ],
)
def test_pages_whose_links_are_scripts_are_counted(family, path, at, expected):
    turn = "<a href='javascript:turn()'>下一页</a>"
    listed = page(f"<ul>{''.join(items(1, 2, 3, 4))}</ul><div>共17条 共3页 第{at}/3页 {turn}</div>", path)
    listing = families()[family].listing(listed, column(path), Ask(HOST + path))
    assert [ask.url for ask in listing.further] == ([HOST + expected] if expected else [])
    assert bool(listing.trouble) == (path == "/zwgk/gb/more.html")
    assert listing.total == 17


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/e/action/ListInfo/?classid=3", 1),
        ("/e/action/ListInfo/index.php?page=1&classid=3", 2),
        ("/e/action/ListInfo/index.php?page=2&classid=3", None),
    ],
)
def test_empire_links_are_told_by_what_they_ask_for(path, expected):
    """The link of this page itself says 2 where its address says 1."""
    place = "/e/action/ListInfo/index.php?page={}&classid=3&totalnum=17"
    links = "".join(f'<a href="{place.format(n)}">{n + 1}</a>' for n in range(3))
    listed = page(f"<ul>{''.join(items(1, 2, 3, 4))}</ul><div>{links}</div>", path)
    ask = families()["empire"].next_listing(listed, column(path))
    assert (ask.url if ask else None) == (HOST + place.format(expected) if expected else None)


@pytest.mark.parametrize("words", ["共3页 3/3页", "共17条记录 3/3页", "页次：3/3页"])
def test_the_last_page_of_a_list_whose_links_are_scripts_ends_it(words):
    turn = "<a href='javascript:turn()'>下一页</a>"
    listed = page(f"<ul>{''.join(items(1, 2, 3, 4))}</ul><div>{words} {turn}</div>", "/gg/index_3.html")
    for name in ("generic", "jeecms"):
        listing = families()[name].listing(listed, column("/gg/"), Ask(f"{HOST}/gg/index_3.html"))
        assert (listing.further, listing.trouble) == ((), "")


MONTH = "".join(f'<td><a href="?date=2026-03-{n:02d}">{n}</a></td>' for n in range(1, 32))
BARE_MONTH = "".join(f'<td><a href="/day/{n}.html">{n}</a></td>' for n in range(1, 32))


@pytest.mark.parametrize(
    "calendar",
    [
        f"<table><tr><td><a href='?ym=2026-02'>&lt;</a><a href='?ym=2026-04'>&gt;</a></td></tr>{MONTH}</table>",
        f"<div class='ui-calendar'><a href='/2026-04/'>»</a><table>{BARE_MONTH}</table></div>",
        f"<div id=rili><table>{BARE_MONTH}</table></div>",
    ],
    ids=["named-by-address", "named-by-class", "named-by-id"],
)
@pytest.mark.parametrize(
    ("pager", "expected"),
    [("", None), ("<div><a href='index_2.html'>下一页</a></div>", "index_2.html"),
     ("<div>1 <a href='index_2.html'>2</a> <a href='index_3.html'>3</a></div>", "index_2.html")],
    ids=["alone", "beside-words", "beside-numbers"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["generic", "vsb", "nfcms", "ucap"])
def test_a_calendar_turns_no_pages(name, calendar, pager, expected):
    listed = page(f"{calendar}<ul>{''.join(items(1, 2, 3, 4))}</ul>{pager}", "/gg/")
    ask = families()[name].next_listing(listed, column("/gg/"))
    assert (ask.url if ask else None) == (f"{HOST}/gg/{expected}" if expected else None)


def test_a_packed_pager_is_unpacked():
    packed = (
        "JTNDYStocmVmJTNEJTIyJTJGZ2clMkYyLmh0bWwlMjIlM0UyJTNDJTJGYSUzRSUzQ2EraHJlZiUzRCUyMiUyRmdnJTJGMi5odG1sJTIyJTNF"
    )
    packed += "JUU0JUI4JThCJUU0JUI4JTgwJUU5JUExJUI1JTNDJTJGYSUzRQ=="
    listed = page(f"<ul>{''.join(items(1, 2, 3, 4))}</ul><div id=pages>{packed}</div>", "/gg/index.html")
    assert families()["generic"].next_listing(listed, column("/gg/index.html")).url == f"{HOST}/gg/2.html"
    assert unpacked_pager(page(f"<div id=pages>{'A' * 41}</div>")) is None


@pytest.mark.parametrize(
    ("pager", "expected"),
    [
        ("<span onclick=\"location.href='list_2.html'\">下一页</span>", "/yw/list_2.html"),
        ("<input type=button value='下一页' onclick=\"window.location='?p=2'\">", "/yw/?p=2"),
        ("<span onclick=\"location.href='list_2.html'\">投诉举报</span>", None),
        ("<span onclick='turn(2)'>下一页</span>", None),
        ("<span onclick=\"_gotoPage('2')\">下一页</span>", None),
        ("<select><option value=list_1.html selected>第1页<option value=list_2.html>第2页</select>", "/yw/list_2.html"),
        ("<select><option value='./'>1<option value=list_2.html>2</select>", "/yw/list_2.html"),
        ("<select><option value=list_1.html>第1页<option value=list_2.html selected>第2页</select>", None),
        ("<select><option value=1 selected>1<option value=2>2</select>", None),
        ("<select><option value=/gov/ selected>国家部委网站<option value=/prov/>省政府网站</select>", None),
    ],
)
def test_the_next_page_stands_in_a_button_or_a_choice(pager, expected):
    listed = page(f"<ul>{''.join(items(1, 2, 3))}</ul>{pager}", "/yw/")
    ask = families()["generic"].next_listing(listed, column("/yw/"))
    assert (ask.url if ask else None) == (HOST + expected if expected else None)
