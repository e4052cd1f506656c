"""Text out of a file, whatever the file does to whoever reads it."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from dataclasses import asdict, replace
from typing import IO, Any, Final

from crawler.extract.attached.kinds import UNREAD, by_magic
from crawler.extract.attached.outcome import AttachedText, Limits, Member

#: Files after which the child is replaced: what native code leaks goes with it.
_SERVICE: Final = 500


def text_of(data: bytes, *, name: str = "", media_type: str = "", limits: Limits | None = None) -> AttachedText:
    """The text of an attached file, and what the file is. Never raises, whatever the bytes.

    `name` (of the file, or the last part of its URL) and `media_type` (what the server called it) are asked only where
    the bytes do not say. The file is read in a child process, which is kept for the next one; a file that takes longer
    than `limits.seconds`, or brings the reader down, has no text and says so. May be called from any thread; calls take
    turns.
    """
    limits = limits or Limits()
    if len(data) > limits.size:
        return AttachedText(reason=f"too large to be read: {len(data):,} bytes, allowed are {limits.size:,}")
    kind = by_magic(data)
    if kind in UNREAD:
        stated, reason = UNREAD[kind]
        return AttachedText(media_type=stated, reason=reason)
    return _CHILD.read(data, name, media_type, limits)


class _Child:
    """The reading process: begun when first asked, replaced when it was stopped, broke down or served long enough."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._served = 0

    def read(self, data: bytes, name: str, media_type: str, limits: Limits) -> AttachedText:
        with self._turn:
            process, worn = self._ready(), self._served > 1
            answer, late = _within(limits.seconds, process, data, name, media_type, limits)
            if not answer and worn and not late:  # files before it may have worn the child out
                self._dismiss()
                answer, late = _within(limits.seconds, self._ready(), data, name, media_type, limits)
            if answer:
                return _outcome(json.loads(answer))
            self._dismiss()
            if late:
                return AttachedText(reason=f"reading was stopped after {limits.seconds:g} seconds")
            return AttachedText(reason="damaged: its reader broke down over it")

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._process and (self._served >= _SERVICE or self._process.poll() is not None):
            self._dismiss()
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "crawler.extract.attached.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._served = 0
        self._served += 1
        return self._process

    def _dismiss(self) -> None:
        process, self._process = self._process, None
        if process:
            process.kill()
            for stream in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    _pipe(stream).close()
            process.wait()


_CHILD: Final = _Child()


def _within(seconds: float, process: subprocess.Popen[bytes], *request: Any) -> tuple[bytes, bool]:
    """The child's answer, nothing where it is gone; and whether it was ended because time was up."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        return _answer(process, *request), late.is_set()
    finally:
        timer.cancel()


def _answer(process: subprocess.Popen[bytes], data: bytes, name: str, media_type: str, limits: Limits) -> bytes:
    """The child's line, or nothing where it is gone."""
    order = {"name": name, "media_type": media_type, "size": len(data), "limits": asdict(limits)}
    requests, answers = _pipe(process.stdin), _pipe(process.stdout)
    try:
        requests.write(json.dumps(order).encode() + b"\n")
        requests.write(data)
        requests.flush()
        answer: bytes = answers.readline()
    except OSError:
        return b""
    return answer if answer.endswith(b"\n") else b""


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise OSError("the reading process has no pipe")
    return stream


def _outcome(record: dict[str, Any]) -> AttachedText:
    members = tuple(Member(**member) for member in record["members"])
    return replace(AttachedText(**{**record, "members": members}), pages=tuple(record["pages"]))
