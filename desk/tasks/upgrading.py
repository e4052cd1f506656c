"""Bring a home to this version."""

from __future__ import annotations

from dataclasses import dataclass

from archive.upgrading import Plan, plan_of
from bulletin.errors import GongbaoError, LockedError
from crawler.locking import hold
from desk.tasks.indexing import update_index
from desk.wiring import Home


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What an upgrade does, or did. `index` says why the index is built anew; "" where it is not."""

    plan: Plan
    index: str = ""

    @property
    def words(self) -> list[str]:
        """The steps, a line each; none where everything is of this version."""
        plan = self.plan
        said = [f"copy the database to {plan.copy}"] if plan.copy else []
        if plan.steps and not plan.copy and plan.found:
            said.append(f"copy: {plan.copy_words}")
        said += [f"schema {number}: {title}" for number, title in plan.steps]
        return [*said, *([f"build the index anew: {self.index}"] if self.index else [])]


def planned(home: Home) -> Upgrade:
    """What an upgrade would do. Looking changes nothing. NewerArchiveError for a home of a later version."""
    return Upgrade(plan_of(home.settings.archive_url), _stale(home))


def upgrade(home: Home) -> Upgrade:
    """Copy the database, take every step, and build the index anew where its rules have changed. LockedError while
    somebody is at work on the home: they are of the version before."""
    made = planned(home)
    refuse_at_work(home)
    home.archive.counts()
    if made.index:
        update_index(home)
    return made


def refuse_at_work(home: Home) -> None:
    """LockedError if a worker or a crawl by hand is alive on this machine."""
    for path in sorted((home.settings.home / "locks").glob("worker-*.lock")):
        try:
            with hold(home.settings.home, path.stem):
                continue
        except LockedError as error:
            raise LockedError("Somebody is at work on this home.", "Stop workers and crawls, then upgrade.") from error


def _stale(home: Home) -> str:
    """Why the index must be built anew, as far as that can be seen without opening the archive."""
    from search import needs_rebuild

    try:
        with home.searcher() as index:
            return needs_rebuild(index.stamp(), home.lexicon) if index.count() else ""
    except GongbaoError:
        return ""  # there is none, or none that can be read: what a rebuild is for, not an upgrade
