/** The five highlighters and what the reader calls them. */
import { useState } from 'preact/hooks'
import { COLORS, type Color, type ColorNames, type Problem } from '../model'
import { ask } from '../ui/ask'
import { plainColorName } from '../ui/color_names'
import { t } from '../ui/strings'
import { useAnswer } from '../ui/use_answer'
import { Trouble } from './trouble'

const MOST = 40

export function Colors() {
  const { value: names, problem } = useAnswer('colors:names', {}, ({ type }) => {
    return type === 'colors:changed'
  })
  return (
    <section class="card" aria-labelledby="colors">
      <h2 id="colors">{t('optionsColors')}</h2>
      <p class="quiet">{t('optionsColorsWhy')}</p>
      <Trouble problem={problem} />
      {names && (
        <ul class="pens">
          {COLORS.map((color) => (
            <Pen key={color} color={color} names={names} />
          ))}
        </ul>
      )}
    </section>
  )
}

/** Kept when the reader is done with the field, as browsers' own settings are. */
function Pen({ color, names }: { color: Color; names: ColorNames }) {
  const [problem, setProblem] = useState<Problem | null>(null)
  const own = plainColorName(color)

  const rename = async (name: string) => {
    if (name.trim() === (names[color] ?? '')) return
    const answer = await ask('colors:rename', { names: { [color]: name } })
    setProblem('problem' in answer ? answer.problem : null)
  }
  return (
    <li class={`note ${color}`}>
      <span class="pen" />
      <input
        name={color}
        dir="auto"
        maxLength={MOST}
        autocomplete="off"
        aria-label={t('optionsColorName', own)}
        placeholder={own}
        defaultValue={names[color] ?? ''}
        onChange={(event) => void rename(event.currentTarget.value)}
      />
      <Trouble problem={problem} />
    </li>
  )
}
