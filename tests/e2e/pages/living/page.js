/*
 * What pages do while they are read: a clock that never rests, an element that draws itself in a
 * shadow tree once it feels like it, a button that unfolds, and a log that is drawn anew.
 */

const TIMES = ['at dawn, under fog', 'at noon, with a bride', 'at dusk, nearly empty']
const log = document.getElementById('log')

/** As frameworks do: nothing that was there before is there after. */
function drawLog() {
  const lines = TIMES.map((time) => `<p>The ferry crossed ${time}, and nobody fell in.</p>`)
  log.innerHTML = `<h2>The log</h2>${lines.join('')}`
}

function drawBoard() {
  const tree = document.querySelector('ferry-board').attachShadow({ mode: 'open' })
  tree.innerHTML = `<style>p { border: 1px solid; padding: 1em }</style>
    <p>Passengers carry their own shadows <em>at their own risk</em>.</p>`
}

function unfold({ target }) {
  const open = target.getAttribute('aria-expanded') !== 'true'
  target.setAttribute('aria-expanded', String(open))
  document.getElementById(target.getAttribute('aria-controls')).style.display = open ? '' : 'none'
}

let ticks = 0
setInterval(() => (document.getElementById('clock').firstChild.data = String(++ticks)), 16)
document.querySelector('button').addEventListener('click', unfold)
drawLog()
setTimeout(drawBoard, 300)
