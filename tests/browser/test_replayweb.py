"""ReplayWeb.page opens a WACZ of ours and shows its pages.

Its two scripts (npm package replaywebpage, AGPL) are no part of the environment: GONGBAO_TEST_REPLAYWEB names the
folder that holds `ui.js` and `sw.js`.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from commanding import Gongbao
from headless import browsing, chromium

from desk.demo.server import Serving
from desk.demo.sites import site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1200)]

_PAGE = b"<!doctype html><meta charset=utf-8><script src=ui.js></script><replay-app-main></replay-app-main>"
_TYPES = {".js": "application/javascript", ".wacz": "application/zip", "": "text/html; charset=utf-8"}


@contextmanager
def served(files: dict[str, bytes]) -> Iterator[str]:
    """The files by their paths, with ranges, as a player of packages asks for them."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            whole = files.get(path)
            if whole is None:
                return self._say(404, b"", "", "")
            asked = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
            kind = _TYPES.get(Path(path).suffix, "application/octet-stream")
            if asked is None:
                return self._say(200, whole, kind, "")
            size = len(whole)
            first = int(asked[1]) if asked[1] else size - int(asked[2])
            last = min(int(asked[2]) if asked[1] and asked[2] else size - 1, size - 1)
            return self._say(206, whole[first : last + 1], kind, f"bytes {first}-{last}/{size}")

        do_HEAD = do_GET  # noqa: N815 (http.server's name)

        def _say(self, status: int, body: bytes, kind: str, span: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Accept-Ranges", "bytes")
            if span:
                self.send_header("Content-Range", span)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def test_a_wacz_opens_in_replayweb_page_and_shows_its_page(tmp_path: Path) -> None:
    gongbao = Gongbao(tmp_path / "home")
    with Serving([site("F1")]) as serving:
        (tmp_path / "f1.toml").write_text(site("F1").source_toml(serving.address), encoding="utf-8")
        gongbao("source", "add", str(tmp_path / "f1.toml"))
        assert gongbao("crawl", "--limit", "12").code == 0
    wacz = tmp_path / "f1.wacz"
    assert gongbao("export", "--format", "wacz", "-o", str(wacz)).code == 0
    document = next(row for row in gongbao("export", "--format", "jsonl").jsonl if len(row["text"]) > 200)
    sentence = max(re.split(r"[。\n]", document["text"]), key=len)[:30].strip()
    scripts = Path(os.environ["GONGBAO_TEST_REPLAYWEB"])
    files = {f"/{name}": (scripts / name).read_bytes() for name in ("ui.js", "sw.js")}
    program = chromium()
    assert program, "GONGBAO_TEST_REPLAYWEB is set, and there is no Chromium"
    with served(files | {"/": _PAGE, "/f1.wacz": wacz.read_bytes()}) as place, browsing(program) as browser:
        stamp = re.sub(r"\D", "", document["fetched_at"])[:14]
        view = f"view=pages&url={quote(document['url'], safe='')}&ts={stamp}"
        browser.open(f"{place}/?source={quote(place, safe='')}/f1.wacz#{view}")
        shown = browser.wait_for(sentence, 600)
        if "GONGBAO_TEST_PICTURES" in os.environ:
            Path(os.environ["GONGBAO_TEST_PICTURES"], "replayweb.png").write_bytes(browser.picture())
    assert sentence in shown, shown[-2000:]
    assert document["title"] in shown
