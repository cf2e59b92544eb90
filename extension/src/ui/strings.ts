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
  const form = new Intl.PluralRules(t('language')).select(count)
  const values = [count.toLocaleString(locale()), ...more.map(String)]
  return (
    chrome.i18n.getMessage(`${key}_${form}`, values) ||
    chrome.i18n.getMessage(`${key}_other`, values)
  )
}

/**
 * By whose rules dates and numbers are written: the browser's, where it speaks the language of our
 * words, with the customs of its region. Elsewhere our words' own.
 */
export function locale(): string {
  const browser = chrome.i18n.getUILanguage()
  const ours = t('language')
  return browser.split('-', 1)[0] === ours ? browser : ours
}
