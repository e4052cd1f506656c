"""Lists that come in windows and units: the two generations of one house."""

import json
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from listpages import HOST, column, items, numbers_of, page, reply

from crawler.families import families
from crawler.families.family import Ask

HANWEB = families()["hanweb"]
COLUMN = column("/col/col1500001/index.html")


def store(records, column_id="1500001", unit="77", total=""):
    body = "".join(f"<record><![CDATA[{record}]]></record>" for record in records)
    link = f"/module/jpage/dataproxy.jsp?page=1&appid=1&webid=9&path=/&columnid={column_id}&unitid={unit}&webname=yx"
    return (
        f'<div id="{unit}"><script type="text/xml"><datastore>{total}<nextgroup><![CDATA[<a href="{link}"></a>]]>'
        f"</nextgroup><recordset>{body}</recordset></datastore></script></div>"
    )


def jpage(total, per_page=2, unit="77"):
    return f"<script>$('#{unit}').jpage({{totalRecord:{total},perPage:{per_page}}});</script>"


def window(total, records):
    body = "".join(f"<record><![CDATA[{record}]]></record>" for record in records)
    return f"<datastore><totalrecord>{total}</totalrecord><recordset>{body}</recordset></datastore>"


def test_hanweb_windows_are_three_pages_posted_for():
    first = page(store(items(1, 2, 3, 4, 5, 6)) + jpage(11), "/col/col1500001/index.html")
    listing = HANWEB.listing(first, COLUMN, Ask(COLUMN.url))
    assert numbers_of(listing.rows) == [1, 2, 3, 4, 5, 6]
    assert listing.total == 11
    (ask,) = listing.further
    assert (ask.method, ask.url) == (
        "POST",
        f"{HOST}/module/jpage/dataproxy.jsp?startrecord=7&endrecord=12&perpage=2",
    )
    form = dict(parse_qsl(ask.body.decode()))
    assert form["columnid"] == "1500001"
    assert form["unitid"] == "77"
    assert form["webid"] == "9"
    assert "page" not in form


def test_hanweb_the_next_window_begins_where_the_last_really_ended():
    ask = HANWEB.listing(page(store(items(1, 2)) + jpage(9)), COLUMN, Ask(COLUMN.url)).further[0]
    listing = HANWEB.listing(reply(window(9, items(3, 4, 5, 6)), ask), COLUMN, ask)  # two fewer than asked for
    assert numbers_of(listing.rows) == [3, 4, 5, 6]
    assert dict(parse_qsl(urlsplit(listing.further[0].url).query))["startrecord"] == "7"
    last = listing.further[0]
    assert HANWEB.listing(reply(window(9, items(7, 8, 9)), last), COLUMN, last).further == ()


def test_hanweb_a_window_of_one_record_is_a_row():
    ask = HANWEB.listing(page(store(items(1, 2)) + jpage(3)), COLUMN, Ask(COLUMN.url)).further[0]
    assert numbers_of(HANWEB.listing(reply(window(3, items(3)), ask), COLUMN, ask).rows) == [3]


def test_hanweb_a_silent_proxy_is_reported():
    ask = HANWEB.listing(page(store(items(1, 2)) + jpage(900)), COLUMN, Ask(COLUMN.url)).further[0]
    listing = HANWEB.listing(reply("<datastore><recordset></recordset></datastore>", ask), COLUMN, ask)
    assert listing.rows == ()
    assert listing.trouble


def test_hanweb_an_older_proxy_answers_with_a_script():
    ask = HANWEB.listing(page(store(items(1, 2)) + jpage(4)), COLUMN, Ask(COLUMN.url)).further[0]
    script = "var x=1; dataStore = [" + ",".join(repr(item) for item in items(3, 4)) + "];"
    assert numbers_of(HANWEB.listing(reply(script, ask), COLUMN, ask).rows) == [3, 4]


def test_hanweb_takes_the_unit_that_names_the_column():
    both = store(items(*range(20, 26)), column_id="1500009", unit="88") + store(items(1, 2)) + jpage(2)
    assert numbers_of(HANWEB.outlinks(page(both), COLUMN)) == [1, 2]


def test_hanweb_empty_and_plain_lists():
    assert HANWEB.listing(page(store([]) + jpage(0)), COLUMN, Ask(COLUMN.url)).further == ()
    plain = page(f"<ul>{''.join(items(*range(1, 8)))}</ul><a href='index_2.html'>下一页</a>")
    listing = HANWEB.listing(plain, COLUMN, Ask(COLUMN.url))
    assert len(listing.rows) == 7
    assert len(listing.further) == 1


JPAAS = families()["jpaas"]


def unit(rows, count, attributes='rows="3"'):
    data = "{'webId':'9','tplSetId':'t','tagId':'信息列表','pageId':'1500001'}"
    block = f'<div class="pager" count="{count}" {attributes} url="/api/build/unit" queryData="{data}"></div>'
    return page(f"<ul>{''.join(rows)}</ul>{block}", "/col/col1500001/index.html")


def test_jpaas_counts_pages_as_long_as_the_count_lasts():
    shown = JPAAS.listing(unit(items(1, 2, 3, path="/art/2026/art_{}.html"), 5), COLUMN, Ask(COLUMN.url))
    assert shown.total == 5
    (ask,) = shown.further
    fields = parse_qs(urlsplit(ask.url).query)
    assert json.loads(fields["paramJson"][0]) == {"pageNo": 2, "pageSize": 3}
    assert fields["tagId"] == ["信息列表"]
    built = json.dumps({"data": {"html": f"<ul>{''.join(items(4, 5))}</ul><div count='5'></div>"}})
    second = JPAAS.listing(reply(built, ask), COLUMN, ask)
    assert numbers_of(second.rows) == [4, 5]
    assert second.further == ()


def test_jpaas_an_empty_list_has_no_rows_whatever_else_is_linked():
    assert JPAAS.listing(unit(items(1, 2, 3), 0), COLUMN, Ask(COLUMN.url)).rows == ()


@pytest.mark.parametrize("body", ["", "<html>", '{"data":null}', '{"data":{"html":7}}', "[" * 100_000])
def test_jpaas_a_unit_that_was_not_built_is_reported(body):
    ask = Ask(f"{HOST}/api/build/unit?x=1", note="page:2:15")
    assert JPAAS.listing(reply(body, ask), COLUMN, ask).trouble
