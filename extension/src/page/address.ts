/** The address to ask and to file under, as a frame shows it now. */

import type { PageAddress } from '../model'
import { canonicalRule } from './canonical'
import type { Frame } from './frame'

export function addressOf(frame: Frame): PageAddress {
  const believed = (frame.believed ??= canonicalRule())
  const link = document.querySelector<HTMLLinkElement>('link[rel~=canonical i][href]')
  const canonical = believed(location.href, link?.href)
  return {
    url: location.href,
    title: document.title.slice(0, 1024),
    ...(canonical && { canonical }),
  }
}
