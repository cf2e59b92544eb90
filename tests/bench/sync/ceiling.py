"""What any answer through this server could at best be: bytes from memory, a note a line.

Reads the notes from its input, says its address on the first line, and serves them at `/` until it
is ended.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable

from waitress.server import create_server

from server.one_processor import stay_on_one_processor

CHUNK = 1000  # notes


def main() -> None:
    stay_on_one_processor()  # as Postil does
    lines = sys.stdin.buffer.readlines()
    chunks = [b"".join(lines[at : at + CHUNK]) for at in range(0, len(lines), CHUNK)]
    size = str(sum(map(len, chunks)))

    def app(environ: dict[str, object], start: Callable[..., object]) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "application/x-ndjson"), ("Content-Length", size)])
        return iter(chunks)

    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    print(json.dumps({"url": f"http://127.0.0.1:{server.effective_port}"}), flush=True)
    server.run()


main()
