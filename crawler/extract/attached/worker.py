"""The child process that reads files: `python -m crawler.extract.attached.worker`.

A request is a line of JSON (name, media_type, limits) and the file after it; the answer is JSON.
"""

from __future__ import annotations

import gc
import json
import sys
from dataclasses import asdict

from crawler.extract.aside import bound_memory, bound_time, serve
from crawler.extract.attached.outcome import AttachedText, Limits
from crawler.extract.attached.reading import read

TOO_MUCH_MEMORY = AttachedText(reason="reading it would take more memory than is allowed")


def answer(request: bytes) -> bytes:
    """Read one file."""
    line, _, data = request.partition(b"\n")
    order = json.loads(line)
    limits = Limits(**order["limits"])
    bound_memory(limits.memory)
    bound_time(limits.seconds)
    try:
        taken = read(data, order["name"], order["media_type"], limits)
    except MemoryError:
        gc.collect()
        taken = TOO_MUCH_MEMORY
    return json.dumps(asdict(taken)).encode()


if __name__ == "__main__":
    sys.exit(serve(answer))
