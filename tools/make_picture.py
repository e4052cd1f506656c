"""Draw docs/demo.svg, the picture in the README, from a real run of `gongbao demo`.

    .venv/bin/python tools/make_picture.py

The picture is text: it names no font server and needs none.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

from rich.cells import set_cell_size

WIDTH = 104
LINE = 21
PICTURE = Path(__file__).resolve().parents[1] / "docs" / "demo.svg"

HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="gongbao demo">
<rect width="100%" height="100%" rx="9" fill="#1d2229"/>
<g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', monospace" font-size="15"
 fill="#d5dae0">
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "demo-home"
        command = [sys.executable, "-c", "from desk.cli import main; main()", "demo", "--keep", str(home)]
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
        lines = ["$ make demo", *ran.stdout.replace(str(home), "demo-home").splitlines()]
    head = HEAD.format(width=WIDTH * 9 + 40, height=len(lines) * LINE + 32)
    drawn = [f'<text x="20" y="{(n + 1) * LINE + 8}">{painted(line)}</text>' for n, line in enumerate(lines)]
    PICTURE.write_text(head + "\n".join(drawn) + "\n</g>\n</svg>\n", encoding="utf-8")


def painted(line: str) -> str:
    """The line, cut to the picture's width, with its hits in the colour a terminal shows."""
    cut = set_cell_size(line, WIDTH).rstrip()
    shown = cut + "…" if len(cut) < len(line) else cut
    hard = escape(shown).replace(" ", "\u00a0")  # browsers fold plain spaces in SVG
    parts = [
        f'<tspan fill="#ffcf4a" font-weight="bold">{part}</tspan>' if number % 2 else part
        for number, part in enumerate(re.split(r"[【】]", hard))
    ]
    text = "".join(parts)
    return f'<tspan font-weight="bold" fill="#ffffff">{text}</tspan>' if re.match(r"\d  |\$ ", line) else text


if __name__ == "__main__":
    main()
