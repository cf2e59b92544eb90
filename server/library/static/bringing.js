// A file that comes in is seen to come in: how much of it has been sent, how much of it was read, and
// a button that stops it. What was written by then is told as when all of it was.

const LINES = 'application/x-ndjson'

/** How long a server that was told to stop may take for the rest of what it had read. */
const PATIENCE = 15_000

export function showBringing() {
  document.addEventListener('submit', (event) => {
    const { target: form } = event
    if (!form.matches('form.bring')) return
    const [file] = form.elements.file.files
    if (!file) return
    event.preventDefault()
    bring(form, file)
  })
}

function bring(form, file) {
  const coming = new Coming(form, file)
  const sending = new XMLHttpRequest()
  let read = 0 // of what was answered, up to the end of the last whole line
  let name = ''
  let over = false

  const hear = () => {
    const whole = sending.responseText.lastIndexOf('\n') + 1
    for (const line of sending.responseText.slice(read, whole).split('\n').filter(Boolean)) {
      const told = JSON.parse(line)
      if (told.stop) {
        name = told.stop
        if (coming.stopping) stop()
      }
      if (told.size !== undefined) coming.read(told)
      if (told.page) {
        over = true
        show(told.page)
      }
    }
    read = whole
  }
  const stop = async () => {
    const form = coming.named(name)
    const answer = await fetch(coming.stopAt, { method: 'POST', body: form }).catch(() => null)
    const stopping = answer?.ok && (await answer.json()).stopping
    // Another process of the server may have it: that one notices when nobody listens any more.
    setTimeout(() => over || sending.abort(), stopping ? PATIENCE : 1000)
  }
  const isLines = () => (sending.getResponseHeader('Content-Type') ?? '').startsWith(LINES)

  coming.onStop = () => {
    if (!coming.sent) sending.abort()
    else if (name) stop()
  }
  sending.upload.addEventListener('progress', ({ loaded, total }) => coming.send(loaded, total))
  sending.upload.addEventListener('load', () => coming.wait())
  sending.addEventListener('progress', () => isLines() && hear())
  sending.addEventListener('load', () => {
    over = true
    if (isLines()) hear()
    else show(sending.responseText)
    // What came of it has taken the place of all this, or nothing has come.
    if (!coming.shown.isConnected) return
    if (isLines()) coming.end('The answer broke off.')
    else coming.end(`The server answered ${sending.status}.`, 'Nothing was written.')
  })
  sending.addEventListener('error', () => coming.end('The connection broke.'))
  sending.addEventListener('abort', () => coming.end('Stopped.'))
  sending.open('POST', form.action)
  sending.setRequestHeader('Accept', LINES)
  sending.send(new FormData(form))
  coming.begin()
}

/** Put what came of it into the place of the form, where the server says it in a page. */
function show(html) {
  const main = new DOMParser().parseFromString(html, 'text/html').querySelector('main')
  if (!main) return
  document.querySelector('main').replaceChildren(...document.adoptNode(main).childNodes)
  document.getElementById('became')?.focus()
}

/** The part of the page that shows how far it has come. */
class Coming {
  stopping = false
  sent = false
  onStop = () => {}
  #items = 0

  constructor(form, file) {
    this.form = form
    this.file = file
    this.shown = document.getElementById('coming')
    this.bar = this.shown.querySelector('progress')
    this.button = this.shown.querySelector('button')
    this.looks = form.elements.dry_run.checked
  }

  get stopAt() {
    return this.shown.dataset.stop
  }

  /** What tells the server to stop this one. */
  named(name) {
    return new URLSearchParams({ csrf: this.form.elements.csrf.value, name })
  }

  begin() {
    document.querySelector('.answer')?.remove()
    this.form.hidden = true
    this.shown.hidden = false
    this.shown.querySelector('.problem').hidden = true
    this.shown.querySelector('h2').textContent = this.file.name
    this.shown.querySelector('h2').focus()
    this.button.hidden = false
    this.button.disabled = false
    this.button.onclick = () => {
      this.stopping = this.button.disabled = true
      this.onStop()
    }
    this.send(0, this.file.size)
  }

  send(loaded, total) {
    this.bar.value = total ? loaded / total : 0
    this.#say(`Sending: ${megabytes(loaded)} of ${megabytes(total)}`)
  }

  wait() {
    this.sent = true
    this.bar.removeAttribute('value')
    this.#say(this.looks ? 'Looking' : 'Bringing in')
  }

  read({ items, read, size }) {
    this.#items = items
    // What is read at one go, as an archive is, tells nothing of how much is left.
    if (read < size || this.bar.hasAttribute('value')) this.bar.value = read / size
    this.#say(`${this.looks ? 'Looked at' : 'Brought in'}: ${items.toLocaleString('en')} items`)
  }

  /** It ended before its time, and without a word of the server's own. */
  end(why, standing = this.#standing()) {
    const problem = this.shown.querySelector('.problem')
    problem.textContent = `${why} ${standing}`
    problem.hidden = false
    this.button.hidden = true
    this.form.hidden = false
  }

  #standing() {
    if (!this.sent || this.looks) return 'Nothing was written.'
    const items = this.#items.toLocaleString('en')
    const first = this.#items ? `The first ${items} items` : 'Its first items'
    return `${first} stand, perhaps with some hundred after them. ` +
      'Importing the file again brings only what is missing.'
  }

  #say(words) {
    this.shown.querySelector('.so-far').textContent = words
  }
}

function megabytes(bytes) {
  const many = bytes / 1_000_000
  return `${many < 10 ? many.toFixed(1) : Math.round(many)} MB`
}
