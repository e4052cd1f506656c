"""A headless Chromium driven over its debugging pipe (Chrome DevTools Protocol, messages parted by NUL)."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: All the text a page shows, also what stands in shadow trees and frames of its own origin.
_SHOWN = """
(() => {
  const pieces = [];
  const walk = (root) => {
    if (root.body) pieces.push(root.title, root.body.innerText);
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot);
      if (element.tagName === "IFRAME") {
        const inner = element.contentDocument;
        if (inner) walk(inner);
      }
    }
  };
  walk(document);
  return pieces.join("\\n");
})()
"""


def chromium() -> str | None:
    """The Chromium to drive: GONGBAO_TEST_CHROMIUM, or one on the path."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return os.environ.get("GONGBAO_TEST_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


class Browser:
    """One page of a browser."""

    def __init__(self, requests: int, answers: int) -> None:
        self._requests, self._answers = requests, answers
        self._count, self._waiting, self._session = 0, b"", ""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and wait for its answer; events are passed over."""
        self._count += 1
        message: dict[str, Any] = {"id": self._count, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._requests, json.dumps(message).encode() + b"\0")
        while True:
            told = self._next()
            if told.get("id") == self._count:
                assert "error" not in told, told
                return told["result"]  # type: ignore[no-any-return]

    def open(self, url: str) -> None:
        self.call("Page.navigate", url=url)

    def shown(self) -> str:
        """The text the page shows now."""
        told = self.call("Runtime.evaluate", expression=_SHOWN, returnByValue=True)
        return str(told["result"].get("value", ""))

    def wait_for(self, text: str, seconds: float) -> str:
        """The page's text as soon as `text` is in it, or what there is when the time is up."""
        end = time.monotonic() + seconds
        while text not in (shown := self.shown()) and time.monotonic() < end:
            time.sleep(0.3)
        return shown

    def picture(self) -> bytes:
        """The page as a PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot")["data"])

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._waiting:
            ready, _, _ = select.select([self._answers], [], [], 300)
            data = os.read(self._answers, 1 << 20) if ready else b""
            if not data:
                raise AssertionError("the browser does not answer")
            self._waiting += data
        message, _, self._waiting = self._waiting.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found


@contextmanager
def browsing(program: str) -> Iterator[Browser]:
    """A fresh browser, gone afterwards."""
    their_in, our_out = os.pipe()
    our_in, their_out = os.pipe()
    options = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --window-size=1280,900"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        # The protocol's pipes are the descriptors 3 and 4.
        command = f'exec 3<&{their_in} 4>&{their_out}; exec "$0" "$@"'
        process = subprocess.Popen(
            ["bash", "-c", command, program, *options.split(), f"--user-data-dir={profile}", "--remote-debugging-pipe"],
            pass_fds=(their_in, their_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(their_in)
        os.close(their_out)
        try:
            yield Browser(our_out, our_in)
        finally:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            os.close(our_out)
            os.close(our_in)
