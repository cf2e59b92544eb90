"""`postil serve`: the server itself."""

from __future__ import annotations

import click

from server.commands.frame import advising, failing_in_words, places
from server.config import load
from store.collection import collection_paused


@click.command("serve")
@click.option("--host", help="The address to listen on; 127.0.0.1 by default.")
@click.option("--port", type=int, help="The port to listen on; 4477 by default, 0 = any free one.")
@places
@click.option("--url", help="The address readers reach it at, where a proxy stands before it.")
@click.option("--proxy", type=int, help="How many proxies stand before it; 0 by default.")
@click.option("--cert", metavar="FILE", help="A certificate (PEM), to serve https with no proxy.")
@click.option("--key", metavar="FILE", help="Its key, where that is not in the same file.")
@click.option("--workers", type=int, help="How many processes; 1, or more with PostgreSQL.")
@click.option("--json", "as_json", is_flag=True, help="Say where it listens as one line of JSON.")
def serve_command(
    host: str | None,
    port: int | None,
    data: str | None,
    store: str | None,
    url: str | None,
    proxy: int | None,
    cert: str | None,
    key: str | None,
    workers: int | None,
    as_json: bool,
) -> None:
    """Run the server until Ctrl+C."""
    with failing_in_words():
        config = load(
            host=host,
            port=port,
            data=data,
            store=store,
            url=url,
            proxies=proxy,
            cert=cert,
            key=key,
            workers=workers,
        )
        with collection_paused():  # nothing that is loaded is garbage
            from server.serving import serve  # noqa: PLC0415  # `--help` has no use for it

        with advising(config):
            serve(config, as_json=as_json)
