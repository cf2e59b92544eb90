// A note whose words were not sent is not left without a question.

export function holdWriting() {
  const form = document.querySelector('form.edit textarea[name="note"]')?.form
  if (!form) return
  const fields = [...form.querySelectorAll('textarea, input[name="tags"]')]
  let sent = false
  form.addEventListener('submit', () => (sent = true))
  form.addEventListener('input', () => (sent = false))
  addEventListener('beforeunload', (event) => {
    const written = fields.some((field) => field.value !== field.defaultValue)
    if (written && !sent) event.preventDefault()
  })
}
