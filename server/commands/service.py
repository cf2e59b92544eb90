"""`postil service`: what has the system start the server by itself."""

from __future__ import annotations

import sys
from xml.sax.saxutils import escape

import click

from server.commands.frame import config_of, places
from server.config import Config
from store.address import is_database

_SYSTEMD = """\
# ~/.config/systemd/user/postil.service, then:
#   systemctl --user enable --now postil
[Unit]
Description=Postil, notes in the margins of the web
After=network.target

[Service]
ExecStart={command}
Restart=on-failure
# It folds its journal when it is told to stop.
TimeoutStopSec=60
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ReadWritePaths={data}

[Install]
WantedBy=default.target
"""

_LAUNCHD = """\
<?xml version="1.0" encoding="UTF-8"?>
<!-- ~/Library/LaunchAgents/org.postil.plist, then:
     launchctl load ~/Library/LaunchAgents/org.postil.plist -->
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key><string>org.postil</string>
  <key>ProgramArguments</key>
  <array>
{arguments}
  </array>
  <key>RunAtLoad</key><true/>
  <key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>
</dict>
</plist>
"""


@click.command()
@click.argument("system", type=click.Choice(["systemd", "launchd"]), required=False)
@places
def service(system: str | None, data: str | None, store: str | None) -> None:
    """Print a service file (systemd or launchd) that starts the server with the session."""
    config = config_of(data, store)
    chosen = system or ("launchd" if sys.platform == "darwin" else "systemd")
    command = [sys.executable, "-m", "server", "serve", "--data", str(config.data)]
    if is_database(config.store):
        command += ["--store", config.store]
    click.echo(_launchd(command) if chosen == "launchd" else _systemd(command, config), nl=False)


def _systemd(command: list[str], config: Config) -> str:
    quoted = " ".join(_quoted(word) for word in command)
    return _SYSTEMD.format(command=quoted, data=_quoted(str(config.data)))


def _quoted(word: str) -> str:
    """A word as systemd reads it: `%` and `$` mean something to it (systemd.service(5))."""
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{plain}"' if set(plain) & set(" \t;'\"") else plain


def _launchd(command: list[str]) -> str:
    lines = (f"    <string>{escape(word)}</string>" for word in command)
    return _LAUNCHD.format(arguments="\n".join(lines))
