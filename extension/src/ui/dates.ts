/** Days and times by the customs of the reader's region. Timestamps are RFC 3339. */
import { locale } from './strings'

type Style = Intl.DateTimeFormatOptions

const DAY: Style = { dateStyle: 'medium' }
const TIME: Style = { timeStyle: 'short' }
const BOTH: Style = { ...DAY, ...TIME }
const IN_FULL: Style = { dateStyle: 'full', timeStyle: 'short' }

/** The time for today, the date with it for any other day. */
export function when(timestamp: string, now: Date): string {
  return write(timestamp, isToday(timestamp, now) ? TIME : BOTH)
}

/** The time for today, the date alone for any other day. */
export function dayOf(timestamp: string, now: Date): string {
  return write(timestamp, isToday(timestamp, now) ? TIME : DAY)
}

export function inFull(timestamp: string): string {
  return write(timestamp, IN_FULL)
}

function isToday(timestamp: string, now: Date): boolean {
  return new Date(timestamp).toDateString() === now.toDateString()
}

/** A format takes longer to be made than a whole list of dates takes to be written in it. */
const formats = new Map<Style, Intl.DateTimeFormat>()

function write(timestamp: string, style: Style): string {
  const format = formats.get(style) ?? new Intl.DateTimeFormat(locale(), style)
  formats.set(style, format)
  const date = new Date(timestamp)
  // A leap second is a time by the standard, but none to the browser.
  return Number.isNaN(date.getTime()) ? timestamp : format.format(date)
}
