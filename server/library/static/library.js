// What the library does better with a script. Everything works without it.

import { showBringing } from './bringing.js'
import { follow } from './following.js'
import { listenForKeys } from './keys.js'
import { helpPicking } from './picking.js'
import { showWaiting } from './waiting.js'
import { holdWriting } from './writing.js'

listenForKeys()
helpPicking()
showBringing()
showWaiting()
holdWriting()
const main = document.querySelector('main[data-since]')
// Never take a form away from under somebody's hands: where one writes, nothing is renewed.
if (main && !main.querySelector('form.edit')) follow(main)
