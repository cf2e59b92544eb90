import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { COLORS } from '../../../extension/src/model.ts'

/** WCAG 2.2, success criterion 1.4.3. */
const READABLE = 4.5

const ON_LIGHT = [
  ['#000000', '#ffffff'],
  ['#333333', '#ffffff'],
  ['#23211d', '#fbfaf7'],
  ['#4a4a4a', '#f5f0e6'],
  ['#0645ad', '#ffffff'],
] as const

const ON_DARK = [
  ['#ffffff', '#000000'],
  ['#e6e6e6', '#121212'],
  ['#c9d1d9', '#0d1117'],
  ['#d0d0d0', '#202124'],
  ['#8ab4f8', '#202124'],
] as const

describe.each(COLORS)('text highlighted %s stays readable', (color) => {
  test.each([...ON_LIGHT, ...ON_DARK])('as %s on %s', (text, ground) => {
    const wash = washOf(color, rgb(text))
    const painted = rgb(ground).map((channel, i) => mix(channel, wash.rgb[i]!, wash.alpha))
    expect(contrast(rgb(text), painted)).toBeGreaterThanOrEqual(READABLE)
  })
})

test('a highlight can be told from the page it is on', () => {
  for (const color of COLORS) {
    for (const [text, ground] of [...ON_LIGHT, ...ON_DARK]) {
      const wash = washOf(color, rgb(text))
      const painted = rgb(ground).map((channel, i) => mix(channel, wash.rgb[i]!, wash.alpha))
      const [, a, b] = oklab(painted)
      const [, c, d] = oklab(rgb(ground))
      expect(Math.hypot(a! - c!, b! - d!)).toBeGreaterThan(0.035)
    }
  }
})

describe.each(COLORS)('the mark in the margin beside a note in %s', (color) => {
  test.each([...ON_LIGHT, ...ON_DARK])('is seen by text of %s on %s', (text, ground) => {
    expect(contrast(inkOf(color, rgb(text)), rgb(ground))).toBeGreaterThanOrEqual(READABLE)
  })
})

const sheet = (name: string): string =>
  readFileSync(new URL(`../../../extension/src/page/${name}`, import.meta.url), 'utf8')

const css = sheet('page.css')

/** The same of the rule in beside.css, with the hue that ui.css gives the colour. */
function inkOf(color: string, text: number[]): number[] {
  const rule =
    /clamp\(([\d.]+), \(l - ([\d.]+)\) \* 1000, ([\d.]+)\) ([\d.]+) var\(--hue\)/.exec(
      sheet('beside.css'),
    )
  const hue = new RegExp(`\\.${color} \\{[^}]*--hue: (\\d+);`).exec(sheet('ui.css'))
  if (!rule || !hue) throw new Error(`there is no mark in ${color} of the form this test knows`)
  const [low, step, high, chroma] = rule.slice(1).map(Number) as [number, number, number, number]
  const lightness = Math.min(high, Math.max(low, (oklab(text)[0]! - step) * 1000))
  return fromOklch(lightness, chroma, Number(hue[1]))
}

/** What the rule in page.css makes of a text's colour; a rule it cannot read fails the test. */
function washOf(color: string, text: number[]) {
  const rule = new RegExp(
    `postil-${color}\\) \\{\\s*background-color: oklch\\(from currentColor ` +
      `clamp\\(([\\d.]+), \\(([\\d.]+) - l\\) \\* 1000, ([\\d.]+)\\) ` +
      `([\\d.]+) ([\\d.]+) / ([\\d.]+)\\)`,
  ).exec(css)
  if (!rule) throw new Error(`page.css has no rule for ${color} of the form this test knows`)
  const [low, step, high, chroma, hue, alpha] = rule.slice(1).map(Number) as [
    number, number, number, number, number, number,
  ]
  const lightness = Math.min(high, Math.max(low, (step - oklab(text)[0]!) * 1000))
  return { rgb: fromOklch(lightness, chroma, hue), alpha }
}

function rgb(hex: string): number[] {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
}

function mix(below: number, above: number, alpha: number): number {
  return below * (1 - alpha) + above * alpha
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
}

function gamma(channel: number): number {
  const clipped = Math.min(1, Math.max(0, channel))
  return clipped <= 0.0031308 ? clipped * 12.92 : 1.055 * clipped ** (1 / 2.4) - 0.055
}

function contrast(one: number[], other: number[]): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function luminance(color: number[]): number {
  const [r, g, b] = color.map(linear) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** CSS Color 4, section 18: sRGB to Oklab and back. */
function oklab(color: number[]): number[] {
  const [r, g, b] = color.map(linear) as [number, number, number]
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

function fromOklch(lightness: number, chroma: number, hue: number): number[] {
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map(gamma)
}
