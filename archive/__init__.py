"""What is kept, and proof of it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from archive.store import Archive, open_archive
    from archive.vault import WarcVault, open_vault

__all__ = ["Archive", "WarcVault", "open_archive", "open_vault"]

_FROM: Final = {"Archive": "store", "open_archive": "store", "WarcVault": "vault", "open_vault": "vault"}


def __getattr__(name: str) -> Any:
    # When first asked for: to read WARC files nobody has to load SQLAlchemy, which takes longer than 10 MB of them.
    if name not in _FROM:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"archive.{_FROM[name]}"), name)
