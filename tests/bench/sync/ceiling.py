"""What any answer through this server could at best be: bytes from memory, a note a line.

    python ceiling.py NOTES

Says its address on the first line, and serves NOTES notes at `/` until it is ended.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable

from waitress.server import create_server

CHUNK = 1000  # notes


def main() -> None:
    line = sys.stdin.readline().encode()
    count = int(sys.argv[1])
    chunk = line * CHUNK
    size = str(len(line) * count)

    def app(environ: dict[str, object], start: Callable[..., object]) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "application/x-ndjson"), ("Content-Length", size)])
        return (chunk for _ in range(count // CHUNK))

    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    print(json.dumps({"url": f"http://127.0.0.1:{server.effective_port}"}), flush=True)
    server.run()


main()
