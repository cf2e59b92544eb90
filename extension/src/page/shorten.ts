/** The beginning of a text, in one line. */
export function shorten(text: string, most: number): string {
  const characters = [...text.replace(/\s+/g, ' ').trim()]
  if (characters.length <= most) return characters.join('')
  return `${characters.slice(0, most - 1).join('').trimEnd()}…`
}
