/**
 * Where what is ours stands: a closed shadow root. No style of a page reaches into it, and no script,
 * but in Firefox one that is set on it: events tell there of what is in closed trees, too. So what
 * a note says is in none of them that stands on a page: see room.ts.
 */

import { t } from '../ui/strings'
import tokensCss from '../ui/tokens.css'
import besideCss from './beside.css'
import editorCss from './editor.css'
import type { Maker } from './element'
import { adopt } from './sheets'
import uiCss from './ui.css'

/** 'closed', but for the build that browser tests look into. */
declare const SHADOW_MODE: 'open' | 'closed'

export function makeStage({ h }: Maker): HTMLElement {
  return h('div', { class: 'stage', dir: t('direction') })
}

/** Moves the stage to a new element of this name, which is put nowhere yet. */
export function settle(
  document: Document,
  name: string,
  stage: HTMLElement,
): [element: HTMLElement, root: ShadowRoot] {
  // Made in a document that no page has a say in: of one that is of a kind the page defined, the page
  // is given the closed root as well (DOM, "available to element internals").
  const element = document.implementation.createHTMLDocument().createElement(name)
  const root = element.attachShadow({ mode: SHADOW_MODE })
  document.adoptNode(element)
  // The last one has the last word: what readers ask of motion, colours and print.
  for (const css of [tokensCss, editorCss, besideCss, uiCss]) adopt(root, css)
  root.append(stage)
  return [element, root]
}
