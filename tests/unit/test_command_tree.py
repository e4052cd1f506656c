"""The commands are loaded when they are typed, and all of them are there."""

import importlib
import pkgutil
import subprocess
import sys

import pytest
import typer
import typer.main

import desk.cli
from desk.cli.app import app

TREE = typer.main.get_group(app)


@pytest.mark.parametrize("name", list(TREE.commands))
def test_a_command_is_in_the_file_it_is_looked_for_in(name):
    assert TREE.commands[name].name == name


def test_no_command_of_any_file_is_forgotten():
    there = set()
    for file in pkgutil.iter_modules(desk.cli.__path__):
        module = importlib.import_module(f"desk.cli.{file.name}")
        if hasattr(module, "add_to") and file.name not in ("lexicon", "probing"):  # parts of `index` and `source`
            part = typer.Typer()
            module.add_to(part)
            there |= set(typer.main.get_group(part).commands)
    assert there == set(TREE.commands)


def test_nothing_is_loaded_for_commands_that_are_not_typed():
    asked = "import sys, desk.cli.app; print([name for name in sys.modules if name.startswith(('archive', 'crawler'))])"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"
