/** What `living-page.ts` gives to a page: the parts of the page script that need no extension. */

export { atOnce } from '../../../extension/src/anchoring'
export { keepAwake } from '../../../extension/src/page/awake'
export { Changes } from '../../../extension/src/page/changes'
export { Ground, textsIn } from '../../../extension/src/page/ground'
export { Host } from '../../../extension/src/page/host'
export { Interaction } from '../../../extension/src/page/interaction'
export { Notes } from '../../../extension/src/page/notes'
export { Painter } from '../../../extension/src/page/painter'
export { shadowTrees } from '../../../extension/src/page/shadow-trees'
export { bringIntoSight } from '../../../extension/src/page/show'
export { Toasts } from '../../../extension/src/page/toast'
