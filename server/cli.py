"""The `postil` command. Exit codes: 0 done, 1 it failed (a sentence says why), 2 wrong usage."""

from __future__ import annotations

import click

from server.commands.groups import DefaultingGroup, LateGroup


class Postil(LateGroup, DefaultingGroup):
    """`postil` and `postil --port 80` are `postil serve` and `postil serve --port 80`."""

    default = "serve"


PLACES = {
    "account": "server.commands.account:account",
    "backup": "server.commands.backup:backup",
    "check": "server.commands.check:check",
    "completion": "server.commands.completion:completion",
    "devices": "server.commands.devices:devices",
    "doctor": "server.commands.doctor:doctor",
    "export": "server.commands.export:export",
    "extension": "server.commands.extension:extension",
    "import": "server.commands.imports:import_",
    "migrate": "server.commands.migrate:migrate",
    "pair": "server.commands.pair:pair",
    "restore": "server.commands.restore:restore",
    "restore-epoch": "server.commands.epoch:restore_epoch",
    "serve": "server.commands.serve:serve_command",
    "service": "server.commands.service:service",
    "sign-in": "server.commands.pair:sign_in",
    "trash": "server.commands.trash:trash",
}


def _say_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    from server.version import VERSION  # noqa: PLC0415  # looking it up takes as long as all else

    click.echo(f"postil, version {VERSION}")
    context.exit()


@click.group(cls=Postil, places=PLACES)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_say_version,
    help="Show the version and exit.",
)
def main() -> None:
    """Postil keeps what you write in the margins of the web.

    `postil` alone is `postil serve`. Every option can also be set by an environment variable:
    POSTIL_HOST, POSTIL_PORT, POSTIL_DATA, POSTIL_STORE; POSTIL_HOSTS and POSTIL_ORIGINS list
    further host names and web origins to let in; POSTIL_URL and POSTIL_PROXY tell of a proxy;
    POSTIL_CERT and POSTIL_KEY name a certificate for https without one;
    POSTIL_LOG has a line written for each request; POSTIL_METRICS lets others read /metrics;
    POSTIL_BACKUPS=off ends daily backups; POSTIL_WORKERS is how many processes serve a database;
    POSTIL_ACCOUNT says whose notes a command is about.
    """
