"""Telling people: one file for each way, found by being there."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from bulletin.config import AlertSettings
from desk.alerts.channel import Channel, UndeliveredError
from desk.alerts.message import Message

__all__ = ["Channel", "Message", "UndeliveredError", "channels", "channels_in_use"]


def channels() -> dict[str, Channel]:
    """Every channel, by name: the modules of this folder with a CHANNEL in them."""
    found = [import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    known: list[Channel] = [module.CHANNEL for module in found if hasattr(module, "CHANNEL")]
    return {channel.name: channel for channel in sorted(known, key=lambda channel: channel.name)}


def channels_in_use(settings: AlertSettings) -> dict[str, Channel]:
    """Those whose address is set."""
    return {name: channel for name, channel in channels().items() if channel.in_use(settings)}
