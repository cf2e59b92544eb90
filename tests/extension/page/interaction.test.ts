/** A colour that was pressed has its highlight, or a sentence that says why not. */

import { expect, test } from 'vitest'
import type { Frame } from '../../../extension/src/page/frame.ts'
import type * as Living from './living.ts'
import { livingPage } from './living-page.ts'

declare const living: typeof Living

const browser = livingPage()

test('where a fault of our own is in the way, the reader is told, and the selection stays', async () => {
  await browser.show('<p>Tides are long waves.</p><p>A bell rings at noon of every day.</p>')
  const seen = await browser.page.evaluate(async () => {
    const runtime = { id: 'postil', sendMessage: (asked: object) => Promise.resolve({ ok: asked }) }
    const i18n = { getMessage: (key: string) => key, getUILanguage: () => 'en' }
    Object.assign(globalThis, { chrome: { runtime, i18n } })
    const { signal } = new AbortController()
    const frame = { trees: [] } as unknown as Frame
    let broken = true
    const address = () => {
      if (broken) throw new RangeError('-1')
      return { url: 'https://example.org/tides' }
    }
    const notes = new living.Notes(address, new living.Painter(signal), signal)
    const host = new living.Host(frame, signal)
    const toasts = new living.Toasts(host, signal)
    const interaction = new living.Interaction(notes, host, toasts, signal)
    getSelection()!.selectAllChildren(document.querySelectorAll('p')[1]!)
    const ranges = [getSelection()!.getRangeAt(0)]
    const said = (): string[] => {
      const { shadowRoot } = document.querySelector('postil-ui')!
      return [...shadowRoot!.querySelectorAll('.words')].map((one) => one.textContent ?? '')
    }

    await interaction.highlight(ranges, 'green')
    const first = { said: said(), notes: notes.all().length, selected: String(getSelection()) }
    broken = false
    await interaction.highlight(ranges, 'green')
    return { first, then: { notes: notes.all().length, selected: String(getSelection()) } }
  })
  expect(seen).toEqual({
    first: { said: ['pageNotMarked'], notes: 0, selected: 'A bell rings at noon of every day.' },
    then: { notes: 1, selected: '' },
  })
})
