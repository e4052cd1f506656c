"""What the group robots of WeCom, DingTalk and Feishu have in common: they answer 200 whatever happened, and say in
JSON whether they took a message."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any, Final

from bulletin.config import AlertSettings
from desk.alerts.channel import UndeliveredError
from desk.alerts.message import clean
from desk.alerts.posting import Limits, post_json

_CODES: Final = ("errcode", "code", "StatusCode")
_WORDS: Final = ("errmsg", "msg", "StatusMessage")


def say(name: str, url: str, body: Any, settings: AlertSettings) -> None:
    """UndeliveredError where the robot did not take it."""
    answer = post_json(url, body, Limits(settings.private, settings.timeout))
    try:
        told = json.loads(answer)
        codes = [told[code] for code in _CODES if code in told]
    except (ValueError, TypeError) as error:
        raise UndeliveredError(f"{name} gave an answer that is none.", "See whether its address is right.") from error
    if not codes or any(str(code) != "0" for code in codes):
        words = next((clean(str(told[word]))[:200] for word in _WORDS if word in told), "no reason given")
        raise UndeliveredError(f"{name} refused the message ({codes or '?'}): {words}", "See the robot's settings.")


def signed(key: str, words: str) -> str:
    """HMAC-SHA256 in Base64."""
    return base64.b64encode(hmac.new(key.encode(), words.encode(), hashlib.sha256).digest()).decode()
