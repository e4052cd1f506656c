"""Robots, delays, hosts, and what a refusal is called."""

import asyncio
from dataclasses import replace

import pytest
from builders import a_capture, a_source

from bulletin.source import Manners
from crawler.addresses import is_private, on_loopback, own_host, reached_at
from crawler.pace import polite_delay
from crawler.robots import REMEMBERED, RobotsPolicy, rules_of
from crawler.troubles import identity_trouble, trouble_of

HOME = "http://www.yunxiu.example/zwgk/"


def answered(status, body=b"", **headers):
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return a_capture(status=status, body=body, payload=body, headers=pairs, reason="")


# -- robots.txt -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [401, 403, 500, 503, 302])
def test_an_answer_that_is_no_consent_means_stay_away(status):
    rules = rules_of(answered(status))
    assert rules.unknown
    assert not rules.allows(HOME, "Gongbao")


def test_no_answer_means_stay_away():
    assert not rules_of(None).allows(HOME, "Gongbao")


@pytest.mark.parametrize("status", [404, 410, 400, 451])
def test_other_client_errors_mean_there_are_no_rules(status):
    rules = rules_of(answered(status))
    assert not rules.unknown
    assert rules.allows(HOME, "Gongbao")


def test_rules_are_obeyed_by_the_most_specific_group():
    text = b"User-agent: *\nDisallow: /\n\nUser-agent: gongbao\nDisallow: /system/\nCrawl-delay: 7\n"
    rules = rules_of(answered(200, text))
    assert rules.allows(HOME, "Gongbao")
    assert not rules.allows("http://www.yunxiu.example/system/a", "Gongbao")
    assert not rules.allows(HOME, "Other")
    assert rules.delay("Gongbao") == 7.0


def test_a_delay_beyond_reason_is_capped():
    assert rules_of(answered(200, b"User-agent: *\nCrawl-delay: 86400\n")).delay("Gongbao") == 60.0


@pytest.mark.parametrize("text", [b"", b"<html>404</html>", b"\xef\xbb\xbfUser-agent: *\nDisallow:\n", b"\xff\xfe\x00"])
def test_a_file_without_rules_forbids_nothing(text):
    assert rules_of(answered(200, text)).allows(HOME, "Gongbao")


def test_rules_are_asked_for_once_a_day_and_host_and_scheme():
    asked = []
    now = [0.0]

    async def fetch(url):
        asked.append(url)
        await asyncio.sleep(0)
        return answered(404)

    async def visit():
        policy = RobotsPolicy(lambda: now[0])
        await asyncio.gather(*(policy.rules_for(HOME, fetch) for _ in range(5)))
        await policy.rules_for("http://www.yunxiu.example:8080/", fetch)
        await policy.rules_for("https://www.yunxiu.example/", fetch)
        now[0] = REMEMBERED + 1
        await policy.rules_for(HOME, fetch)

    asyncio.run(visit())
    hosts = ["http://www.yunxiu.example", "http://www.yunxiu.example:8080", "https://www.yunxiu.example"]
    assert asked == [f"{host}/robots.txt" for host in [*hosts, hosts[0]]]


def test_a_broken_off_question_is_asked_again():
    async def fails(url):
        raise RuntimeError

    async def answers(url):
        return answered(404)

    async def visit():
        policy = RobotsPolicy()
        with pytest.raises(RuntimeError):
            await policy.rules_for(HOME, fails)
        return await policy.rules_for(HOME, answers)

    assert asyncio.run(visit()).allows(HOME, "Gongbao")


# -- delays and hosts -------------------------------------------------------------------------------------------------

LOCAL = (("www.yunxiu.example", "127.0.0.1:8101"),)


@pytest.mark.parametrize(
    ("source_delay", "resolve", "robots", "expected"),
    [
        (3.0, (), 0.0, 3.0),
        (10.0, (), 0.0, 10.0),
        (1.0, (), 0.0, 3.0),  # nothing undercuts the settings
        (0.0, (), 0.0, 3.0),  # least of all a source file that lies on the net
        (3.0, (), 20.0, 20.0),
        (0.0, LOCAL, 0.0, 0.0),
        (0.0, LOCAL, 2.0, 2.0),
        (1.0, LOCAL, 0.0, 3.0),
    ],
)
def test_the_longest_delay_counts(source_delay, resolve, robots, expected):
    source = a_source(manners=Manners(delay=source_delay), resolve=resolve)
    assert polite_delay(source, HOME, 3.0, robots) == expected


def test_where_a_host_is_reached():
    source = a_source(resolve=(*LOCAL, ("b.example:8443", "[::1]:9")))
    assert reached_at(source, HOME) == ("127.0.0.1", 8101)
    assert reached_at(source, "https://b.example:8443/") == ("::1", 9)
    assert reached_at(source, "http://c.example/") is None
    assert on_loopback(source, HOME)
    assert not on_loopback(a_source(), HOME)
    assert not on_loopback(a_source(resolve=(("www.yunxiu.example", "10.0.0.1:80"),)), HOME)


@pytest.mark.parametrize(
    "address",
    "127.0.0.1 10.1.2.3 192.168.0.1 172.16.0.1 169.254.169.254 0.0.0.0 ::1 fe80::1 fd00::1 ::ffff:127.0.0.1".split(),
)
def test_private_addresses(address):
    assert is_private(address)


def test_public_addresses_and_names_are_not_private():
    assert not is_private("8.8.8.8")
    assert not is_private("www.yunxiu.example")


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("http://www.yunxiu.example/a", True),
        ("https://WWW.yunxiu.example./a", True),
        ("http://yunxiu.example/a", False),
        ("http://www.yunxiu.example.evil.example/", False),
        ("http://evil.example/?http://www.yunxiu.example/", False),
        ("http://www.yunxiu.example@evil.example/", False),
        ("ftp://www.yunxiu.example/", False),
        ("javascript:void(0)", False),
        ("http://[bad", False),
        ("http://www.yunxiu.example:99999/", False),
    ],
)
def test_own_hosts(url, own):
    assert own_host(a_source(), url) is own


# -- what a refusal is called -----------------------------------------------------------------------------------------

ARTICLE = ("<html><meta name='ArticleTitle' content='通知'>" + "各乡镇人民政府" * 400 + "</html>").encode()


@pytest.mark.parametrize(
    ("capture", "code"),
    [
        (answered(521, b"<script>x</script>", X_Via_JSL="abc", Set_Cookie="__jsluid_h=1"), "challenged_js"),
        (answered(412, b"<script>$_ts={}</script>"), "challenged_js"),
        (answered(202, b"<meta content=x>", Set_Cookie="FSSBBIl1UgzbN7N80S=1"), "challenged_js"),
        (answered(412, b"no"), "forbidden"),
        (answered(403, b"reason:GeoBL", WZWS_Ray="1"), "geo_or_ip_fenced"),
        (answered(403, b"x", WZWS_Ray="1"), "waf_denied"),
        (answered(405, b"<a href=http://errors.aliyun.com/>"), "waf_denied"),
        (answered(403, b"no"), "forbidden"),
        (answered(401), "forbidden"),
        (answered(404), "gone"),
        (answered(410), "gone"),
        (answered(404, b"x", Set_Cookie="HWWAFSESID=1"), "gone"),
        (answered(429), "rate_limited"),
        (answered(503, b"", Retry_After="30"), "rate_limited"),
        (answered(503), "down"),
        (answered(500), "down"),
        (answered(400), "http_400"),
        (answered(302), "http_302"),
        (answered(200, b""), "empty"),
        (answered(200, b" \n"), "empty"),
        (answered(200, "<html><title>404</title><p>您访问的页面不存在".encode()), "soft_404"),
        (answered(200, "<html><p>对不起，找不到该页".encode("gb18030")), "soft_404"),
        (answered(200, b"<html><div id=app></div><script src=a.js></script>"), "shell_page"),
    ],
)
def test_codes(capture, code):
    assert trouble_of(capture).code == code


@pytest.mark.parametrize(
    "capture",
    [
        answered(200, ARTICLE),
        answered(200, ARTICLE, Set_Cookie="HWWAFSESID=1", Server="yundun"),
        answered(304),
        answered(200, "<html><a href=x>暂无相关信息</a></html>".encode()),
        answered(200, b"%PDF-1.4 404 not found", Content_Type="application/pdf"),
        answered(200, ARTICLE.replace("各乡镇".encode(), "您访问的页面不存在".encode(), 1)),
        answered(200, b"<script>location.href='/jb/list.asp'</script>"),
    ],
)
def test_pages_that_are_what_they_should_be(capture):
    assert trouble_of(capture) is None


def test_a_page_cut_at_the_limit_is_no_bulletin():
    assert trouble_of(replace(a_capture(), truncated="length")).code == "too_large"


@pytest.mark.parametrize(
    ("meta", "site_code", "mismatch"),
    [
        ({}, "", False),
        ({"siteidcode": "6199010001"}, "6199010001", False),
        ({"siteidcode": "6199020001"}, "6199010001", True),
        ({"siteidcode": "6199010001", "sitedomain": "city.example"}, "6199010001", False),
        ({"sitedomain": "www.yunxiu.example"}, "", False),
        ({"sitedomain": "http://yunxiu.example/"}, "", False),
        ({"sitedomain": "spam.example"}, "", True),
        ({"sitedomain": "null"}, "", False),
    ],
)
def test_a_page_that_says_it_belongs_elsewhere(meta, site_code, mismatch):
    assert (identity_trouble(meta, a_source(site_code=site_code)) is not None) is mismatch
