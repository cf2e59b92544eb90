/** How well highlighted words can be read, as a browser paints them, on light and on dark pages. */

import type { Page } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import { COLORS } from '../../extension/src/model'
import { story } from './story'

/** WCAG 2.2, success criterion 1.4.3. */
const READABLE = 4.5

const DARK =
  '<style>html, body, article { background: #14161a !important }' +
  '* { color: #d7dae0 !important }</style></head>'

describe.each([
  ['a light page', null],
  ['a dark page', DARK],
] as const)('on %s', (_name, sheet) => {
  story('every highlighter leaves the words readable', async ({ site, reader }) => {
    if (sheet) site.edit('tides', (html) => html.replace('</head>', sheet))
    await reader.open(site.url('tides'))
    await reader.highlight('There is a peculiar pleasure')
    for (const layer of [...COLORS, 'flash']) {
      expect(await contrast(reader.page, layer), layer).toBeGreaterThanOrEqual(READABLE)
    }
  })
})

/** Of a paragraph's words on its ground with the highlight over it, mixed by the browser. */
async function contrast(page: Page, layer: string): Promise<number> {
  return page.evaluate((name) => {
    const paragraph = document.querySelector('article p')!
    const wash = getComputedStyle(paragraph, `::highlight(postil-${name})`).backgroundColor
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!
    const paint = (...colors: string[]): number[] => {
      canvas.clearRect(0, 0, 1, 1)
      for (const color of ['#fff', ...colors]) {
        canvas.fillStyle = color
        canvas.fillRect(0, 0, 1, 1)
      }
      return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3)
    }
    const luminance = (rgb: number[]): number => {
      const [r, g, b] = rgb.map((channel) => {
        const c = channel / 255
        return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
    }
    const grounds: string[] = []
    for (let at: Element | null = paragraph; at; at = at.parentElement) {
      grounds.unshift(getComputedStyle(at).backgroundColor)
    }
    const words = luminance(paint(getComputedStyle(paragraph).color))
    const ground = luminance(paint(...grounds, wash))
    return (Math.max(words, ground) + 0.05) / (Math.min(words, ground) + 0.05)
  }, layer)
}
