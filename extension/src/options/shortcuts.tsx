/** The keys that work on every page. Browsers let only their own page change them. */
import { useEffect, useState } from 'preact/hooks'
import { t } from '../ui/strings'

const CHROME_PAGE = 'chrome://extensions/shortcuts'

export function Shortcuts() {
  const [commands, setCommands] = useState<chrome.commands.Command[]>([])
  useEffect(() => {
    // An extension that declares no commands has no such part of the API.
    const declared: typeof chrome.commands | undefined = chrome.commands
    const read = () => void declared?.getAll().then(setCommands)
    read()
    // The reader comes back from the browser's page with other keys.
    addEventListener('focus', read)
    return () => {
      removeEventListener('focus', read)
    }
  }, [])
  const named = commands.filter(({ description }) => description)
  if (!named.length) return null
  return (
    <section class="card" aria-labelledby="shortcuts">
      <h2 id="shortcuts">{t('optionsShortcuts')}</h2>
      <dl class="shortcuts">
        {named.map(({ name, description, shortcut }) => (
          <div class="pair" key={name}>
            <dt>{description}</dt>
            <dd dir="ltr">{shortcut ? <kbd>{shortcut}</kbd> : t('optionsNoShortcut')}</dd>
          </div>
        ))}
      </dl>
      <div class="deeds">
        <button type="button" onClick={() => void change()}>
          {t('optionsChangeShortcuts')}
        </button>
      </div>
    </section>
  )
}

type Commands = Pick<typeof chrome.commands, 'getAll'> & {
  openShortcutSettings?: () => Promise<void>
}

/** Firefox opens its page when asked; Chrome has it at an address. */
async function change(): Promise<void> {
  const commands: Commands = chrome.commands
  if (commands.openShortcutSettings) await commands.openShortcutSettings()
  else await chrome.tabs.create({ url: CHROME_PAGE })
}
