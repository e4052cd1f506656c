"""Work done in a child process, because what it works on may hang it or bring it down.

Requests and answers are frames: eight bytes of length, then the bytes. The end of stdin ends the child, so that it does
not outlive whoever asked.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import IO, Final, NoReturn, Protocol, Self

_MOST_FILES: Final = 4096
_GRACE: Final = 5  # seconds after which the asker, had it lived, would have ended the child itself


class _Process(Protocol):
    """What is asked of a child process, in the words of `subprocess.Popen`."""

    stdin: IO[bytes] | None
    stdout: IO[bytes] | None

    def poll(self) -> int | None: ...

    def kill(self) -> None: ...

    def wait(self) -> int: ...


class _Fork:
    """A copy of this process that runs `main` with pipes for stdin and stdout, and has no other file of ours open."""

    def __init__(self, main: Callable[[], int]) -> None:
        requests, answers = os.pipe(), os.pipe()
        self._ended: int | None = None
        self._pid = os.fork()
        if self._pid == 0:
            _live_as_fork(main, requests[0], answers[1])
        os.close(requests[0])
        os.close(answers[1])
        self.stdin: IO[bytes] | None = os.fdopen(requests[1], "wb")
        self.stdout: IO[bytes] | None = os.fdopen(answers[0], "rb")

    def poll(self) -> int | None:
        return self._ended if self._ended is not None else self._reap(os.WNOHANG)

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self._pid, signal.SIGKILL)

    def wait(self) -> int:
        ended = self._ended if self._ended is not None else self._reap(0)
        return 0 if ended is None else ended

    def _reap(self, options: int) -> int | None:
        try:
            pid, status = os.waitpid(self._pid, options)
        except ChildProcessError:  # somebody else reaped it
            pid, status = self._pid, 0
        self._ended = os.waitstatus_to_exitcode(status) if pid else None
        return self._ended


def _live_as_fork(main: Callable[[], int], requests: int, answers: int) -> NoReturn:
    code = 1
    try:
        os.dup2(requests, 0)
        os.dup2(answers, 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        os.closerange(3, _MOST_FILES)
        code = main()
    finally:
        os._exit(code)


class Aside:
    """A child process that answers one request at a time: begun when first asked, replaced when it was stopped, broke
    down, or has answered `service` requests (what native code leaks goes with it).

    The child is `python -m module`; where `main` is given, what that module runs, it is a fork of this process as long
    as there is one thread only: everything is loaded in it already. `greeting` is the first frame each child is given.
    May be asked from any thread; calls take turns.
    """

    def __init__(
        self, module: str, *, service: int, greeting: bytes | None = None, main: Callable[[], int] | None = None
    ) -> None:
        self._module = module
        self._service = service
        self._greeting = greeting
        self._main = main
        self._turn = threading.Lock()
        self._process: _Process | None = None
        self._served = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child. A later request begins another."""
        with self._turn:
            self._dismiss()

    def begin(self) -> None:
        """Begin the child, so that it gets ready while its asker does something else."""
        with self._turn:
            self._ready()

    def ask(self, request: bytes, seconds: float) -> tuple[bytes | None, bool]:
        """The answer, None where there is none; and whether the child was ended because time was up. A request that
        breaks a child which has served before is tried once more on a fresh one: what came before may have worn it."""
        with self._turn:
            process, worn = self._ready(), self._served > 1
            answer, late = _within(seconds, process, request)
            if answer is None and worn and not late:
                self._dismiss()
                answer, late = _within(seconds, self._ready(), request)
            if answer is None:
                self._dismiss()
            return answer, late

    def _ready(self) -> _Process:
        if self._process and (self._served >= self._service or self._process.poll() is not None):
            self._dismiss()
        if self._process is None:
            self._process = self._begun()
            if self._greeting is not None and self._process.stdin:
                with contextlib.suppress(OSError):
                    write_frame(self._process.stdin, self._greeting)
            self._served = 0
        self._served += 1
        return self._process

    def _begun(self) -> _Process:
        if self._main and hasattr(os, "fork") and threading.active_count() == 1:
            return _Fork(self._main)
        return subprocess.Popen(
            [sys.executable, "-m", self._module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def _dismiss(self) -> None:
        process, self._process = self._process, None
        if process:
            process.kill()
            for stream in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    if stream:
                        stream.close()
            process.wait()


def _within(seconds: float, process: _Process, request: bytes) -> tuple[bytes | None, bool]:
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        if process.stdin is None or process.stdout is None:
            return None, False
        write_frame(process.stdin, request)
        return read_frame(process.stdout), late.is_set()
    except OSError:
        return None, late.is_set()
    finally:
        timer.cancel()


def write_frame(stream: IO[bytes], data: bytes) -> None:
    stream.write(len(data).to_bytes(8, "big"))
    stream.write(data)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The next frame; None where the stream ends before or within it."""
    head = stream.read(8)
    size = int.from_bytes(head, "big")
    data = stream.read(size) if len(head) == 8 else b""
    return data if len(head) == 8 and len(data) == size else None


def serve(answer: Callable[[bytes], bytes], greet: Callable[[bytes], None] | None = None) -> int:
    """The child's part: take the greeting, if there is to be one, then answer until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever asked, and ends this process through them
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a parser prints must not garble the answers
    if greet is not None:
        greet(read_frame(requests) or b"")
    while (request := read_frame(requests)) is not None:
        write_frame(answers, answer(request))
        _alarm(0)
    return 0


def bound_memory(most: int) -> None:
    """Where the system can (not on Windows): more than `most` bytes of address space are refused to this process."""
    try:
        import resource
    except ImportError:
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def bound_time(seconds: float) -> None:
    """What native code never comes back from does not outlive a killed asker (not on Windows)."""
    _alarm(int(seconds) + _GRACE)


def _alarm(seconds: int) -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)
