"""What a bare Flask application on the same server answers: the same bytes, by `jsonify`.

Reads one answer of Postil from its input, says its address on the first line, and gives that answer
at every path until it is ended.
"""

from __future__ import annotations

import json
import sys

from flask import Flask, Response, jsonify
from waitress.server import create_server

from server.one_processor import stay_on_one_processor
from server.serving import THREADS


def main() -> None:
    stay_on_one_processor()  # as Postil does
    kept = json.load(sys.stdin)
    app = Flask(__name__)

    @app.get("/")
    def page() -> Response:
        return jsonify(kept)

    server = create_server(app, host="127.0.0.1", port=0, threads=THREADS)
    print(json.dumps({"url": f"http://127.0.0.1:{server.effective_port}"}), flush=True)
    server.run()


main()
