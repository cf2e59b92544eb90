/** What highlighters are called: by the reader where they said so, by their colour elsewhere. */
import { COLORS, type Color, type ColorNames } from '../model'
import { t, type Key } from './strings'

const KEYS: Record<Color, Key> = {
  yellow: 'colorYellow',
  green: 'colorGreen',
  blue: 'colorBlue',
  pink: 'colorPink',
  purple: 'colorPurple',
}

export function colorName(color: Color, names: ColorNames): string {
  return names[color] ?? plainColorName(color)
}

export function plainColorName(color: Color): string {
  return t(KEYS[color])
}

/** All five. To be asked while the extension is there: an orphaned script reads no strings. */
export function allColorNames(names: ColorNames): Record<Color, string> {
  const named = COLORS.map((color) => [color, colorName(color, names)])
  return Object.fromEntries(named) as Record<Color, string>
}
