"""`postil completion`: what makes a shell complete the command's words."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print a script that completes the words of `postil`.

    bash: eval "$(postil completion bash)" in ~/.bashrc; zsh the same in ~/.zshrc; fish: postil
    completion fish > ~/.config/fish/completions/postil.fish
    """
    kind = get_completion_class(shell)
    assert kind is not None
    root = context.find_root().command
    click.echo(kind(root, {}, "postil", "_POSTIL_COMPLETE").source())
