"""What is kept, and proof of it."""

from archive.store import Archive, open_archive
from archive.vault import WarcVault, open_vault

__all__ = ["Archive", "WarcVault", "open_archive", "open_vault"]
