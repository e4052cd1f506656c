"""The loopback server: keep-alive, choice of site, validators, failures on request."""

import http.client
import ssl

import pytest

from desk.demo.server import VANISH, Serving
from desk.demo.site import Answer
from desk.demo.sites import site

HOST = "www.yunxiu.example"


class _Stub:
    def __init__(self, host):
        self.name = self.host = host

    def answer(self, method, path_and_query, headers, body):
        return Answer(200, f"{self.host} {method} {path_and_query} {body.decode()}".encode())


def ask(connection, path, method="GET", body=None, **headers):
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    return response, response.read()


def connect(serving):
    host, _, port = serving.address.partition(":")
    return http.client.HTTPConnection(host, int(port), timeout=100)


def test_one_connection_carries_many_requests():
    with Serving([site("F1")]) as serving:
        connection = connect(serving)
        connection.connect()
        first = connection.sock
        for path in ("/robots.txt", "/zwgk/tzgg/", "/nowhere.html", "/zwgk/gb/index_1.html"):
            ask(connection, path, Host=HOST)
        assert connection.sock is first
        assert serving.paths() == ["/robots.txt", "/zwgk/tzgg/", "/nowhere.html", "/zwgk/gb/index_1.html"]


def test_host_chooses_the_site_and_an_unknown_one_gets_none():
    with Serving([_Stub("a.example"), _Stub("b.example")]) as serving:
        connection = connect(serving)
        assert ask(connection, "/x", Host="a.example")[1].startswith(b"a.example GET /x")
        assert ask(connection, "/x", Host="B.example:80")[1].startswith(b"b.example GET /x")
        assert ask(connection, "/x", Host="c.example")[0].status == 421
        assert [asked.host for asked in serving.requests] == ["a.example", "B.example:80", "c.example"]


def test_a_single_site_answers_to_every_name():
    with Serving([_Stub("a.example")]) as serving:
        assert ask(connect(serving), "/x")[1].startswith(b"a.example")


def test_posted_bodies_arrive():
    with Serving([_Stub("a.example")]) as serving:
        assert ask(connect(serving), "/p?q=1", "POST", "col=1")[1] == b"a.example POST /p?q=1 col=1"


@pytest.mark.parametrize(("field", "header"), [("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")])
def test_a_client_that_holds_the_page_gets_304_without_a_body(field, header):
    with Serving([site("F1")]) as serving:
        connection = connect(serving)
        response, body = ask(connection, "/zwgk/tzgg/", Host=HOST)
        assert body
        again, nothing = ask(connection, "/zwgk/tzgg/", **{"Host": HOST, header: response.headers[field]})
        assert (again.status, nothing) == (304, b"")
        stale, whole = ask(connection, "/zwgk/tzgg/", **{"Host": HOST, header: '"something else"'})
        assert (stale.status, whole) == (200, body)


def test_head_says_the_length_and_sends_nothing():
    with Serving([site("F1")]) as serving:
        connection = connect(serving)
        whole = ask(connection, "/zwgk/gb/", Host=HOST)[1]
        response, nothing = ask(connection, "/zwgk/gb/", "HEAD", Host=HOST)
        assert (int(response.headers["Content-Length"]), nothing) == (len(whole), b"")


def test_a_page_can_fail_after_a_while_and_recover():
    with Serving([site("F1")]) as serving:
        serving.fail(r"/tzgg/", Answer(500, b"broken"), after=1, times=1)
        connection = connect(serving)
        seen = [ask(connection, "/zwgk/tzgg/", Host=HOST)[0].status for _ in range(3)]
        assert seen == [200, 500, 200]
        serving.fail(r"/gb/", Answer(404))
        assert ask(connection, "/zwgk/gb/", Host=HOST)[0].status == 404
        serving.heal()
        assert ask(connection, "/zwgk/gb/", Host=HOST)[0].status == 200


def test_a_page_can_be_changed_truncated_or_vanish():
    with Serving([site("F1")]) as serving:
        serving.fail(r"/gb/", lambda proper: Answer(proper.status, proper.body, proper.headers, cut=100))
        with pytest.raises(http.client.IncompleteRead) as caught:
            ask(connect(serving), "/zwgk/gb/", Host=HOST)
        assert len(caught.value.partial) == 100
        serving.fail(r"/jb/", VANISH)
        with pytest.raises(http.client.RemoteDisconnected):
            ask(connect(serving), "/zwgk/jb/", Host=HOST)


def test_a_dripping_answer_does_not_hold_up_the_end():
    with Serving([site("F1")]) as serving:
        serving.fail(r"/", Answer(200, b"x" * 1000, drip=60.0))
        connection = connect(serving)
        connection.request("GET", "/")
        assert connection.getresponse().read(1) == b"x"


@pytest.mark.parametrize(("tls", "complaint"), [("expired", "expired|self.signed"), ("self-signed", "self.signed")])
def test_https_comes_with_a_certificate_that_is_refused(tls, complaint):
    with Serving([_Stub("a.example")], tls=tls) as serving:
        host, _, port = serving.address.partition(":")
        strict = http.client.HTTPSConnection(host, int(port), timeout=100, context=ssl.create_default_context())
        with pytest.raises(ssl.SSLCertVerificationError, match=complaint):
            ask(strict, "/x")
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        lax = http.client.HTTPSConnection(host, int(port), timeout=100, context=trusting)
        assert ask(lax, "/x")[1] == b"a.example GET /x "
