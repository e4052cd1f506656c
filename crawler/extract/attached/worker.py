"""The child process that reads files: `python -m crawler.extract.attached.worker`.

A request is a line of JSON (name, media_type, limits, size) and `size` bytes after it; the answer is a line of JSON.
The end of stdin ends the process, so that it does not outlive whoever asked.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from dataclasses import asdict
from typing import BinaryIO

from crawler.extract.attached.outcome import AttachedText, Limits
from crawler.extract.attached.reading import read

TOO_MUCH_MEMORY = AttachedText(reason="reading it would take more memory than is allowed")

_GRACE = 5  # seconds after which the asker, had it lived, would have ended this process itself


def main() -> int:
    """Answer until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever asked, and ends this process through them
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a parser prints must not garble the answers
    while line := requests.readline():
        order = json.loads(line)
        limits = Limits(**order["limits"])
        _bound_memory(limits.memory)
        _bound_time(limits.seconds)
        taken = _read(requests, order, limits)
        answers.write(json.dumps(asdict(taken)).encode() + b"\n")
        answers.flush()
        _bound_time(-_GRACE)
    return 0


def _read(requests: BinaryIO, order: dict[str, str], limits: Limits) -> AttachedText:
    try:
        data = requests.read(int(order["size"]))
        return read(data, order["name"], order["media_type"], limits)
    except MemoryError:
        gc.collect()
        return TOO_MUCH_MEMORY


def _bound_memory(most: int) -> None:
    """Where the system can (not on Windows): more than `most` bytes of address space are refused."""
    try:
        import resource
    except ImportError:
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _bound_time(seconds: float) -> None:
    """A file that native code never comes back from does not outlive a killed asker (not on Windows)."""
    if hasattr(signal, "alarm"):
        signal.alarm(int(seconds) + _GRACE)


if __name__ == "__main__":
    sys.exit(main())
