import { ByteReader, hexOf } from '../../src/byte-reader.ts'
import { Readings, raisedBy, refusal, tellOne, told } from '../../src/tell-one.ts'
import { CHANNELS } from './channels.ts'
import type { Words } from './readers.ts'

/** Port of all their measurements; a network server that does not tell the port leaves it open. */
const PORT = 85
/** The largest LoRaWAN payload. */
export const loraBytesMax = 242

/**
 * A row of channel, type and value. `channel3` … `channel6` are bits whose meaning is the model's: the very same bytes are an
 * open door, an occupied chair or a leak, so only a profile bound to the device's EUI may call them anything.
 */
export const milesightLorawan = tellOne('milesight-lorawan', ({ bytes, fPort }) => {
  if (fPort !== undefined && fPort !== PORT) throw refusal('not-this-protocol', `port ${fPort}, not ${PORT}`)
  if (bytes.byteLength === 0 || bytes.byteLength > loraBytesMax)
    throw refusal('not-this-protocol', `${bytes.byteLength} bytes, not 1 to ${loraBytesMax}`)
  const input = new ByteReader(bytes)
  const readings = new Readings()
  const words: Words = {}
  while (input.left > 0) {
    if (input.left === 1) throw refusal('incomplete', 'a channel without a type')
    const head = input.bytes(2)
    const name = hexOf(head)
    const read = Object.hasOwn(CHANNELS, name) ? CHANNELS[name] : undefined
    if (!read) {
      // Without its length nothing behind it can be read; what stood before is kept.
      words.unread = name + hexOf(input.bytes(input.left))
      break
    }
    read(input, readings, words)
  }
  if (Object.keys(words).length === 1 && 'unread' in words && readings.list.length === 0)
    throw refusal('not-this-protocol', `begins with an unknown channel: ${hexOf(bytes.subarray(0, 2))}`)
  return told(words, readings.list, raisedBy(readings.list))
})
