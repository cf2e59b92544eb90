/**
 * What single UTF-16 code units mean to the text index: white space, invisible, or text.
 */

export const TEXT = 0
export const SPACE = 1
/** Takes no room and carries no meaning: soft hyphens, zero-width spaces, directional marks. */
export const INVISIBLE = 2

export type CharacterClass = typeof TEXT | typeof SPACE | typeof INVISIBLE

export function characterClass(code: number): CharacterClass {
  if (code > 0x20 && code < 0x7f) return TEXT
  return code < TABLE_SIZE ? (LOW[code] as CharacterClass) : highClass(code)
}

const TABLE_SIZE = 0x100

function highClass(code: number): CharacterClass {
  if (code < 0x1680) return code === 0x61c ? INVISIBLE : TEXT
  if (code === 0x1680) return SPACE
  if (code < 0x180e || code > 0xfeff) return TEXT
  if (code === 0x180e || code === 0xfeff) return INVISIBLE
  if (code < 0x2000 || code > 0x3000) return TEXT
  if (code <= 0x200a) return SPACE
  // U+200C and U+200D join letters and emoji: they are part of what is read.
  if (code === 0x200c || code === 0x200d) return TEXT
  if (code <= 0x200f) return INVISIBLE
  if (code === 0x2028 || code === 0x2029 || code === 0x202f || code === 0x205f) return SPACE
  if (code >= 0x202a && code <= 0x202e) return INVISIBLE
  if (code >= 0x2060 && code <= 0x206f) return INVISIBLE
  return code === 0x3000 ? SPACE : TEXT
}

const LOW = new Uint8Array(TABLE_SIZE)
for (let code = 0; code < TABLE_SIZE; code++) {
  const control = code < 0x20 || (code >= 0x7f && code < 0xa0)
  if ((code >= 0x09 && code <= 0x0d) || code === 0x20 || code === 0x85 || code === 0xa0) {
    LOW[code] = SPACE
  } else if (control || code === 0xad) {
    LOW[code] = INVISIBLE
  }
}
