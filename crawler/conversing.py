"""The conversation with the child process that crawls: an order in, events out, an interruption passed on once."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, Protocol

from crawler.nursery import CAN_FORK, Nursery

_ENVIRONMENT: Final = {"PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}
_NURSERY: Final = Nursery()


class Child(Protocol):
    """The process that crawls, in the words of `subprocess.Popen`."""

    @property
    def stdin(self) -> IO[str] | None: ...

    @property
    def stdout(self) -> IO[str] | None: ...

    def poll(self) -> int | None: ...

    def kill(self) -> None: ...

    def wait(self) -> int: ...


class Watch(Protocol):
    """Whoever takes the child's events. `stopping` is set when the user has asked for an end."""

    stopping: bool

    def take(self, event: dict[str, Any]) -> None: ...


class Halt:
    """A way to end a crawl from another thread, also before it has begun."""

    def __init__(self) -> None:
        self._guard = threading.RLock()  # a signal may come while its own thread holds it
        self._child: Child | None = None
        self._watch: Watch | None = None
        self.asked = self.killed = False

    def ask(self) -> None:
        """An orderly end: the page under way is finished, what is pending stays pending."""
        with self._guard:
            self.asked = True
            self._pass_on()

    def kill(self) -> None:
        """The end, now."""
        with self._guard:
            self.asked = self.killed = True
            self._pass_on()

    def attach(self, child: Child, watch: Watch) -> None:
        """The child has its order: from now on it can be told to stop."""
        with self._guard:
            self._child, self._watch = child, watch
            if self.asked:
                self._pass_on()

    def _pass_on(self) -> None:
        if self._child is None or self._watch is None:
            return
        self._watch.stopping = True
        try:
            if self.killed:
                self._child.kill()
            elif self._child.stdin:
                self._child.stdin.write("stop\n")
                self._child.stdin.flush()
        except (OSError, ValueError):
            return  # it has ended by itself


def converse(order: dict[str, Any], held: Sequence[int], watch: Watch, halt: Halt | None = None) -> str:
    """Give the child its order and hear it out; why it ended badly, or ""."""
    halt = halt or Halt()
    with _child(held) as child, _interruptions(halt):
        assert child.stdin
        assert child.stdout
        try:
            child.stdin.write(json.dumps(order, ensure_ascii=False) + "\n")
            child.stdin.flush()
        except OSError:
            return "the crawling process could not be started"
        halt.attach(child, watch)
        for line in child.stdout:
            if not line.endswith("\n"):
                break  # it was killed in the middle of telling
            watch.take(json.loads(line))
        code = child.wait()
    return "" if code == 0 else f"the crawling process ended with {_ending(code)}"


@contextmanager
def _child(held: Sequence[int]) -> Iterator[Child]:
    """The child, in a group of its own, so that Ctrl-C in a terminal reaches it once and through us. On POSIX it holds
    the locks too: as long as it lives, nobody else crawls these sources."""
    child = _begun(held)
    try:
        yield child
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                _close(pipe)


def _begun(held: Sequence[int]) -> Child:
    root = Path(__file__).parents[1]
    path = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, **_ENVIRONMENT, "PYTHONPATH": path}
    if CAN_FORK:
        with contextlib.suppress(OSError):
            return _NURSERY.bear(environment, held)
    apart: dict[str, Any] = (
        {"start_new_session": True, "pass_fds": tuple(held)}
        if os.name == "posix"
        else {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}  # type: ignore[attr-defined]
    )
    return subprocess.Popen(
        [sys.executable, "-m", "crawler.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment,
        **apart,
    )


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except OSError:
        return


@contextmanager
def _interruptions(halt: Halt) -> Iterator[None]:
    """The first SIGINT asks the child for an orderly end, the second ends it. Signals are the main thread's; in another
    one the caller's own way of stopping holds."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupted(number: int, frame: object) -> None:
        if halt.asked:
            halt.kill()
        else:
            halt.ask()

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _ending(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
