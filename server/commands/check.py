"""`postil check`: whether everything kept is as it was written."""

from __future__ import annotations

import sys

import click

from server.commands.frame import config_of, failing_in_words, opened_store, places
from server.config import Config
from server.running import NoServer, answered
from store.answers import Finding, Report
from store.model import encode


@click.command()
@click.option("--repair", is_flag=True, help="Mend what can be mended without losing anything.")
@click.option("--json", "as_json", is_flag=True, help="Say what was found as a line of JSON.")
@places
def check(repair: bool, as_json: bool, data: str | None, store: str | None) -> None:
    """Verify every checksum, every note and every index.

    Ends with 1 where something is wrong. --repair writes damaged files anew from what is served,
    takes documents that cannot be used into a file beside the store, and builds indexes again.
    Works whether or not the server runs, and does not disturb it.
    """
    config = config_of(data, store)
    with failing_in_words():
        report = _report(config, repair=repair)
    if as_json:
        click.echo(encode({"sound": report.sound, "report": report}))
    else:
        for finding in report.findings:
            click.echo(f"{_said(finding)}: {finding.sentence}")
        click.echo(_summary(report))
    if not report.sound:
        sys.exit(1)


def _report(config: Config, *, repair: bool) -> Report:
    try:
        asked = {"repair": repair}
        return answered(config.server_file, "POST", "/api/check", Report, asked, slow=True)
    except NoServer:
        with opened_store(config) as store:
            return store.check(repair=repair)


def _said(finding: Finding) -> str:
    return "repaired" if finding.repaired else finding.severity.value


def _summary(report: Report) -> str:
    counted = (
        f"{report.annotations} notes, {report.trashed} in the trash, "
        f"{report.tombstones} tombstones, {report.accounts} accounts, {report.bytes:,} bytes."
    )
    return f"{'All is well' if report.sound else 'Something is wrong'}: {counted}"
