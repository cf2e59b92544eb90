"""A reader's own way to write one note, as a small template.

    {{ quote | quoted }}
    {% if note %}{{ note }}{% endif %}
    {% for tag in tags %}#{{ tag }} {% endfor %}

The language is Jinja's, cut down to what fills in a form: names, conditions, one loop over the
tags, a few filters. A template comes in with a request, and with all of Jinja it could keep the
server busy for ever (a loop in a loop in a loop); of what is left here, no note costs more than its
own length times the template's.
"""

from __future__ import annotations

from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from server.formats.writing import day, link_to, title_of
from store.model import Annotation, Invalid

NAMES = frozenset("quote note tags color url title link created updated".split())
"""What a template may say of a note."""

FILTERS = frozenset("quoted day join trim upper lower capitalize length first last default".split())


class NoteTemplate:
    """A template that was read. Raises `Invalid` with a sentence for what it may not hold."""

    def __init__(self, text: str) -> None:
        try:
            _check(_environment.parse(text))
            self._template = _environment.from_string(text)
        except TemplateSyntaxError as error:
            raise Invalid(
                f"The template, line {error.lineno}: {error.message}", "template"
            ) from None

    def write(self, note: Annotation) -> str:
        """One note by the template."""
        said: dict[str, Any] = {
            "quote": note.quote.exact if note.quote is not None else "",
            "note": note.note,
            "tags": list(note.tags),
            "color": note.color.value,
            "url": note.url,
            "title": title_of(note),
            "link": link_to(note),
            "created": note.created,
            "updated": note.updated,
        }
        try:
            return self._template.render(said)
        except (TemplateError, TypeError, ValueError) as error:
            raise Invalid(f"The template cannot be filled in: {error}", "template") from None


def quoted(text: str) -> str:
    """A text as a quotation in Markdown."""
    return "\n".join(f"> {line}".rstrip() for line in str(text).splitlines())


_environment = ImmutableSandboxedEnvironment(autoescape=False, keep_trailing_newline=True)
_environment.filters.update(quoted=quoted, day=lambda moment: day(str(moment)))

_HARMLESS = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.If, nodes.CondExpr,
    nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand,
)  # fmt: skip


def _check(node: nodes.Node, loop: str = "") -> None:
    """Refuse what a template may not hold; `loop` is the name the loop gives each tag."""
    if isinstance(node, nodes.For):
        _check_loop(node, loop)
        return
    refused = _refused(node, loop)
    if refused:
        raise TemplateSyntaxError(refused, getattr(node, "lineno", 1))
    for child in node.iter_child_nodes():
        _check(child, loop)


def _check_loop(node: nodes.For, loop: str) -> None:
    over_tags = isinstance(node.iter, nodes.Name) and node.iter.name == "tags"
    if loop or not over_tags or node.recursive or not isinstance(node.target, nodes.Name):
        raise TemplateSyntaxError("the one loop there is goes over `tags`.", node.lineno)
    for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
        _check(child, node.target.name)


def _refused(node: nodes.Node, loop: str) -> str:
    if isinstance(node, nodes.Name):
        if node.name in NAMES or (loop and node.name in (loop, "loop")):
            return ""
        return f"`{node.name}` is not known; there are {', '.join(sorted(NAMES))}."
    if isinstance(node, nodes.Filter):
        if node.name not in FILTERS:
            return f"the filters are {', '.join(sorted(FILTERS))}."
        plain = all(isinstance(one, nodes.Const) for one in node.args)
        return "" if plain and not node.kwargs else "a filter takes plain texts."
    if isinstance(node, nodes.Getattr):
        of_loop = isinstance(node.node, nodes.Name) and node.node.name == "loop" and bool(loop)
        known = of_loop and node.attr in ("first", "last", "index")
        return "" if known else "only loop.first, loop.last and loop.index have a full stop."
    if isinstance(node, _HARMLESS):
        return ""
    return f"a template may not hold this ({type(node).__name__.lower()})."
