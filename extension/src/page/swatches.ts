/** The five highlighters as a row of buttons. */

import { COLORS, type Color } from '../model'
import { t } from '../ui/strings'
import { h } from './element'

export function swatches(current: Color | null, choose: (color: Color) => void): HTMLElement[] {
  return COLORS.map((color) => {
    const pressed = current === null ? undefined : String(color === current)
    const button = h('button', {
      type: 'button',
      class: `swatch ${color}`,
      title: nameOf(color),
      'aria-label': nameOf(color),
      'aria-pressed': pressed,
    })
    button.append(h('span', { class: 'dot' }))
    button.addEventListener('click', () => choose(color))
    return button
  })
}

export function nameOf(color: Color): string {
  const names: Record<Color, string> = {
    yellow: t('colorYellow'),
    green: t('colorGreen'),
    blue: t('colorBlue'),
    pink: t('colorPink'),
    purple: t('colorPurple'),
  }
  return names[color]
}
