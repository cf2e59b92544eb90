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

from server.markup import ATTRIBUTES, PROTOCOLS, TAGS, render, render_anew


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


@pytest.mark.parametrize(
    ("text", "address", "shown"),
    [
        ("(see https://example.org/a_(b)).", "https://example.org/a_(b)", None),
        ("https://example.org/?a=1&b=2!", "https://example.org/?a=1&amp;b=2", None),
        ("www.example.org, and so on", "http://www.example.org", "www.example.org"),
        ("**https://example.org/x**", "https://example.org/x", None),
        ("https://example.org/a_b_c_d", "https://example.org/a_b_c_d", None),
        ("|a|\n|-|\n|https://example.org|", "https://example.org", None),
        ("https://例え.jp/é", "https://xn--r8jz45g.jp/%C3%A9", "https://例え.jp/é"),
    ],
)
def test_an_address_ends_where_its_sentence_goes_on(
    text: str, address: str, shown: str | None
) -> None:
    html = render(text)
    assert f'<a href="{address}" rel="noopener nofollow ugc">{shown or address}</a>' in html


@pytest.mark.parametrize(
    "text", ["xhttps://example.org", "me@www.example.org", "[https://a.example](https://b.example)"]
)
def test_what_is_no_address_or_one_already_becomes_no_link(text: str) -> None:
    assert render(text).count("<a ") == text.count("[")


def test_signs_of_html_are_shown_as_they_were_meant() -> None:
    assert render("&amp; & &lt; <") == "<p>&amp; &amp; &lt; &lt;</p>\n"
    assert render("`&amp; <`") == "<p><code>&amp;amp; &lt;</code></p>\n"
    assert render('```x"y\n& <\n```') == "<pre><code>&amp; &lt;\n</code></pre>\n"
    assert render("    & < >") == "<pre><code>&amp; &lt; &gt;\n</code></pre>\n"


def test_what_stands_for_them_on_the_way_cannot_be_written() -> None:
    assert render("\U0010fff1b\U0010fff2\U0010fff0") == "<p>\ufffdb\ufffd\ufffd</p>\n"


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


PIECES = """
    & < > [ [] [][ ](b) ![ [a]( [a](b) [a](b_" [a](b)_ * *a_ **a**_ a**b ` `a`_ ~ ~~a > -_ 1._ @
    \\ \\* : &amp; &#x41; &a <http://a.b> <a@ <!-- <a_ http:// http://a.b_ www.a.b_ a@b.c_
    a. ( ) a:( " é 中 x ```/ ---/ #_a/ a/=/ a/ -_a/ >_a/b/ |a|/|-|/|c|/ [a]:_b/ 😀
""".split()


def _filled(piece: str) -> str:
    """As long as a note may be, of nothing else. `_` is a space, a `/` at an end a new line."""
    text = piece if "://" in piece else piece.replace("/", "\n")
    text = text.replace("_", " ")
    return (text * (100_000 // len(text) + 1))[:100_000]


SLOW = [_filled(piece) for piece in PIECES] + [
    "[a](" + "(" * 99_996,
    "[" * 50_000 + "a" + "](b)" * 12_000,
    "**" * 25_000 + "a" + "**" * 24_999,
    "`" * 50_000 + "x" + "`" * 49_999,
    "".join(" " * (2 * depth) + "- a\n" for depth in range(300)),
    "|a|b|\n|-|-|\n" + "|c|d|\n" * 16_000,
    "|" * 20_000 + "\n" + "|-" * 10_000,
    "_" * 100_000,
    " " * 100_000,
    "\n" * 100_000,
]


@pytest.mark.parametrize("text", SLOW, ids=range(len(SLOW)))
def test_a_note_made_to_be_slow_is_not(text: str) -> None:
    begun = time.thread_time()
    html = render(text)
    # A tenth of a second on a machine that does nothing else.
    assert time.thread_time() - begun < 0.5, text[:20]
    hold_to_the_allow_list(html)


def test_what_is_too_much_to_render_stands_as_it_was_written() -> None:
    html = render("*first*\n\n" + "- **a** & <b>\n" * 5_000)
    assert html.startswith("<p><em>first</em></p>")
    assert html.count("<li><strong>a</strong>") > 50
    assert html.endswith("- **a** &amp; &lt;b&gt;\n</pre>")
    assert html.count("<li>") + html.count("- **a**") == 5_000


def test_a_long_note_of_words_is_rendered_whole() -> None:
    text = "\n\n".join(f"{'Reading in the margins, slowly. ' * 15}*{n}*" for n in range(190))
    assert len(text) > 90_000
    html = render(text)
    assert html.count("<em>") == 190
    assert "<pre>" not in html


def test_a_text_is_rendered_once() -> None:
    texts = [f"once *only* {number}" + "x" * 50_000 for number in range(100)]
    first = [render(text) for text in texts]
    assert all(render(text) is html for text, html in zip(texts, first, strict=True))


def test_what_is_remembered_does_not_grow_without_end() -> None:
    first = render("the first of many")
    assert render("the first of many") is first
    for number in range(100):
        render(f"{number} " + "x" * 99_000)
    assert render("the first of many") == first
    assert render("the first of many") is not first


def test_many_threads_render_the_same() -> None:
    texts = [f"*{number}* <b> https://example.org/{number}" for number in range(50)]
    seen: list[list[str]] = []

    def work() -> None:
        seen.append([render_anew(text) for text in texts])

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
