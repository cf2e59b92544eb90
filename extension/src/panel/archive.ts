/** Where the Internet Archive lists its copies of a page; asked only when the reader goes there. */
export function archiveOf(url: string): string | null {
  const parsed = URL.parse(url)
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return null
  parsed.username = parsed.password = parsed.hash = ''
  return `https://web.archive.org/web/*/${parsed.href}`
}
