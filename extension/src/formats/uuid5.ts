/** RFC 9562, section 5.5: the same name always makes the same id, so that twice is once. */
import { sha1 } from '@noble/hashes/legacy.js'
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'

/** The name space of URLs, section 6.6. */
const NAMESPACE = hexToBytes('6ba7b8119dad11d180b400c04fd430c8')

const UUID = '([0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})'
/** A note's own, also as a container of some server of Postil's calls it. */
const OWN = new RegExp(`^(?:urn:uuid:|https?://[^?#]+/w3c/(?:pages/[\\w-]+/)?)${UUID}$`, 'i')

/** The UUID a name is or makes, the same as by `server/formats/w3c_reading.py`. */
export function uuidOf(name: string): string {
  const [, own] = OWN.exec(name) ?? []
  if (own !== undefined) return own.toLowerCase()
  const bytes = sha1(concatBytes(NAMESPACE, utf8ToBytes(name.toWellFormed()))).slice(0, 16)
  bytes[6] = 0x50 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const hex = bytesToHex(bytes)
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
