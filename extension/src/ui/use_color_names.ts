/** The names of the highlighters, kept current while a page of the extension is open. */
import type { Color } from '../model'
import { allColorNames } from './color_names'
import { useAnswer } from './use_answer'

export function useColorNames(): Record<Color, string> {
  const { value } = useAnswer('colors:names', {}, ({ type }) => type === 'colors:changed')
  return allColorNames(value ?? {})
}
