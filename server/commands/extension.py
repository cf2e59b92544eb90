"""`postil extension`: the built extension, put where a browser can load it from."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from server.commands.frame import failing_in_words
from server.packaged import built_extension
from server.running import CannotServe
from store.model import encode


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace what is there.")
@click.option("--json", "as_json", is_flag=True, help="Say where they are as a line of JSON.")
def extension(folder: Path, force: bool, as_json: bool) -> None:
    """Unpack the extension for Chrome and Firefox into DIR. Needs no Node."""
    with failing_in_words():
        built = built_extension()
        if built is None:
            raise CannotServe("The extension is not built here: run `make extension` first.")
        for browser in ("chrome", "firefox"):
            target = folder / browser
            if target.exists():
                if not force:
                    raise CannotServe(f"{target} is there already; --force replaces it.")
                shutil.rmtree(target)
            shutil.copytree(built / browser, target)
    if as_json:
        click.echo(encode({name: str(folder / name) for name in ("chrome", "firefox")}))
        return
    click.echo(f"Chrome, Chromium: chrome://extensions > Load unpacked > {folder / 'chrome'}")
    click.echo(
        "Firefox: about:debugging#/runtime/this-firefox > Load Temporary Add-on > "
        f"{folder / 'firefox' / 'manifest.json'}"
    )
