"""`python -m server` is `postil`."""

from server.cli import main

main(prog_name="postil")
