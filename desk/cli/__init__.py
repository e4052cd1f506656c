"""The command line: parse, call a task, print."""

from desk.cli.entry import main

__all__ = ["main"]
