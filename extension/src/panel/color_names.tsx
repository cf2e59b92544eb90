/** The names of the highlighters, asked for once for all the notes of a list. */
import { createContext, type ComponentChildren } from 'preact'
import { useContext } from 'preact/hooks'
import type { Color } from '../model'
import { allColorNames } from '../ui/color_names'
import { useColorNames as useAnswered } from '../ui/use_color_names'

const Names = createContext<Record<Color, string> | null>(null)

export function ColorNames({ children }: { children: ComponentChildren }) {
  const names = useAnswered(() => postilFirst.kept.then((kept) => kept && { ok: kept.names }))
  return <Names.Provider value={names}>{children}</Names.Provider>
}

export function useColorNames(): Record<Color, string> {
  return useContext(Names) ?? allColorNames({})
}
