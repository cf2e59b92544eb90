/** The highlighters: which one was used last, and the names readers give them. */
import { COLORS, type Color, type ColorNames } from '../model'
import { keepSetting, setting, type Database } from './database'

const MOST = 40

export async function lastColor(database: Database): Promise<Color> {
  return (await setting(database, 'color')) ?? 'yellow'
}

export async function colorNames(database: Database): Promise<ColorNames> {
  return (await setting(database, 'colorNames')) ?? {}
}

export async function renameColors(database: Database, names: ColorNames): Promise<ColorNames> {
  const known = await colorNames(database)
  const kept = COLORS.flatMap((color) => {
    const name = (names[color] ?? known[color] ?? '').replace(/\s+/g, ' ').trim()
    return name ? [[color, [...name].slice(0, MOST).join('')]] : []
  })
  const renamed = Object.fromEntries(kept) as ColorNames
  await keepSetting(database, 'colorNames', renamed)
  return renamed
}
