"""Each channel against a server on this machine, and what may not be written to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from listener import TAKEN, Heard, Listener
from rawserver import RawServer

from bulletin.alert import Alert, Delivery, Matter
from bulletin.config import AlertSettings
from desk.alerts import Message, UndeliveredError, channels, channels_in_use
from desk.alerts.message import compose
from desk.alerts.posting import Asked, Limits, ask, checked_address, is_public, post_json

NOW = datetime(2026, 4, 1, 2, 0, 0, 123000, tzinfo=UTC)
HERE = Limits(private=True, timeout=60.0)


def a_message() -> Message:
    alert = Alert(7, Matter("yunxiu", "source", "stalled", "三倍间隔", "云岫县人民政府"), NOW)
    return compose([Delivery(1, alert, "webhook", "opened", NOW, NOW)], NOW, home="档案")


def send(channel: str, **given: object) -> None:
    settings = AlertSettings(private=True, timeout=60.0, **given)  # type: ignore[arg-type]
    assert list(channels_in_use(settings)) == [channel]
    channels()[channel].send(a_message(), settings, NOW)


def test_every_channel_is_found_and_none_is_in_use_by_itself() -> None:
    assert list(channels()) == ["dingtalk", "email", "feishu", "webhook", "wecom"]
    assert channels_in_use(AlertSettings()) == {}


def test_webhook() -> None:
    with Listener() as server:
        send("webhook", webhook_url=f"{server.url}/in?a=1", webhook_token="t0k")
    (heard,) = server.heard
    assert (heard.method, heard.path) == ("POST", "/in?a=1")
    assert heard.headers["Authorization"] == "Bearer t0k"
    assert heard.headers["Host"] == f"127.0.0.1:{server.port}"
    assert heard.json["sent_at"] == "2026-04-01T02:00:00.123000Z"
    assert "停更 stalled" in heard.json["text"]
    assert heard.json["alerts"][0] == {
        "event": "opened",
        "alert": 7,
        "source_id": "yunxiu",
        "source_name": "云岫县人民政府",
        "kind": "source",
        "word": "stalled",
        "reason": "三倍间隔",
        "grave": False,
        "opened_at": "2026-04-01T02:00:00.123000Z",
        "closed_at": None,
    }


def test_wecom() -> None:
    with Listener() as server:
        send("wecom", wecom_url=f"{server.url}/cgi-bin/webhook/send?key=k")
    assert server.heard[0].json["msgtype"] == "text"
    assert "云岫县人民政府" in server.heard[0].json["text"]["content"]


def test_dingtalk_signs_the_moment() -> None:
    with Listener() as server:
        send("dingtalk", dingtalk_url=f"{server.url}/robot/send?access_token=a", dingtalk_secret="SEC1")
    asked = parse_qs(urlsplit(server.heard[0].path).query)
    expected = hmac.new(b"SEC1", b"1775008800123\nSEC1", hashlib.sha256).digest()
    assert asked["timestamp"] == ["1775008800123"]
    assert asked["sign"] == [base64.b64encode(expected).decode()]
    assert asked["access_token"] == ["a"]
    assert server.heard[0].json["msgtype"] == "text"


def test_feishu_signs_in_the_body() -> None:
    with Listener(lambda heard: (200, {}, b'{"StatusCode":0,"code":0,"msg":"success"}')) as server:
        send("feishu", feishu_url=f"{server.url}/open-apis/bot/v2/hook/x", feishu_secret="SEC2")
    told = server.heard[0].json
    expected = hmac.new(b"1775008800\nSEC2", b"", hashlib.sha256).digest()
    assert (told["msg_type"], told["timestamp"]) == ("text", "1775008800")
    assert told["sign"] == base64.b64encode(expected).decode()


@pytest.mark.parametrize(
    "answer",
    [
        b'{"errcode":93000,"errmsg":"invalid webhook url"}',
        b'{"code":19021,"msg":"sign match fail"}',
        b"<html>login</html>",
        b"{}",
        b"[]",
        b"7",
        b"",
    ],
)
@pytest.mark.parametrize("channel", ["wecom", "dingtalk", "feishu"])
def test_a_robot_that_answers_200_and_refuses(channel: str, answer: bytes) -> None:
    with Listener(lambda heard: (200, {}, answer)) as server, pytest.raises(UndeliveredError) as told:
        send(channel, **{f"{channel}_url": f"{server.url}/?key=geheim"})
    assert "geheim" not in str(told.value)


@contextmanager
def mail_server(**answers: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """Speaks as much SMTP as is needed, and keeps what it is given."""
    kept: list[bytes] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 mx.example\r\n")
            while line := self.rfile.readline():
                word = line.split()[0].decode().lower()
                self.wfile.write(
                    answers.get(word, {"data": b"354 go\r\n", "quit": b"221 bye\r\n"}.get(word, b"250 ok\r\n"))
                )
                if word == "data" and "data" not in answers:
                    letter = b""
                    while (part := self.rfile.readline()) != b".\r\n":
                        letter += part
                    kept.append(letter)
                    self.wfile.write(b"250 kept\r\n")
                if word == "quit":
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server.server_address[1], kept
        server.shutdown()


def mail(port: int, **more: object) -> None:
    given = {"email_to": "a@example.org, 档案 <b@example.org>", "email_from": "gongbao@example.org", **more}
    send("email", smtp_host="127.0.0.1", smtp_port=port, **({"smtp_security": "none"} | given))


def test_email() -> None:
    with mail_server() as (port, kept):
        mail(port)
    letter = message_from_bytes(kept[0], policy=policy.default)
    assert letter["To"] == "a@example.org, b@example.org"
    assert "停更 stalled" in letter.get_content()
    assert letter["Subject"].startswith("公报 Gongbao 档案")
    assert letter["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    "answers", [{"data": b"554 no\r\n"}, {"rcpt": b"550 nobody\r\n"}, {"ehlo": b"500 ?\r\n", "helo": b"500 ?\r\n"}]
)
def test_mail_that_is_refused(answers: dict[str, bytes]) -> None:
    with mail_server(**answers) as (port, kept), pytest.raises(UndeliveredError):
        mail(port)
    assert kept == []


def test_a_mail_server_without_starttls_gets_no_password() -> None:
    with mail_server() as (port, kept), pytest.raises(UndeliveredError):
        mail(port, smtp_security="starttls", smtp_user="u", smtp_password="geheim")
    assert kept == []


@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_a_server_that_does_not_take_it(status: int) -> None:
    with Listener(lambda heard: (status, {}, b"")) as server, pytest.raises(UndeliveredError, match=str(status)):
        send("webhook", webhook_url=server.url)


def test_a_server_that_hangs_is_given_up() -> None:
    release = threading.Event()

    def hang(heard: Heard) -> tuple[int, dict[str, str], bytes]:
        release.wait(60)
        return TAKEN

    with Listener(hang) as server:
        with pytest.raises(UndeliveredError, match="did not answer within"):
            post_json(server.url, {}, Limits(True, 0.5))
        assert not release.is_set()
        release.set()


def test_a_server_that_drips_is_given_up() -> None:
    drip = [b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 3000]  # a line every 20 ms: a minute, if nobody ends it
    with RawServer({"/": (drip, "hang")}) as server, pytest.raises(UndeliveredError, match="did not answer within"):
        post_json(f"http://127.0.0.1:{server.port}/", {}, Limits(True, 0.5))


@pytest.mark.parametrize(
    "answer",
    [
        b"garbage\r\n\r\n",
        b"HTTP/9.9 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 99_999 + b"\r\n\r\n",
        b"HTTP/1.1 307 x\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 307 x\r\nLocation: http://a b\xff/\r\nContent-Length: 0\r\n\r\n",
        b"",
    ],
)
def test_a_server_that_speaks_nonsense(answer: bytes) -> None:
    with RawServer({"/": (answer, "cut")}) as server, pytest.raises(UndeliveredError):
        post_json(f"http://127.0.0.1:{server.port}/", {}, HERE)


def test_an_endless_answer_is_read_no_further() -> None:
    with Listener(lambda heard: (200, {}, b"x" * 1_000_000)) as server:
        assert len(post_json(server.url, {}, HERE)) == 65_536


def test_private_addresses_are_refused_before_anything_is_sent() -> None:
    with Listener() as server, pytest.raises(UndeliveredError, match="private network") as told:
        post_json(server.url, {}, Limits())
    assert server.heard == []
    assert "alerts.private" in told.value.advice


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        *[(address, False) for address in ("127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254")],
        *[(address, False) for address in ("100.64.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "240.0.0.1")],
        *[(address, False) for address in ("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1")],
        *[(address, False) for address in ("::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "no address")],
        ("64:ff9b::808:808", True),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) == public


def test_a_name_whose_answer_changes_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is asked for once; what is connected to is what was looked at."""
    asked: list[str] = []

    def lookup(host: str, *rest: object, **more: object) -> list[tuple[object, ...]]:
        asked.append(host)
        address = host if host[0].isdigit() else "127.0.0.1" if len(asked) > 1 else "192.0.2.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80))]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    with pytest.raises(UndeliveredError):
        checked_address("rebind.example", 80, private=False)
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *a, **k: [(2, 1, 6, "", ("127.0.0.1", 80)), (2, 1, 6, "", ("8.8.8.8", 80))]
    )
    assert checked_address("mixed.example", 80, private=False) == "8.8.8.8"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_followed_with_the_message(status: int) -> None:
    def answer(heard: Heard) -> tuple[int, dict[str, str], bytes]:
        return TAKEN if heard.path == "/new" else (status, {"Location": "/new"}, b"")

    with Listener(answer) as server:
        post_json(f"{server.url}/old", {"a": 1}, HERE, {"Authorization": "Bearer x"})
    assert [heard.path for heard in server.heard] == ["/old", "/new"]
    assert server.heard[1].json == {"a": 1}
    assert server.heard[1].headers["Authorization"] == "Bearer x"


def test_a_secret_goes_to_no_other_server() -> None:
    with Listener() as other, Listener(lambda heard: (307, {"Location": f"{other.url}/"}, b"")) as server:
        post_json(server.url, {}, HERE, {"Authorization": "Bearer x"})
    assert "Authorization" in server.heard[0].headers
    assert "Authorization" not in other.heard[0].headers


def test_redirects_without_end_are_given_up() -> None:
    with (
        Listener(lambda heard: (302, {"Location": "/"}, b"")) as server,
        pytest.raises(UndeliveredError, match="3 times"),
    ):
        ask(server.url, Asked("GET"), HERE)
    assert len(server.heard) == 4


@pytest.mark.parametrize(
    "place",
    ["http://127.0.0.1:1/", "http://[::1]/", "http://169.254.169.254/latest/", "http://localhost/", "//10.0.0.1/"],
)
def test_a_redirect_to_a_private_address_is_refused(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first server is taken for a public one; where it leads is looked at like any other address."""
    from desk.alerts import posting

    first: list[str] = []

    def lenient(host: str, port: int, *, private: bool) -> str:
        if not first:
            first.append(host)
            return "127.0.0.1"
        return checked_address(host, port, private=private)

    monkeypatch.setattr(posting, "checked_address", lenient)
    with (
        Listener(lambda heard: (307, {"Location": place}, b"")) as server,
        pytest.raises(UndeliveredError, match="private network"),
    ):
        post_json(f"http://hooks.example:{server.port}/", {}, Limits(False, 60.0))
    assert server.heard[0].headers["Host"] == f"hooks.example:{server.port}"


@pytest.mark.parametrize(
    "url", ["", "ftp://x/", "http://", "file:///etc/passwd", "http://a b/", "http://[/", "http://x:99999/"]
)
def test_what_is_no_web_address(url: str) -> None:
    with pytest.raises(UndeliveredError):
        post_json(url, {}, HERE)


def test_a_certificate_is_asked_for_the_name_and_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    with RawServer({"/": answer}, tmp_path) as server:
        url = f"https://127.0.0.1:{server.port}/"
        with pytest.raises(UndeliveredError):
            post_json(url, {}, HERE)  # nobody we know has signed it
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
        assert post_json(url, {}, HERE) == b"{}"
        with pytest.raises(UndeliveredError):  # the same server under a name that is not in its certificate
            post_json(f"https://localhost:{server.port}/", {}, HERE)
    assert len(server.received) == 1
