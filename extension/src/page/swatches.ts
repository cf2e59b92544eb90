/** The five highlighters as a row of buttons. */

import { COLORS, type Color } from '../model'
import type { Maker } from './element'

export function swatches(
  { h }: Maker,
  current: Color | null,
  names: Record<Color, string>,
  choose: (color: Color) => void,
): HTMLElement[] {
  return COLORS.map((color) => {
    const pressed = current === null ? undefined : String(color === current)
    const button = h('button', {
      type: 'button',
      class: `swatch ${color}`,
      title: names[color],
      'aria-label': names[color],
      'aria-pressed': pressed,
    })
    button.append(h('span', { class: 'dot' }))
    button.addEventListener('click', () => choose(color))
    return button
  })
}
