/*
 * A small single-page application, with the habits that trouble highlighters: it routes by
 * history.pushState, draws everything anew from data, loads the second half of an article late,
 * and writes rel=canonical once, for the first article opened, and never again.
 */

const ARTICLES = {
  lichen: 'Slow Painters',
  swift: 'The Bird That Will Not Land',
  peat: 'A Library Under Water',
}
const WAIT = '<p class="wait" role="status">More is coming…</p>'
const BASE = '/field/'
const app = document.getElementById('app')
let shown = { name: '', first: '', rest: '' }
let serial = 0

function nameFrom(path) {
  const name = path.slice(BASE.length).replace(/\/$/, '')
  return name in ARTICLES ? name : ''
}

async function fragment(file) {
  const response = await fetch(`${BASE}articles/${file}.html`)
  return response.text()
}

async function open(name) {
  const mine = ++serial
  shown = { name, first: '', rest: '' }
  document.title = name ? `${ARTICLES[name]} · Field Notes` : 'Field Notes'
  if (!name) return draw()
  shown.first = await fragment(name)
  if (mine !== serial) return
  draw()
  scrollTo(0, 0)
  const rest = await fragment(`${name}.rest`)
  if (mine !== serial) return
  shown.rest = rest
  draw()
}

/** Every node is made anew, as a framework without keys would do. */
function draw() {
  const links = Object.entries(ARTICLES).map(([name, title]) => {
    const current = name === shown.name ? ' aria-current="page"' : ''
    return `<li><a href="${BASE}${name}"${current}>${title}</a></li>`
  })
  const body = shown.name
    ? `<article><h1>${ARTICLES[shown.name]}</h1>${shown.first}
       <div class="rest">${shown.rest || WAIT}</div>
       </article>`
    : `<section><h1>Field Notes</h1><p>Three pages from a naturalist’s notebook.</p></section>`
  app.innerHTML = `<header><a class="home" href="${BASE}">Field Notes</a>
    <nav><ul>${links.join('')}</ul></nav>
    <button type="button" class="redraw">Redraw</button></header><main>${body}</main>`
}

document.addEventListener('click', (event) => {
  if (event.target.closest('.redraw')) return draw()
  const link = event.target.closest('a[href^="/field/"]')
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return
  event.preventDefault()
  history.pushState(null, '', link.href)
  open(nameFrom(location.pathname))
})
addEventListener('popstate', () => open(nameFrom(location.pathname)))

document.querySelector('link[rel=canonical]').href = location.origin + location.pathname
open(nameFrom(location.pathname))
