/** The names of the highlighters, kept current while a page of the extension is open. */
import type { Answer, Color, ColorNames } from '../model'
import { allColorNames } from './color_names'
import { useAnswer } from './use_answer'

/** `early`: as of `useAnswer`. */
export function useColorNames(
  early?: () => Promise<Answer<ColorNames> | null>,
): Record<Color, string> {
  const { value } = useAnswer('colors:names', {}, ({ type }) => type === 'colors:changed', early)
  return allColorNames(value ?? {})
}
