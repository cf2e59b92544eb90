"""A note's Markdown as HTML: what it shows, and what it never lets through."""

from __future__ import annotations

import json
import re
import threading
import time
from html.parser import HTMLParser
from pathlib import Path

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.markup import ATTRIBUTES, PROTOCOLS, TAGS, render


class Elements(HTMLParser):
    """Every element a browser would make, with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.made: list[tuple[str, dict[str, str | None]]] = []
        self.comments: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.made.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def hold_to_the_allow_list(html: str) -> None:
    elements = Elements(html)
    assert elements.comments == []
    for tag, attributes in elements.made:
        assert tag in TAGS, html
        for name, value in attributes.items():
            assert name in ATTRIBUTES.get(tag, []), html
            if name == "href":
                # As a browser reads it: control characters go, and what is no scheme is a path.
                compact = re.sub(r"[\x00-\x20]", "", "".join((value or "").split())).lower()
                scheme, colon, _ = compact.partition(":")
                relative = not colon or not re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme)
                assert relative or scheme in PROTOCOLS, html
        if tag == "a" and "href" in attributes:
            assert attributes.get("rel") == "noopener nofollow ugc", html


def test_markdown_is_shown() -> None:
    html = render("# A\n\n*b* **c** ~~d~~ `e`\n\n- f\n- g\n\n> h\n\n```\ni\n```")
    for piece in ("<em>b</em>", "<strong>c</strong>", "<s>d</s>", "<code>e</code>", "<li>f</li>",
                  "<blockquote>", "<pre><code>i"):  # fmt: skip
        assert piece in html


def test_tables_are_shown() -> None:
    assert "<td>1</td>" in render("|a|b|\n|-|-|\n|1|2|")


def test_a_line_break_is_kept() -> None:
    assert "one<br>\ntwo" in render("one\ntwo")


def test_headings_stand_below_those_of_the_page() -> None:
    assert "<h4>A</h4>" in render("# A")
    assert "<h6>A</h6>" in render("###### A")


def test_what_looks_like_html_is_shown_as_written() -> None:
    assert "a &lt; b &amp;&amp; c &gt; d" in render("a < b && c > d")
    assert "&lt;b&gt;" in render("<b>bold?</b>")


def test_links_go_nowhere_unasked() -> None:
    html = render("[a](https://example.org/?a=1&b=2 'title')")
    assert 'href="https://example.org/?a=1&amp;b=2"' in html
    assert 'rel="noopener nofollow ugc"' in html


def test_a_bare_address_becomes_a_link_but_not_inside_code() -> None:
    assert 'href="https://example.org/x"' in render("see https://example.org/x")
    assert "<a" not in render("`https://example.org/x`")
    assert "<a" not in render("```\nhttps://example.org/x\n```")


def test_a_picture_is_never_fetched() -> None:
    assert "<img" not in render("![seen](https://evil.example/pixel.gif)")


HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example></sCrIpT>",
    "<<script>alert(1)//<</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext></p><style><!--</style><img title='--></style><img src=x onerror=alert(1)>'>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x\" onerror=\"alert(1)](https://example.org/)",
    "[x](https://example.org/\"onmouseover=\"alert(1))",
    "[x](https://example.org/ \"\\\" onmouseover=\\\"alert(1)\")",
    "https://example.org/\"onmouseover=alert(1)",
    "[x]: javascript:alert(1)\n[x]",
    "```html\" onclick=\"alert(1)\n<script>alert(1)</script>\n```",
    "<details open ontoggle=alert(1)>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<base href='//evil.example/'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//evil.example>",
    "<style>@import '//evil.example'</style>",
    "<p style='background:url(//evil.example)'>",
    "<!--<img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo '<script>alert(1)</script>' ?>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<a\x00href=javascript:alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\u2028<script>alert(1)</script>\u2029",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "｜<ſcript>alert(1)</ſcript>",
]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_hostile_gets_through(hostile: str) -> None:
    for around in ("{}", "# {}", "> {}", "- {}", "|{}|\n|-|\n|{}|", "**{}**", "a\n\n{}\n\nb"):
        hold_to_the_allow_list(render(around.replace("{}", hostile)))


_PIECES = st.sampled_from(
    [*HOSTILE, "<", ">", '"', "'", "`", "```", "[", "](", ")", "!", "\\", "&", "#", "\n", "\n\n",
     "&#0;", "&lt;", "javascript:", "on", "=", "<!--", "-->", "|", "*", "_", "~~", "> ", "- ",
     "https://example.org", "mailto:a@b", "\x00", "\x0c", "\ufffe"]
)  # fmt: skip


@given(st.lists(_PIECES | st.text(max_size=8), max_size=12).map("".join))
def test_no_text_whatever_gets_past_the_allow_list(text: str) -> None:
    hold_to_the_allow_list(render(text))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000,
        "*a " * 10_000,
        "> " * 20_000 + "x",
        "- " * 20_000,
        "`" * 20_000 + "x" + "`" * 19_999,
        "![" * 10_000,
        "<" * 20_000,
        "&" * 20_000,
        "a." * 20_000,
        "http://" * 10_000,
        "|" * 20_000 + "\n" + "|-" * 10_000,
        "[a](" * 10_000,
        "x" * 100_000,
        "\n" * 100_000,
    ],
    ids=lambda text: text[:6].strip() or "blank",
)
def test_a_note_made_to_be_slow_is_not(text: str) -> None:
    begun = time.perf_counter()
    hold_to_the_allow_list(render(text))
    assert time.perf_counter() - begun < 10


def test_a_text_is_rendered_once() -> None:
    text = "once *only* " + "x" * 3000
    assert render(text) is render(text)


def test_many_threads_render_the_same() -> None:
    texts = [f"*{number}* <b> https://example.org/{number}" for number in range(50)]
    seen: list[list[str]] = []

    def work() -> None:
        render.__globals__["_short"].cache_clear()
        seen.append([render(text) for text in texts])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert all(one == seen[0] for one in seen)


CORPUS: list[str] = json.loads((Path(__file__).parents[1] / "xss.json").read_text())


@pytest.mark.parametrize("evil", CORPUS)
def test_of_what_means_to_run_nothing_is_left(evil: str) -> None:
    hold_to_the_allow_list(render(evil))


@pytest.mark.parametrize("evil", CORPUS)
def test_another_cleaner_finds_nothing_left_to_take_away(evil: str) -> None:
    """nh3 (ammonia, a parser of its own) is the second opinion on what bleach let through."""
    html = render(evil)
    again = nh3.clean(
        html,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(PROTOCOLS),
        link_rel=None,
    )
    assert Elements(again).made == Elements(html).made
