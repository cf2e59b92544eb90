/** Every language says everything, with the same blanks to fill in, and nothing nobody asks for. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const EXTENSION = join(import.meta.dirname, '..', '..', 'extension')
const LOCALES = join(EXTENSION, '_locales')
const FORM = /_(zero|one|two|few|many|other)$/

/** What the shops of extensions take. */
const LONGEST_DESCRIPTION = 132

/** Forms whose very word says how many: "two notes" is one word in some languages. */
const SAYS_HOW_MANY = /_(zero|one|two)$/

interface Entry {
  message: string
  placeholders?: Record<string, { content: string }>
}
type Messages = Record<string, Entry>

const read = (language: string): Messages =>
  JSON.parse(readFileSync(join(LOCALES, language, 'messages.json'), 'utf8')) as Messages

const en = read('en')
const stems = new Set(
  Object.keys(en).flatMap((key) => (key.endsWith('_other') ? [key.replace(FORM, '')] : [])),
)
const stemOf = (key: string): string => {
  const stem = key.replace(FORM, '')
  return stems.has(stem) ? stem : key
}

const languages = readdirSync(LOCALES).sort()

test('there are six languages', () => {
  expect(languages).toEqual(['ar', 'de', 'en', 'es', 'fr', 'ja'])
})

describe.each(languages)('in %s', (language) => {
  const messages = read(language)

  test('everything is said, in each form its plural has, and nothing else', () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    const wanted = [...new Set(Object.keys(en).map(stemOf))].flatMap((key) =>
      stems.has(key) ? forms.map((form) => `${key}_${form}`) : [key],
    )
    expect(Object.keys(messages).sort()).toEqual(wanted.sort())
  })

  test('the blanks are the same as in English', () => {
    for (const [key, { message, placeholders = {} }] of Object.entries(messages)) {
      const english = en[key] ?? en[`${stemOf(key)}_other`]!
      const found = [...message.matchAll(/\$([A-Za-z_]+)\$/g)]
      const named = new Set(found.map(([, name]) => name!.toLowerCase()))
      expect(Object.keys(placeholders).sort(), key).toEqual([...named].sort())
      for (const [name, { content }] of Object.entries(placeholders)) {
        expect(content, key).toBe(english.placeholders?.[name]?.content)
      }
      if (SAYS_HOW_MANY.test(key) && stems.has(stemOf(key))) continue
      expect(Object.keys(placeholders).sort(), key).toEqual(
        Object.keys(english.placeholders ?? {}).sort(),
      )
    }
  })

  test('nothing is blank, and no dollar sign stands alone', () => {
    for (const [key, { message }] of Object.entries(messages)) {
      expect(message.trim(), key).toBe(message)
      expect(message, key).not.toBe('')
      expect(message.replace(/\$[A-Z_]+\$/g, ''), key).not.toContain('$')
    }
  })

  test('it says which language it is, and which way it runs', () => {
    expect(messages['language']?.message).toBe(language)
    expect(messages['direction']?.message).toBe(language === 'ar' ? 'rtl' : 'ltr')
  })

  test('the shops take the description', () => {
    expect(messages['extensionDescription']!.message.length).toBeLessThanOrEqual(
      LONGEST_DESCRIPTION,
    )
  })
})

test('no line of French begins with the mark that ends a sentence, or breaks within quotes', () => {
  for (const [key, { message }] of Object.entries(read('fr'))) {
    expect(message, key).not.toMatch(/ [:;?!»]|« /)
  }
})

test('most of a translation differs from English', () => {
  for (const language of languages.filter((one) => one !== 'en')) {
    const entries = Object.entries(read(language))
    const same = entries.filter(([key, { message }]) => en[key]?.message === message)
    expect(same.length, language).toBeLessThan(entries.length / 20)
  }
})

test('every message is asked for somewhere, and every one asked for is there', () => {
  const manifest = readFileSync(join(EXTENSION, 'manifest.json'), 'utf8')
  const sources = [manifest, readFileSync(join(EXTENSION, 'build.mjs'), 'utf8')]
  for (const path of readdirSync(join(EXTENSION, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (/\.(tsx?|html)$/.test(path)) {
      sources.push(readFileSync(join(EXTENSION, 'src', path), 'utf8'))
    }
  }
  const text = sources.join('\n')
  const asked = new Set([...text.matchAll(/['"`](?:__MSG_)?(\w+?)(?:__)?['"`]/g)].flat())
  const unused = [...new Set(Object.keys(en).map(stemOf))].filter((key) => !asked.has(key))
  expect(unused).toEqual([])
  const named = [...text.matchAll(/__MSG_(\w+)__/g)].map(([, key]) => key!)
  expect(named.filter((key) => !(key in en) && !key.startsWith('@@'))).toEqual([])
})
