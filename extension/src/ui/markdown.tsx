/**
 * A note's Markdown as elements of our own making: the same dialect as the library's, by the same
 * rules. What a note says is only ever text in them; there is no way from a note to HTML.
 */
import MarkdownIt, { type Token } from 'markdown-it'
import { createElement, type ComponentChild } from 'preact'
import { useMemo } from 'preact/hooks'
import { isPlain } from './plain'

export function Markdown({ text }: { text: string }) {
  const drawn = useMemo(() => elementsOf(text), [text])
  return (
    <div class="written" dir="auto">
      {drawn}
    </div>
  )
}

export function elementsOf(text: string): ComponentChild[] {
  return isPlain(text) ? [<p>{text}</p>] : parsed(text)
}

/** The same by the parser, whatever the text. */
export function parsed(text: string): ComponentChild[] {
  parser ??= newParser()
  return tree(parser.parse(text, {}))
}

let parser: ReturnType<typeof newParser> | undefined

function newParser() {
  const made = new MarkdownIt('commonmark', { html: false, breaks: true, linkify: true })
  made.enable(['table', 'strikethrough', 'linkify'])
  // A picture would tell its server when a note is read; its words stay.
  return made.disable('image')
}

const TAGS = new Set(
  (
    'a blockquote code em h1 h2 h3 h4 h5 h6 li ol p pre s strong table tbody td th thead tr ul'
  ).split(' '),
)

/** Tokens come as a row of openings and closings. */
function tree(tokens: readonly Token[]): ComponentChild[] {
  interface Open {
    token: Token | null
    children: ComponentChild[]
  }
  const open: Open[] = [{ token: null, children: [] }]
  for (const token of tokens) {
    if (token.nesting === 1) {
      open.push({ token, children: [] })
      continue
    }
    const closed = token.nesting === -1 && open.length > 1 ? open.pop() : undefined
    const drawn = closed?.token ? element(closed.token, closed.children) : leaf(token)
    open.at(-1)!.children.push(drawn)
  }
  return open.flatMap(({ children }) => children)
}

function leaf(token: Token): ComponentChild {
  switch (token.type) {
    case 'inline':
      return tree(token.children ?? [])
    case 'softbreak':
    case 'hardbreak':
      return <br />
    case 'hr':
      return <hr />
    case 'code_inline':
      return <code>{token.content}</code>
    case 'code_block':
    case 'fence':
      return (
        <pre tabIndex={0}>
          <code>{token.content}</code>
        </pre>
      )
    default:
      return token.content
  }
}

function element(token: Token, children: ComponentChild[]): ComponentChild {
  const { tag } = token
  if (token.hidden || !TAGS.has(tag)) return children
  // The page has headings of its own; those of notes would tear holes into their order.
  if (/^h\d$/.test(tag)) return <p class="heading">{children}</p>
  if (tag === 'a') {
    const href = safe(token.attrGet('href'))
    if (href === null) return children
    return (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow ugc">
        {children}
      </a>
    )
  }
  const start = tag === 'ol' ? Number(token.attrGet('start') ?? 1) : 1
  return createElement(tag, start === 1 ? null : { start }, ...children)
}

/** The parser refuses the worst; only what is named here is let through. */
function safe(href: string | number | null): string | null {
  const url = href === null ? null : URL.parse(String(href))
  return url && /^(https?|mailto):$/.test(url.protocol) ? url.href : null
}
