"""gongbao metrics"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import typer

from desk.cli.printing import Session


def add_to(app: typer.Typer) -> None:
    app.command("metrics", epilog="Example: gongbao metrics > /var/lib/prometheus/node-exporter/gongbao.prom")(metrics)


def metrics(context: typer.Context) -> None:
    """Queue, yields, errors by code, times, index lag, fixity age, disk, alerts, in Prometheus's text format.

    With --json it says instead whether database, index and disk are ready; exit code 1 if one of them is not.
    """
    from desk.metrics import metrics_of, readyz

    session: Session = context.obj
    with session.home() as home:
        if session.printer.json:
            ready, details = readyz(home)
            session.printer.answer({"ready": ready, "details": details})
            if not ready:
                raise typer.Exit(1)
        else:
            sys.stdout.write(metrics_of(home, datetime.now(UTC)).decode())
