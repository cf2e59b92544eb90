/** What the interface calls its things, read from where the interface reads it. */

import messages from '../../extension/_locales/en/messages.json' with { type: 'json' }

type Messages = Record<string, { message: string }>

/** The message of that name; `$PLACEHOLDERS$` take the values in their order. */
export function words(name: keyof typeof messages, ...values: string[]): string {
  const entry = (messages as Messages)[name]
  if (!entry) throw new Error(`There is no message called ${name}.`)
  let next = 0
  return entry.message.replace(/\$[A-Z]+\$/g, () => values[next++] ?? '')
}
