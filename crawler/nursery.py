"""Crawling processes that begin at once: a process in which everything is loaded forks one for each crawl.

Loading Scrapy and what reads pages takes two seconds of a processor, and a worker begins thousands of crawls. The
process that forks (`python -m crawler.nursery`) has one thread and no reactor; requests come over a socket that is its
stdin, with the files of the child-to-be (`SCM_RIGHTS`). The end of that socket ends it, not the crawls: each of them
hears of the end of whoever ordered it by its own stdin.
"""

from __future__ import annotations

import contextlib
import gc
import json
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import IO, Any, Final, NoReturn

#: Where a process can be forked that goes on in Python. (On macOS system libraries forbid it.)
CAN_FORK: Final = hasattr(os, "fork") and sys.platform != "darwin"
_HEAD: Final = 8  # bytes of a frame's length
_MOST_FILES: Final = 64


class Born:
    """A process forked by the nursery, in the words of `subprocess.Popen`."""

    def __init__(self, pid: int, stdin: IO[str], stdout: IO[str], ending: int) -> None:
        self.pid = pid
        self.stdin = stdin
        self.stdout = stdout
        self._ending = ending
        self._code: int | None = None
        self._turn = threading.Lock()

    def poll(self) -> int | None:
        if self._turn.acquire(blocking=False):  # else somebody waits for the end, which has not come
            try:
                if self._code is None and select.select([self._ending], [], [], 0)[0]:
                    self._learn()
            finally:
                self._turn.release()
        return self._code

    def kill(self) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """The exit code, as `subprocess` gives it; 1 where the nursery did not live to tell."""
        with self._turn:
            return self._learn() if self._code is None else self._code

    def _learn(self) -> int:
        told = os.read(self._ending, _HEAD)
        os.close(self._ending)
        self._code = int.from_bytes(told, "big", signed=True) if told else 1
        return self._code


class Nursery:
    """Bears the children of this process; may be asked from any thread. What forks them is begun when first needed, and
    again where it has died."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._line: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def bear(self, environment: Mapping[str, str], held: Sequence[int]) -> Born:
        """A child in a session of its own, with pipes for stdin and stdout, this process's stderr, and `held` files
        open. OSError where none can be had."""
        with self._turn:
            try:
                return self._bear(environment, held)
            except (OSError, EOFError):
                self._close()  # it has died, or was killed: once more with another
            try:
                return self._bear(environment, held)
            except EOFError as error:
                self._close()
                raise OSError("no process can be forked") from error

    def close(self) -> None:
        """End what forks. Children that live go on; asked again, another is begun."""
        with self._turn:
            self._close()

    def _bear(self, environment: Mapping[str, str], held: Sequence[int]) -> Born:
        line = self._ready()
        pipes = [os.pipe() for _ in range(3)]
        (order, tell), (hear, events), (ending, ended) = pipes
        try:
            request = {"environment": dict(environment), "folder": str(Path.cwd())}
            _send(line, request, [order, events, 2, ended, *held])
            pid = int.from_bytes(_exactly(line, _HEAD), "big")
        except BaseException:
            for one in (tell, hear, ending):
                os.close(one)
            raise
        finally:
            for one in (order, events, ended):
                os.close(one)
        stdin = os.fdopen(tell, "w", encoding="utf-8")
        return Born(pid, stdin, os.fdopen(hear, encoding="utf-8"), ending)

    def _ready(self) -> socket.socket:
        if self._line is None or self._owner != os.getpid():
            ours, its = socket.socketpair()
            with its:
                root = Path(__file__).parents[1]
                path = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH"))))
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "crawler.nursery"],
                    stdin=its.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": path},
                    start_new_session=True,
                )
            self._line, self._owner = ours, os.getpid()
        return self._line

    def _close(self) -> None:
        if self._line:
            self._line.close()
        if self._process and self._owner == os.getpid():
            self._process.kill()
            self._process.wait()
        self._line = self._process = None


def _send(line: socket.socket, request: dict[str, Any], files: list[int]) -> None:
    data = json.dumps(request).encode()
    socket.send_fds(line, [len(data).to_bytes(_HEAD, "big")], files)
    line.sendall(data)


def _exactly(line: socket.socket, size: int) -> bytes:
    """So many bytes. EOFError where the line ends before."""
    data = b""
    while len(data) < size:
        if not (more := line.recv(size - len(data))):
            raise EOFError
        data += more
    return data


# -- the process that forks -------------------------------------------------------------------------------------------


class _Forking:
    """Forks a child for each request, and tells how each of them ended."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._endings: dict[int, int] = {}  # by process id
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(self._wake, False)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    def serve(self) -> int:
        """Until nobody can ask any more."""
        fresh, asker = True, self._line.fileno()
        while True:
            ready = select.select([asker, self._woken], [], [])[0]
            if self._woken in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(self._woken, 4096)
                self._reap()
            if asker in ready:
                head, files, _, _ = socket.recv_fds(self._line, _HEAD, _MOST_FILES)
                if not head:
                    return 0
                size = int.from_bytes(head + _exactly(self._line, _HEAD - len(head)), "big")
                self._fork(json.loads(_exactly(self._line, size)), files)
                if fresh:
                    fresh = False
                    _load_what_reading_needs()

    def _fork(self, request: dict[str, Any], files: list[int]) -> None:
        pid = os.fork()
        if pid == 0:
            self._live(request, files)
        for file in (*files[:3], *files[4:]):
            os.close(file)
        self._endings[pid] = files[3]
        self._line.sendall(pid.to_bytes(_HEAD, "big"))

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                ending = self._endings.pop(found[0])
                with contextlib.suppress(OSError):
                    os.write(ending, os.waitstatus_to_exitcode(found[1]).to_bytes(_HEAD, "big", signed=True))
                os.close(ending)

    def _live(self, request: dict[str, Any], files: list[int]) -> NoReturn:
        """The child's life, with no file open that is another's."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self._line.close()
            for at, file in enumerate(files[:3]):
                os.dup2(file, at)
            for file in (*files[:4], *self._endings.values(), self._woken, self._wake):
                os.close(file)
            os.setsid()
            os.chdir(request["folder"])
            os.environ.clear()
            os.environ.update(request["environment"])
            time.tzset()
            sys.stdin, sys.stdout, sys.stderr = (
                os.fdopen(number, mode, 1, encoding="utf-8", errors="backslashreplace" if mode == "w" else None)
                for number, mode in ((0, "r"), (1, "w"), (2, "w"))
            )
            from crawler.child import main

            code = main()
            logging.shutdown()
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(code)


def _load_what_reading_needs() -> None:
    """While the first child is at work: it does this for itself."""
    from crawler.reader import load

    load()
    gc.collect()
    gc.freeze()


def main() -> int:
    """Bear children as long as somebody may ask."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import_module("crawler.child")
    gc.freeze()
    with socket.socket(fileno=os.dup(0)) as line:
        return _Forking(line).serve()


if __name__ == "__main__":
    sys.exit(main())
