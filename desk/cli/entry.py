"""From the words typed to an exit code."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from typing import Final

from bulletin.errors import DiskFullError, GongbaoError, UsageError, is_disk_full, is_read_only

#: Understood before and after the command: `gongbao --json search …` and `gongbao search … --json`.
_FLAGS: Final = ("--json", "--quiet", "--verbose", "--no-progress")
_VALUED: Final = ("--home", "--config")
#: Commands that take a question, which may begin with a word to be left out.
_ASKING: Final = frozenset(("search", "saved"))
_LEFT_OUT: Final = re.compile(r"-(?:[^-A-Za-z0-9]|[A-Za-z0-9]\S*\s)")


def main(argv: Sequence[str] | None = None) -> None:
    """Runs one command and ends the process with the exit code promised for it."""
    _write_utf8()
    words = list(sys.argv[1:] if argv is None else argv)
    # Under a locale that knows no Chinese the words arrive as surrogates of their UTF-8 bytes.
    words = [os.fsencode(word).decode("utf-8", "surrogateescape") for word in words]
    sys.exit(run(words))


def run(words: list[str]) -> int:
    """The exit code of a command line. Errors are told on stderr with what to do next, never as a traceback."""
    from desk.cli.app import app

    try:
        app(args=hoisted(words), prog_name="gongbao")
    except SystemExit as ended:
        if isinstance(ended.__context__, BrokenPipeError):
            return _unread()
        if isinstance(getattr(ended.__context__, "__cause__", None), KeyboardInterrupt):
            return _interrupted()
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:
        return _unread()
    except Exception as error:
        return _told(error, verbose="--verbose" in words)
    return 0


def hoisted(words: Sequence[str]) -> list[str]:
    """The words with the global options moved to the front, and of a question `-演练` or `-covid 防汛`, of which
    something is to be left out and which are no options, behind a `--` at the end. What stands behind `--` stays where
    it is."""
    ahead: list[str] = []
    rest: list[str] = []
    last: list[str] = []
    is_question = not _ASKING.isdisjoint(words)
    queue = list(words)
    while queue:
        word = queue.pop(0)
        if word == "--":
            last += queue
            break
        if is_question and _LEFT_OUT.match(word):
            last.append(word)
        elif word in _FLAGS or (word.partition("=")[0] in _VALUED and "=" in word):
            ahead.append(word)
        elif word in _VALUED and queue:
            ahead += [word, queue.pop(0)]
        else:
            rest.append(word)
    return ahead + rest + (["--", *last] if last else [])


def _unread() -> int:
    """The reader of a pipe went away (`gongbao search … | head`); nothing more can be written, and nothing is amiss."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _interrupted() -> int:
    print("Interrupted. What was complete is kept; the same command goes on from here.", file=sys.stderr)
    return 130


def _told(error: Exception, *, verbose: bool) -> int:
    if not isinstance(error, GongbaoError) and is_disk_full(error):
        error = DiskFullError(
            "The disk is full.", "Make room and run the same command again; what was complete is kept."
        )
    if isinstance(error, OSError) and is_read_only(error):
        advice = "Copy the home to where it can be written; what only reads (show, diff, export) works here."
        error = UsageError(
            f"{error.filename or 'The home'} lies on read-only media, and this command writes there.", advice
        )
    if isinstance(error, GongbaoError):
        print(f"gongbao: {error}", file=sys.stderr)
        return error.exit_code
    if verbose:
        import traceback

        traceback.print_exception(error)
    name = type(error).__name__
    print(f"gongbao: unexpected {name}: {error}\n  Run it again with --verbose for the trace.", file=sys.stderr)
    return 1


def _write_utf8() -> None:
    """Chinese text comes out whole whatever the terminal's locale says; lone surrogates become visible marks."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
