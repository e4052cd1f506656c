"""Each family's practice site can be walked by its own rules, and the walk meets exactly the rows of the oracle."""

import json
import re
from html import unescape
from urllib.parse import quote, urljoin, urlsplit

import pytest

from desk.demo.sites import site
from desk.demo.subjects import SHARING

FAMILIES = ["F1", "F2", "F3"]
ROW = re.compile(r'<li[^>]*>\s*<a [^>]*?href="([^"]+)"')


def ask(practice, path, method="GET", body=b"", **headers):
    return practice.answer(method, path, headers, body)


def text(practice, path, **more):
    answer = ask(practice, path, **more)
    assert answer.status == 200, path
    return answer.body.decode()


def hrefs(html, base=""):
    return [urljoin(base, unescape(href)) for href in ROW.findall(html)]


def rows(practice, column, **more):
    return [row["url"] for row in practice.expected()["columns"][column]["rows"]]


def absolute(practice, found):
    return [url if url.startswith("http") else f"http://{practice.host}{url}" for url in found]


@pytest.mark.parametrize("name", FAMILIES)
def test_the_common_rules_hold(name):
    practice = site(name)
    expected = practice.expected()
    main = expected["columns"]["tzgg"]["rows"]
    assert main[0]["pinned"]
    assert any(not row["date"] for row in main)
    assert any(row["shown"].endswith("...") for row in main)
    one, two = expected["cross_posted"][0]
    assert one != two
    assert expected["per_article"][one]["body_sha256"] == expected["per_article"][two]["body_sha256"]
    assert expected["documents"] == len(expected["article_urls"]) - 1
    truths = list(expected["per_article"].values())
    assert any(truth["tables"] for truth in truths)
    assert sum(SHARING in "".join(truth["paragraphs"]) for truth in truths) == 1
    assert any(len(truth["paragraphs"]) == 1 and truth["attachments"] for truth in truths)
    assert 0.3 < sum(bool(truth["editor"]) for truth in truths) / len(truths) < 0.7
    assert {"off_site", "not_found"} <= {link["why"] for link in expected["skipped_links"]}
    sizes = sorted(len(column["rows"]) for column in expected["columns"].values())
    assert sizes[0] == 0
    for link in expected["skipped_links"]:
        if link["why"] == "not_found":
            assert ask(practice, urlsplit(link["url"]).path).status == 404


def test_f2_hides_its_rows_in_a_datastore_and_behind_a_proxy():
    practice = site("F2")
    first = text(practice, "/col/col1200001/index.html")
    store = first[first.index("<datastore>") : first.index("</datastore>")]
    assert store.count("<record>") == 45
    assert "jpage({totalRecord:133,perPage:15" in first
    assert text(practice, "/col/col1200001/index.html?uid=6100001&pageNum=2") == first
    found = hrefs(store)
    for start in (46, 91):
        body = "col=1&appid=1&webid=3000&path=/&columnid=1200001&sourceContentType=1&unitid=6100001&permissiontype=0"
        path = f"/module/jpage/dataproxy.jsp?startrecord={start}&endrecord={start + 44}&perpage=15"
        reply = text(practice, path, method="POST", body=body.encode())
        assert "<totalrecord>133</totalrecord><totalpage>9</totalpage>" in reply
        found += hrefs(reply)
    assert absolute(practice, found) == rows(practice, "tzgg")
    assert len(found) == 133


def test_f2_caps_a_reply_and_knows_its_units():
    practice = site("F2", scale=2)
    ask_for = "/module/jpage/dataproxy.jsp?columnid=1200001&startrecord=1&endrecord=999&unitid="
    assert text(practice, ask_for + "6100001").count("<record>") == 135
    assert text(practice, ask_for + "1").count("<record>") == 0
    single = text(practice, "/module/jpage/dataproxy.jsp?columnid=1200004&unitid=6100004&startrecord=1&endrecord=45")
    assert site("F2").expected()["columns"]["jb"]["rows"] == site("F2").expected()["columns"]["jb"]["rows"][:1]
    assert single.count("<record>") == 2


def test_f2_breaks_titles_and_dates_in_one_column():
    first = text(site("F2"), "/col/col1200003/index.html")
    assert first.count('title="<!--信息标题-->"') == 16
    assert re.search(r"<span>\n\d{4}-\d\d\n-\d\d\n</span>", first)


def test_f2_addresses_are_unpadded_and_the_newest_are_hashes():
    urls = rows(site("F2"), "tzgg")
    assert sum(bool(re.search(r"/art/\d{4}/art_[0-9a-f]{32}\.html$", url)) for url in urls) == 5
    assert any(re.search(r"/art/2026/3/\d/art_1200001_\d+\.html$", url) for url in urls)


@pytest.mark.parametrize(("variant", "pages"), [("jpaas", [1, 2, 3]), ("stuck", [1, 1, 1])])
def test_f2_variants_build_units(variant, pages):
    practice = site("F2", variant=variant)
    first = text(practice, "/col/col1200001/index.html")
    data = json.loads(re.search(r'queryData="([^"]+)"', first)[1].replace("'", '"'))
    found = []
    for number in (1, 2, 3):
        query = "&".join(f"{key}={quote(value)}" for key, value in data.items())
        asked = quote(json.dumps({"pageNo": number, "pageSize": 15}))
        answer = json.loads(
            text(practice, f"/api-gateway/jpaas-publish-server/front/page/build/unit?{query}&paramJson={asked}")
        )
        assert 'count="133"' in answer["data"]["html"]
        found.append(absolute(practice, hrefs(answer["data"]["html"])))
    every = rows(site("F2"), "tzgg")
    assert found == [every[(number - 1) * 15 : number * 15] for number in pages]
    assert hrefs(first)[:15] == hrefs(first)
    if variant == "stuck":
        assert len(practice.expected()["columns"]["tzgg"]["rows"]) == 15


def f3_walk(practice, column):
    """The list pages from the newest on, as the link to the next one leads; the file numbers met, and the rows."""
    path, numbers, found = f"/zwgk/{column}.htm", [], []
    for _ in range(20):
        html = text(practice, path)
        found += hrefs(html, f"http://{practice.host}{path}")
        following = re.search(r'<a href="([^"]+)"(?: class="Next")?>下页', html)
        if not following:
            return numbers, found
        path = urlsplit(urljoin(f"http://{practice.host}{path}", following[1])).path
        numbers.append(int(path.rpartition("/")[2].removesuffix(".htm")))
    raise AssertionError("the list does not end")


def test_f3_counts_its_pages_down():
    practice = site("F3")
    numbers, found = f3_walk(practice, "tzgg")
    assert numbers == [5, 4, 3, 2, 1]
    assert found == rows(practice, "tzgg")
    html = text(practice, "/zwgk/tzgg.htm")
    assert "共68条&nbsp;&nbsp;1/6" in html
    assert "_simple_list_gotopage_fun(6,'u8_goto',2)" in html
    assert text(practice, "/zwgk/tzgg/1.htm").count('id="line_u8_') == 8
    assert ask(practice, "/zwgk/tzgg/6.htm").status == 404


def test_f3_has_an_old_pager_a_doubled_new_one_and_none():
    practice = site("F3")
    numbers, found = f3_walk(practice, "jb")
    assert (numbers, found) == ([1], rows(practice, "jb"))
    assert text(practice, "/zwgk/jb.htm").count('class="pb_sys_common') == 2
    assert "p_pages" not in text(practice, "/zwgk/gb.htm")
    assert "暂无相关信息" in text(practice, "/zwgk/zfwj.htm")


def test_f3_growth_moves_every_row_but_no_address():
    old, new = site("F3"), site("F3", grow=13)
    assert f3_walk(new, "tzgg")[0] == [6, 5, 4, 3, 2, 1]
    added = set(rows(new, "tzgg")) - set(rows(old, "tzgg"))
    assert len(added) == 13
    assert set(rows(old, "tzgg")) < set(rows(new, "tzgg"))
    assert text(old, "/zwgk/tzgg/5.htm") != text(new, "/zwgk/tzgg/5.htm")


def test_f3_has_two_ways_to_say_404_and_forbids_its_system_folder():
    practice = site("F3")
    bodies = {ask(practice, path).body for path in ("/info/9/9.htm", "/nowhere.htm")}
    assert len(bodies) == 2
    assert {ask(practice, path).status for path in ("/info/9/9.htm", "/nowhere.htm")} == {404}
    assert "Disallow: /system/" in text(practice, "/robots.txt")
    assert ask(practice, "/system/resource/code/news/click/dynclicks.jsp").status == 200


def test_f3_downloads_carry_their_name_in_the_header():
    practice = site("F3")
    files = [file for truth in practice.expected()["per_article"].values() for file in truth["attachments"]]
    answer = ask(practice, files[0]["url"].removeprefix("http://f3.yunxiu.example"))
    assert quote(files[0]["name"]) in dict(answer.headers)["Content-Disposition"]
    assert ".pdf" not in files[0]["url"]
