/**
 * Every word the reader sees comes from `_locales`, through here. A key that `en` lacks does not
 * compile.
 */
import type en from '../../_locales/en/messages.json'

export type Key = keyof typeof en

/** `waiting` finds `waiting_one`, `waiting_other`, ... by the rules of the language. */
export type CountedKey = StemOf<Key>

type StemOf<K> = K extends `${infer Stem}_other` ? Stem : never

export function t(key: Key, ...substitutions: (string | number)[]): string {
  return chrome.i18n.getMessage(key, substitutions.map(String))
}

/** The plural form that fits `count`, which is the message's first substitution. */
export function counted(key: CountedKey, count: number, ...more: (string | number)[]): string {
  const language = chrome.i18n.getUILanguage()
  const form = new Intl.PluralRules(language).select(count)
  const values = [count.toLocaleString(language), ...more.map(String)]
  return (
    chrome.i18n.getMessage(`${key}_${form}`, values) ||
    chrome.i18n.getMessage(`${key}_other`, values)
  )
}
