/** One stop for Tab in a row or a list of buttons; the arrows go along it, as it is read. */
export function rove(group: HTMLElement, along: 'row' | 'list'): void {
  const buttons = [...group.querySelectorAll('button')]
  const stand = (at: number) => buttons.forEach((one, i) => (one.tabIndex = i === at ? 0 : -1))
  const pressed = buttons.findIndex((one) => one.getAttribute('aria-pressed') === 'true')
  stand(Math.max(0, pressed))
  group.addEventListener('keydown', (event) => {
    const at = buttons.findIndex((one) => one.tabIndex === 0)
    const [forward, back] = arrows(group, along)
    const to = new Map([
      [forward, (at + 1) % buttons.length],
      [back, (at + buttons.length - 1) % buttons.length],
      ['Home', 0],
      ['End', buttons.length - 1],
    ]).get(event.key)
    if (to === undefined) return
    event.preventDefault()
    stand(to)
    buttons[to]?.focus()
  })
}

function arrows(group: HTMLElement, along: 'row' | 'list'): [forward: string, back: string] {
  if (along === 'list') return ['ArrowDown', 'ArrowUp']
  const leftward = getComputedStyle(group).direction === 'rtl'
  return leftward ? ['ArrowLeft', 'ArrowRight'] : ['ArrowRight', 'ArrowLeft']
}
