/** A note's own highlighter; pressed, it makes room for all five. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { COLORS, type Color } from '../model'
import { t } from '../ui/strings'
import { useColorNames } from './color_names'

export function Recolour({ color, choose }: { color: Color; choose: (color: Color) => void }) {
  const [open, setOpen] = useState(false)
  const names = useColorNames()
  const first = useRef<HTMLButtonElement>(null)
  const current = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (open) current.current?.focus()
  }, [open])
  const shut = () => {
    setOpen(false)
    requestAnimationFrame(() => first.current?.focus())
  }
  if (!open) {
    const label = t('panelColor', names[color])
    return (
      <button
        ref={first}
        type="button"
        class={`swatch ${color}`}
        aria-expanded="false"
        aria-label={label}
        title={label}
        onClick={() => setOpen(true)}
      >
        <span class="dot" />
      </button>
    )
  }
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Escape') shut()
  }
  return (
    <div class="swatches" role="group" aria-label={t('pageColor')} onKeyDown={keys}>
      {COLORS.map((one) => (
        <button
          key={one}
          type="button"
          class={`swatch ${one}`}
          aria-pressed={one === color}
          aria-label={names[one]}
          title={names[one]}
          ref={one === color ? current : null}
          onClick={() => {
            if (one !== color) choose(one)
            shut()
          }}
        >
          <span class="dot" />
        </button>
      ))}
    </div>
  )
}
