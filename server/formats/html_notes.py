"""Notes as one HTML file that needs nothing beside it: to be read in any browser, and printed.

It holds no script, and says so to the browser (`Content-Security-Policy`), beside what `markup`
cleans: a note someone else's page got into must not do anything here either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markupsafe import escape

from server.formats.codec import Options, Source
from server.formats.writing import by_page, day, in_chunks, is_web, link_to, title_of
from server.markup import render
from store.model import Annotation

MEDIA_TYPE = "text/html; charset=utf-8"


def write(_source: Source, annotations: Iterable[Annotation], _options: Options) -> Iterator[bytes]:
    """Page after page, each note with its passage in the colour of its highlighter."""
    return in_chunks(_html(annotations))


def _html(annotations: Iterable[Annotation]) -> Iterator[str]:
    yield _HEAD
    for first, notes in by_page(annotations):
        title = escape(title_of(first))
        yield f'<section>\n<h2 dir="auto">{_linked(first.url, title)}</h2>\n'
        yield f"<p class=url>{escape(first.url)}</p>\n"
        for note in notes:
            yield _article(note)
        yield "</section>\n"
    yield "</main>\n</body>\n</html>\n"


def _article(note: Annotation) -> str:
    parts = [f'<article dir="auto" class="{note.color}" id="n-{note.id}">\n']
    if note.quote is not None:
        parts.append(f"<blockquote>{escape(note.quote.exact)}</blockquote>\n")
    if note.note:
        parts.append(f'<div class=note dir="auto">{render(note.note)}</div>\n')
    tags = "".join(f"<li>{escape(tag)}</li>" for tag in note.tags)
    when = f'<time datetime="{note.created}">{day(note.created)}</time>'
    parts.append(f"<footer>{_linked(link_to(note), when)}")
    parts.append(f"<ul>{tags}</ul></footer>\n</article>\n" if tags else "</footer>\n</article>\n")
    return "".join(parts)


def _linked(url: str, text: str) -> str:
    if not is_web(url):
        return text
    return f'<a href="{escape(url)}" rel="noopener noreferrer nofollow">{text}</a>'


_STYLE = """
:root { color-scheme: light dark; --ink: #23211d; --quiet: #6b675f; --paper: #fdfcf9;
  --line: #e4e0d6; --yellow: #f5c518; --green: #58b368; --blue: #4a9de0; --pink: #ea6d9c;
  --purple: #9a7be0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7e4dc; --quiet: #a39e93; --paper: #1c1b19;
  --line: #3a3833; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1.05rem/1.6 Georgia, "Iowan Old Style", "Noto Serif", serif; }
main { max-width: 42rem; margin: 0 auto; padding: 2.5rem 1.25rem 5rem; }
h1 { font-size: 1.2rem; font-weight: 400; color: var(--quiet); }
h2 { font-size: 1.5rem; line-height: 1.25; margin: 3.5rem 0 .25rem; text-wrap: balance; }
h2 a { text-decoration: none; } h2 a:hover, h2 a:focus-visible { text-decoration: underline; }
a { color: inherit; text-decoration-color: var(--quiet); text-underline-offset: .15em; }
.url { margin: 0 0 1.5rem; color: var(--quiet); font-size: .85rem; overflow-wrap: anywhere; }
article { margin: 1.5rem 0; padding-inline-start: 1rem;
  border-inline-start: .25rem solid var(--mark); }
article > blockquote { margin: 0 0 .75rem; white-space: pre-line; overflow-wrap: anywhere; }
.note { color: var(--ink); font-family: system-ui, sans-serif; font-size: .95rem;
  overflow-wrap: anywhere; }
.note pre { overflow-x: auto; } .note table { border-collapse: collapse; }
.note td, .note th { border: 1px solid var(--line); padding: .2rem .5rem; }
.note blockquote { margin-inline: 0; padding-inline-start: .75rem;
  border-inline-start: 2px solid var(--line); }
footer { display: flex; flex-wrap: wrap; gap: .25rem .75rem; color: var(--quiet);
  font: .8rem/1.6 system-ui, sans-serif; }
footer ul { display: flex; flex-wrap: wrap; gap: .25rem .5rem; list-style: none; margin: 0;
  padding: 0; }
footer li::before { content: "#"; }
.yellow { --mark: var(--yellow); } .green { --mark: var(--green); } .blue { --mark: var(--blue); }
.pink { --mark: var(--pink); } .purple { --mark: var(--purple); }
@media print { body { font-size: 10.5pt; background: none; color: #000; } main { max-width: none;
  padding: 0; } h2 { break-after: avoid; margin-top: 1.5rem; } article { break-inside: avoid;
  print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""

_HEAD = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Notes from Postil</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>Notes from Postil</h1>
"""
