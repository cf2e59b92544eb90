"""Groups of commands: one whose commands are loaded when they are named, one with a default.

Whoever asks for a pairing code waits for what prints it, not for all that imports, moves and
serves. What a command itself needs only now and then (a store of its own, where no server runs) it
imports there and then, for the same reason: `postil --help`, which loads all of them, is as quick.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LateGroup(click.Group):
    """A group whose `places` tell of each command where it is: `module:name`."""

    def __init__(self, *arguments: Any, places: Mapping[str, str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = self._places.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command


class DefaultingGroup(click.Group):
    """A group of commands one of which need not be named."""

    default: str

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {"--help", *(option for one in self.params for option in one.opts)}
        unnamed = not args or (args[0] not in own and args[0].startswith("-"))
        if unnamed and not ctx.resilient_parsing:  # a shell that completes wants all of the names
            args = [self.default, *args]
        return super().parse_args(ctx, args)
