"""The hostile sites are as bad as they promise, and no worse."""

import zlib
from urllib.parse import urlsplit

import pytest

from desk.demo.hostile import OUTCOMES
from desk.demo.sites import site


def get(practice, path):
    return practice.answer("GET", path, {}, b"")


@pytest.fixture(scope="module")
def hostile():
    return site("H0", endless=True)


def test_every_bad_page_is_in_the_list(hostile):
    html = get(hostile, "/bad/list.html").body.decode()
    for url in hostile.expected()["outcomes"]:
        assert f'href="{urlsplit(url).path}"' in html


def test_readable_pages_hold_what_the_oracle_says_once_decoded(hostile):
    codes = {"gbk_as_gb2312": "gb18030", "gbk_as_utf8": "gb18030", "bom": "utf-8-sig"}
    expected = hostile.expected()
    for name, outcome in OUTCOMES.items():
        if outcome == "read":
            html = get(hostile, f"/bad/{name}.html").body.decode(codes.get(name, "utf-8"))
            truth = expected["per_article"][f"http://h0.yunxiu.example/bad/{name}.html"]
            assert truth["title"] in html
            assert all(line in html for line in truth["paragraphs"])


def test_wrongly_declared_bytes_cannot_be_read_as_declared(hostile):
    for name, wrong in (("gbk_as_gb2312", "gb2312"), ("gbk_as_utf8", "utf-8")):
        body = get(hostile, f"/bad/{name}.html").body
        assert f"charset={wrong}".encode() in body
        with pytest.raises(UnicodeDecodeError):
            body.decode(wrong)


def test_the_spoilt_pages_are_spoilt_as_named(hostile):
    assert get(hostile, "/bad/empty.html").body == b""
    assert get(hostile, "/bad/two_ends.html").body.count(b"</html>") == 2
    assert b"</p>" not in get(hostile, "/bad/broken.html").body
    assert get(hostile, "/bad/bom.html").body.startswith(b"\xef\xbb\xbf")
    assert get(hostile, "/bad/gone.html").status == 404
    assert get(hostile, "/bad/error.html").status == 200
    cut = get(hostile, "/bad/cut.html")
    assert 0 < cut.cut < len(cut.body)


def test_the_large_ones_are_large_and_the_bomb_is_small_on_the_wire(hostile):
    assert len(get(hostile, "/bad/huge.html").body) > 30_000_000
    bomb = get(hostile, "/bad/bomb.html")
    assert len(bomb.body) < 1_000_000
    unpack = zlib.decompressobj(wbits=31)
    assert len(unpack.decompress(bomb.body, 10_000_000)) == 10_000_000
    assert dict(bomb.headers)["Content-Encoding"] == "gzip"


def test_the_redirect_goes_round(hostile):
    seen, path = [], "/bad/loop.html"
    for _ in range(7):
        answer = get(hostile, path)
        assert answer.status == 302
        seen.append(path := dict(answer.headers)["Location"])
    assert len(set(seen)) == 3


def test_one_list_repeats_itself_and_the_other_never_ends(hostile):
    one, two = get(hostile, "/again/list.html").body, get(hostile, "/again/list.html?page=7").body
    assert one.replace(b"page=2", b"page=8") == two
    assert get(hostile, "/again/1.html").status == 200
    first, far = (get(hostile, f"/endless/list{mark}.html").body.decode() for mark in ("", "_90000"))
    assert "/endless/list_2.html" in first
    assert "/endless/list_90001.html" in far
    assert "/endless/899990.html" in far
    assert get(hostile, "/endless/899990.html").status == 200
    assert "endless" not in site("H0").source_toml("127.0.0.1:1")


@pytest.fixture(scope="module")
def host():
    return site("H1")


@pytest.mark.parametrize(
    ("path", "status", "header", "mark"),
    [
        ("/jsl/", 521, "X-Via-JSL", b"__jsluid_h"),
        ("/rs/", 412, "Set-Cookie", b"$_ts"),
        ("/wzws/", 403, "WZWS-Ray", b"reason:GeoBL"),
        ("/429/", 429, "Retry-After", b"429"),
        ("/loop/", 302, "Location", b""),
        ("/robots403/robots.txt", 403, "Content-Type", b""),
    ],
)
def test_h1_answers_as_blocked_sites_do(host, path, status, header, mark):
    answer = get(host, path)
    assert answer.status == status
    head = dict(answer.headers)
    assert header in head
    assert mark in answer.body + str(head).encode()


def test_h1_shells_have_their_sizes(host):
    soft, stub = get(host, "/soft/x"), get(host, "/stub/")
    assert (soft.status, len(soft.body), stub.status, len(stub.body)) == (200, 600, 200, 215)
    assert "您访问的页面不存在" in get(host, "/soft/anything").body.decode()
    assert 2800 < len(get(host, "/rs/").body) < 3400


def test_h1_opens_to_a_cookie_and_packs_unasked(host):
    first = get(host, "/ct6/")
    cookie = dict(first.headers)["Set-Cookie"].partition(";")[0]
    assert (first.status, dict(first.headers)["Location"]) == (302, "/ct6/")
    assert host.answer("GET", "/ct6/", {"Cookie": f"a=b; {cookie}"}, b"").status == 200
    assert zlib.decompress(get(host, "/gz/").body, wbits=31).startswith(b"<html>")
    assert get(host, "/slow/").drip == 1.0


def test_h1_mirrors_a_real_bulletin_under_a_foreign_name(host):
    html = get(host, "/mirror/").body.decode()
    assert 'SiteDomain" content="www.cheap-shoes.example"' in html
    assert "縣(xiàn)" in html
    assert "http://www.yunxiu.example/zwgk/tzgg/202603/" in html


def test_h1_robots_can_be_refused():
    assert [get(site("H1", robots=status), "/robots.txt").status for status in (200, 403, 503)] == [200, 403, 503]


def test_h1_can_show_one_thing_at_a_time():
    practice = site("H1", only=["/loop/", "/gz/"])
    assert get(practice, "/list.html").body.count(b"<li>") == 2
    assert list(practice.expected()["outcomes"].values()) == ["redirect_loop", "read"]
