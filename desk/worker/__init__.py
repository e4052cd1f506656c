"""The worker: runs what is due, and looks after the archive."""

from desk.worker.working import Means, Worker

__all__ = ["Means", "Worker"]
