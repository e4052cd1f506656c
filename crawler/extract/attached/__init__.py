"""Text out of the files that bulletins carry: bytes in, `AttachedText` out.

Nothing here fetches or keeps anything. Documents are parsed in a child process with limits of time and memory, because
they come from strangers and some parsers are native code; what cannot be read says why.
"""

from crawler.extract.attached.outcome import AttachedText, Limits, Member
from crawler.extract.attached.taking import text_of

__all__ = ["AttachedText", "Limits", "Member", "text_of"]
