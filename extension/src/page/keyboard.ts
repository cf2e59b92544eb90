/**
 * Everything without a mouse. Tab goes from a selection made by keyboard into the toolbar beside
 * it, as it goes into whatever comes next; Escape (see card.ts) leaves Tab to the page.
 */

import type { Interaction } from './interaction'

export function onKeyboard(interaction: Interaction, signal: AbortSignal): void {
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Tab' || event.shiftKey || event.ctrlKey || event.altKey) return
    const bar = interaction.card?.element
    if (!bar?.matches('[role=toolbar]') || interaction.host.heard(event)) return
    event.preventDefault()
    bar.querySelector<HTMLElement>('button[tabindex="0"]')?.focus()
  }
  addEventListener('keydown', press, { capture: true, signal })
}
