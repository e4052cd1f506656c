"""Each family's practice site can be walked by its own rules, and the walk meets exactly the rows of the oracle."""

import json
import re
from html import unescape
from urllib.parse import quote, unquote_to_bytes, urlencode, urljoin, urlsplit

import pytest

from desk.demo.sites import site
from desk.demo.subjects import SHARING

FAMILIES = ["F1", "F2", "F3", "F4", "F5", "F6", "F7"]
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
    main = expected["columns"]["gb" if name == "F6" else "tzgg"]["rows"]
    assert main[0]["pinned"]
    assert any(not row["date"] for row in main)
    assert any(row["shown"].endswith("...") for row in main)
    one, two = expected["cross_posted"][0][:2]
    assert one != two
    assert expected["per_article"][one]["body_sha256"] == expected["per_article"][two]["body_sha256"]
    groups = expected["cross_posted"]
    assert expected["documents"] == len(expected["article_urls"]) - sum(len(group) - 1 for group in groups)
    truths = list(expected["per_article"].values())
    assert any(truth["tables"] for truth in truths)
    assert any(SHARING in "".join(truth["paragraphs"]) for truth in truths)
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


def test_f4_second_page_is_number_two_and_a_counter_lies():
    practice = site("F4")
    lists = [f"/yxx/tzgg/common_list{mark}.shtml" for mark in ("", "_2", "_3", "_4")]
    found = [url for path in lists for url in hrefs(text(practice, path))[:20]]
    noise = len(re.findall("<li>", text(practice, "/yxx/rsxx/list.shtml"))) - 1
    assert noise == 30
    assert absolute(practice, found)[:75] == rows(practice, "tzgg")
    assert "createPageHTML('page_div',4, 1,'common_list','shtml',75);" in text(practice, lists[0])
    assert "createPageHTML('page_div',2, 1,'list','shtml',5);" in text(practice, "/yxx/zfwj/list.shtml")
    assert ask(practice, "/yxx/tzgg/common_list_1.shtml").status == 404
    assert ask(practice, "/yxx/tzgg/common_list_5.shtml").status == 404
    assert len(rows(practice, "zfwj")) == 21


def test_f4_serves_one_list_as_json_with_text_and_fields():
    practice = site("F4")
    channel = re.search(r'name="channelId" content="(\w{32})"', text(practice, "/yxx/c100012/list.shtml"))[1]
    found, expected = [], practice.expected()
    for number in range(1, 5):
        ask_for = f"/common/search/{channel}?page={number}&_pageSize=15&_isAgg=true&_isJson=true&_template=index"
        data = json.loads(text(practice, ask_for))["data"]
        assert (data["total"], data["page"]) == (48, number)
        found += data["results"]
    assert absolute(practice, [result["url"] for result in found]) == rows(practice, "gb")
    for result in found:
        truth = expected["per_article"][absolute(practice, [result["url"]])[0]]
        known = {entry["key"]: entry["value"] for entry in result["domainMetaList"][0]["resultList"]}
        assert result["content"].split("\n") == truth["paragraphs"]
        assert known["refno"] == (truth["number"] or "")


def test_f4_directory_is_a_tree_of_nine():
    practice = site("F4")
    assert not hrefs(text(practice, "/yxx/zfxxgk/xxgkml.shtml"))
    reply = text(practice, "/u/channel/treeNew/yunxiu?callback=jQuery1")
    nodes = json.loads(re.fullmatch(r"jQuery1\((.*)\)", reply, re.DOTALL)[1])
    assert len(nodes) == 9
    leaves = [node["iframeurl"] for node in nodes if "iframeurl" in node]
    assert len(leaves) == 5
    assert ask(practice, "/yxx/zfxxgk/null.shtml").status == 404
    assert "xxgkml" in site("F4", tree=True).source_toml("127.0.0.1:1")


def test_f4_one_meta_tag_counts_only_twelve_hours():
    practice = site("F4")
    expected = practice.expected()
    wrong = []
    for url in expected["article_urls"]:
        html = text(practice, urlsplit(url).path)
        meta = re.search(r'name="PubDate" content="(.*?)"', html)[1]
        if not meta.endswith(expected["per_article"][url]["published_time"]):
            wrong.append((meta[-5:], re.search(r"发布时间：\S+ (\S{5})", html)[1]))
    assert wrong == [("03:30", "15:30")]


def f5_fragment(practice, number, cat=8001, file="&file=/xxgk/publicInfoList_newest2020"):
    return ask(
        practice,
        "/site/label/8888?IsAjax=1&dataType=html&labelName=publicInfoList&siteId=6700001&organId=700100&type=4"
        f"&catId={cat}&pageSize=18&pageIndex={number}&action=list&isDate=true&dateFormat=yyyy-MM-dd{file}",
    )


def test_f5_lists_are_fragments_behind_a_shell():
    practice = site("F5")
    shell = text(practice, "/public/column/700100?type=4&action=list&catId=8001")
    assert "pageCount:6" in shell
    assert "/site/label/8888?IsAjax=1" in shell
    link = re.compile(r'<li class="mc"><div><a href="([^"]+)"')
    pages = [f5_fragment(practice, number).body.decode() for number in range(8)]
    assert pages[0] == pages[1]
    assert "暂无相关信息" in pages[7]
    found = [href for html in pages[1:7] for href in link.findall(html)]
    assert absolute(practice, found) == rows(practice, "tzgg")
    assert len(found) == 100
    assert f5_fragment(practice, 1, file="").status == 500
    assert not link.findall(f5_fragment(practice, 1, cat=8004).body.decode())


def test_f5_portal_shows_the_same_bulletins_under_other_addresses():
    practice = site("F5")
    lists = ["/xwzx/tzgg/index.html", "/xwzx/tzgg/index.html?pageIndex=2"]
    assert absolute(practice, [url for path in lists for url in hrefs(text(practice, path))]) == rows(
        practice, "portal"
    )
    expected = practice.expected()
    assert sorted(map(len, expected["cross_posted"])) == [2] * 24 + [3]
    for group in expected["cross_posted"]:
        assert len({expected["per_article"][url]["body_sha256"] for url in group}) == 1


def test_f5_papers_hold_from_a_day_and_one_until_a_day():
    truths = site("F5").expected()["per_article"].values()
    assert all(bool(truth["effective_on"]) == bool(truth["number"]) for truth in truths)
    assert [truth["validity"] for truth in truths if truth["expires_on"]] == ["废止"]


def f6_text(practice, path, **more):
    answer = ask(practice, path, **more)
    assert answer.status == 200, path
    return answer.body.decode("gb18030")


def f6_rows(practice, html):
    return absolute(practice, re.findall(r'·<a href="([^"]+)"', html))


def test_f6_lists_count_from_one_and_repeat_the_last_page():
    practice = site("F6")
    found = [
        url for k in range(1, 5) for url in f6_rows(practice, f6_text(practice, f"/gb/list.asp?classid=3&page={k}"))
    ]
    assert found == rows(practice, "gb")
    assert f6_text(practice, "/gb/list.asp?classid=3&page=99") == f6_text(practice, "/gb/list.asp?classid=3&page=4")
    assert "暂无相关信息" in f6_text(practice, "/rszp/list.asp?classid=9")


def test_f6_turns_pages_only_for_forms_it_gave_out():
    practice = site("F6")
    path = "/zfwj/MoreInfo.aspx?CategoryNum=012001"
    html = f6_text(practice, path)
    found, first = f6_rows(practice, html), html
    for number in range(2, 6):
        assert f"__doPostBack('MoreInfoList1$Pager','{number}')" in html
        form = dict(re.findall(r'<input type="hidden" name="(\w+)" id="\w+" value="([^"]*)"', html))
        form |= {"__EVENTTARGET": "MoreInfoList1$Pager", "__EVENTARGUMENT": str(number)}
        html = f6_text(practice, path, method="POST", body=urlencode(form).encode())
        found += f6_rows(practice, html)
    assert found == rows(practice, "zfwj")
    forged = {
        "__EVENTTARGET": "MoreInfoList1$Pager",
        "__EVENTARGUMENT": "3",
        "__VIEWSTATE": "x",
        "__EVENTVALIDATION": "y",
    }
    assert f6_text(practice, path, method="POST", body=urlencode(forged).encode()) == first


def test_f6_articles_are_cut_into_pages():
    practice = site("F6")
    truths = practice.expected()["per_article"]
    split = {url: truth for url, truth in truths.items() if truth["page_count"] > 1}
    assert sorted(truth["page_count"] for truth in split.values()) == [2, 2, 3, 3, 4, 4]
    for truth in split.values():
        for number, url in enumerate(truth["pages"], 1):
            html = f6_text(practice, urlsplit(url).path)
            assert f"本新闻共{truth['page_count']}页,当前在第{number}页" in html


def test_f6_bytes_and_labels_disagree_in_every_way():
    practice = site("F6")
    answers = {row["url"]: ask(practice, urlsplit(row["url"]).path) for row in f6_articles(practice)}
    assert {dict(answer.headers)["Content-Type"] for answer in answers.values()} == {"text/html"}
    kinds = {"plain": 0, "beyond gb2312": 0, "four bytes": 0, "utf-8": 0, "says utf-8": 0}
    for answer in answers.values():
        if answer.body.startswith(b"\xef\xbb\xbf"):
            kinds["utf-8"] += b"charset=gb2312" in answer.body
            continue
        words = answer.body.decode("gb18030")
        if "charset=utf-8" in words:
            kinds["says utf-8"] += 1
        elif "\U0002cb5a" in words:
            kinds["four bytes"] += 1
        elif any(character in words for character in ("镕", "喆", "〇")) and "二〇" not in words:
            kinds["beyond gb2312"] += 1
        else:
            kinds["plain"] += 1
    assert kinds["utf-8"] == kinds["says utf-8"] == kinds["four bytes"] == 1
    assert kinds["plain"] > 10


def f6_articles(practice):
    expected = practice.expected()
    return [row for row in expected["columns"]["tzgg"]["rows"] if row["url"] in expected["per_article"]]


def test_f6_has_frames_shells_and_no_robots():
    practice = site("F6")
    assert f6_text(practice, "/index.asp").count("<frame ") == 3
    assert f6_text(practice, "/left.asp").count("<a href") >= 5
    assert 'http-equiv="refresh"' in f6_text(practice, "/old/")
    assert "location.href='/jb/list.asp'" in f6_text(practice, "/jb/")
    assert ask(practice, "/robots.txt").status == 404


def test_f6_file_names_are_escaped_in_two_encodings():
    practice = site("F6")
    files = [file for truth in practice.expected()["per_article"].values() for file in truth["attachments"]]
    spelt = {}
    for file in files:
        raw = unquote_to_bytes(file["url"].rpartition("/")[2])
        spelt.setdefault("utf-8" if raw == file["name"].encode() else "gbk", []).append(file)
        assert raw in (file["name"].encode(), file["name"].encode("gb18030"))
    assert len(spelt["utf-8"]) <= 2 < len(spelt["gbk"])
    assert {file["name"].rpartition(".")[2] for file in files} == {"doc", "xls", "wps", "rar"}


def test_f7_lists_come_from_an_interface_named_in_a_script():
    practice = site("F7")
    index = text(practice, "/gkmlpt/index")
    sid = re.search(r"SID: '(\d+)'", index)[1]
    tree = json.loads(re.search(r"TREE: (.*),\n", index)[1])
    assert [len(node["children"]) for node in tree] == [4, 0]
    assert [bool(node["jump_url"]) for node in tree] == [False, True]
    found = []
    for number in (1, 2, 3, 4):
        reply = json.loads(text(practice, f"/gkmlpt/api/all/8001?page={number}&sid={sid}"))
        assert reply["total"] == 230
        found += reply["articles"]
    assert [article["url"] for article in found] == rows(practice, "tzgg")
    assert sum(article["is_abolished"] for article in found) == 4
    assert sum(article["date"] is None for article in found) == 1
    assert text(practice, f"/gkmlpt/api/all/8001?page=0&sid={sid}") == text(
        practice, f"/gkmlpt/api/all/8001?page=1&sid={sid}"
    )


def test_f7_bodies_are_escaped_strings():
    practice = site("F7")
    expected = practice.expected()
    url = expected["article_urls"][3]
    html = text(practice, urlsplit(url).path)
    assert '<div class="article-content"></div>' in html
    assert expected["per_article"][url]["paragraphs"][0] not in html
    assert "\\u003cp" in html
