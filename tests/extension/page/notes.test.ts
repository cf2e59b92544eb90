/** What the page holds and what background answers, in whatever order that comes. */

import { beforeEach, expect, test } from 'vitest'
import type { Annotation } from '../../../extension/src/model.ts'
import type * as Living from './living.ts'
import { livingPage } from './living-page.ts'

declare const living: typeof Living
/** Background, as the page meets it: questions, and when the test has each one answered. */
declare const background: {
  notes: Map<string, Annotation>
  /** Type of a question -> those answers to it that are made, and not sent. */
  held: Map<string, (() => void)[]>
  asked: string[]
}
declare const page: { notes: Living.Notes; passage: Range; at: { url: string; title: string } }

const browser = livingPage()

beforeEach(async () => {
  await browser.show('<p>Tides are long waves.</p><p>A bell rings at noon of every day.</p>')
  await browser.page.evaluate(() => {
    const [notes, held, asked] = [new Map(), new Map(), []]
    Object.assign(globalThis, { background: { notes, held, asked } })
    const answerTo = (message: { type: string; id: string }) => {
      const { type, id } = message
      if (type === 'note:create') notes.set(id, { ...message, rev: 1, deleted: false })
      if (type === 'note:delete') notes.delete(id)
      if (type !== 'page:notes') return { ok: notes.get(id) ?? null }
      const annotations = [...notes.values()]
      return { ok: { annotations, color: 'yellow', names: {}, hidden: false } }
    }
    const sendMessage = (message: { type: string; id: string }) => {
      background.asked.push(message.type)
      const answer = structuredClone(answerTo(message))
      const waiting = background.held.get(message.type)
      if (!waiting) return Promise.resolve(answer)
      return new Promise((resolve) => waiting.push(() => resolve(answer)))
    }
    Object.assign(globalThis, { chrome: { runtime: { sendMessage, id: 'postil' } } })

    const { signal } = new AbortController()
    const at = { url: 'https://example.org/tides', title: '' }
    const address = () => ({ ...at })
    const painter = new living.Painter(signal)
    const passage = document.createRange()
    passage.selectNodeContents(document.querySelectorAll('p')[1]!)
    const made = new living.Notes(address, painter, signal)
    Object.assign(globalThis, { page: { notes: made, passage, at } })
  })
})

test('a note made while the list of before it was on its way stays on the page', async () => {
  const seen = await browser.page.evaluate(async () => {
    background.held.set('page:notes', [])
    const loaded = page.notes.load()
    while (!background.asked.includes('page:notes')) await null
    const { mark } = (await page.notes.create(page.passage, 'green'))!
    const problem = await page.notes.save(mark)

    const gone: number[] = []
    page.notes.changed = () => gone.push(page.notes.all().length)
    const [late] = background.held.get('page:notes')!
    background.held.delete('page:notes')
    late!()
    await loaded
    const same = page.notes.get(mark.annotation.id) === mark
    return { problem, same, painted: mark.range !== null, least: Math.min(...gone) }
  })
  expect(seen).toEqual({ problem: null, same: true, painted: true, least: 1 })
})

test('a note deleted while the list with it was on its way does not come back', async () => {
  const seen = await browser.page.evaluate(async () => {
    const { mark } = (await page.notes.create(page.passage, 'green'))!
    await page.notes.save(mark)
    background.held.set('page:notes', [])
    const loaded = page.notes.load()
    while (!background.held.get('page:notes')!.length) await null

    const counts: number[] = []
    page.notes.changed = () => counts.push(page.notes.all().length)
    background.held.set('note:delete', [])
    const removed = page.notes.remove(mark)
    const [late] = background.held.get('page:notes')!
    background.held.delete('page:notes')
    late!()
    while (!background.held.get('note:delete')!.length) await null
    // Whatever the page makes of the list, it has made of it when a task of its own has passed.
    await new Promise((resolve) => setTimeout(resolve))
    background.held.get('note:delete')![0]!()
    await Promise.all([removed, loaded])
    return { most: Math.max(...counts), left: page.notes.all().length }
  })
  expect(seen).toEqual({ most: 0, left: 0 })
})

test('what was written since a note was asked for, and not answered, is not taken for kept', async () => {
  const seen = await browser.page.evaluate(async () => {
    const { mark } = (await page.notes.create(page.passage, 'green'))!
    const { id } = mark.annotation
    // Background kept it, and the answer never came.
    const { sendMessage } = chrome.runtime
    Object.assign(chrome.runtime, {
      sendMessage: (message: object) => sendMessage(message).then(() => Promise.reject(new Error())),
    })
    const first = await page.notes.save(mark)
    Object.assign(chrome.runtime, {
      sendMessage: (message: { type: string; id: string; set?: object }) => {
        const kept = background.notes.get(message.id)
        if (message.type === 'note:create' && kept) return Promise.resolve({ ok: kept })
        if (message.type !== 'note:edit') return sendMessage(message)
        const edited = { ...kept!, ...message.set }
        background.notes.set(message.id, edited)
        return Promise.resolve({ ok: edited })
      },
    })
    page.notes.edit(mark, { set: { note: 'written since' } })
    const second = await page.notes.save(mark)
    const { note } = background.notes.get(id)!
    return { first: first?.type, second, kept: background.notes.size, note }
  })
  expect(seen).toEqual({ first: 'gone', second: null, kept: 1, note: 'written since' })
})

test('a note is filed under the page it was made in, though its address names another by then', async () => {
  const seen = await browser.page.evaluate(async () => {
    const { mark } = (await page.notes.create(page.passage, 'green'))!
    page.at.url = 'https://example.org/ebb'
    await page.notes.save(mark)
    return [...background.notes.values()].map(({ url }) => url)
  })
  expect(seen).toEqual(['https://example.org/tides'])
})

test('a page is not left without a question while words in it could not be kept', async () => {
  const asks = await browser.page.evaluate(async () => {
    const leaving = () => !dispatchEvent(new Event('beforeunload', { cancelable: true }))
    const { sendMessage } = chrome.runtime
    const problem = { type: 'storage-full', detail: 'There is no room.' }
    const refuse = () => Promise.resolve({ problem })
    const { mark } = (await page.notes.create(page.passage, 'green'))!
    const asks = [leaving()]
    Object.assign(chrome.runtime, { sendMessage: refuse })
    await page.notes.save(mark)
    asks.push(leaving()) // A highlight alone is made again in a moment.
    page.notes.edit(mark, { set: { note: 'At length.' } })
    await page.notes.save(mark)
    asks.push(leaving())
    Object.assign(chrome.runtime, { sendMessage })
    await page.notes.save(mark)
    asks.push(leaving())
    return asks
  })
  expect(asks).toEqual([false, false, true, false])
})

test('background is woken at once by what opens, and let sleep once it is closed', async () => {
  const asked = await browser.page.evaluate(() => {
    const [timers, cleared]: [number[], number[]] = [[], []]
    const begin = globalThis.setInterval
    globalThis.setInterval = ((act: () => void, every: number) => {
      const timer = begin(act, every) as unknown as number
      timers.push(timer)
      return timer
    }) as typeof setInterval
    const end = globalThis.clearInterval
    globalThis.clearInterval = (timer) => {
      cleared.push(timer as number)
      end(timer)
    }
    const open = new AbortController()
    living.keepAwake(open.signal)
    const asked = [...background.asked]
    open.abort()
    return { asked, closed: timers.length === 1 && cleared[0] === timers[0] }
  })
  expect(asked).toEqual({ asked: ['page:here'], closed: true })
})
