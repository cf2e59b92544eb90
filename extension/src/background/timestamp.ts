/** RFC 3339 knows four digits of a year; a machine whose clock is further off is not believed. */
export function timestamp(time: Date): string {
  const milliseconds = time.getTime()
  return new Date(Math.min(Math.max(milliseconds || 0, EARLIEST), LATEST)).toISOString()
}

const EARLIEST = Date.UTC(1970)
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59)
