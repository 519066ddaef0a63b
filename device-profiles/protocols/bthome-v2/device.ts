import { DomainError } from '@anju/contract'
import { bytesOfHex } from '../../src/byte-reader.ts'
import { type Selection, selected, toldBy } from '../../src/dialect.ts'
import { objectOf, textAt, textOf } from '../../src/json-payload.ts'
import type { Decoded, DeviceOptions, MqttMessage, Option } from '../../src/profile.ts'
import type { Told } from '../../src/telling.ts'
import { bthomeV2 } from './tell.ts'

/** With a key, a packet that is not encrypted is refused: anybody could have sent it. */
export const BTHOME_OPTIONS = {
  key: { name: 'its bind key, 32 hex digits', pattern: '[0-9a-fA-F]{32}', required: false, secret: true },
  mac: {
    name: 'its address, like aa:bb:cc:dd:ee:ff; needed with a key',
    pattern: '(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}|[0-9a-fA-F]{12}',
    required: false,
    secret: true,
  },
} as const satisfies Record<string, Option>

/** A Bluetooth device whose service data some radio in the home hands on as it is. */
export const bthomeDevice =
  <Named extends string, Worded extends string = never>(selection: Selection<Named, Worded>) =>
  ({ topic, payload }: MqttMessage, options: DeviceOptions): Decoded<Named | Worded> => {
    const { bytes, address } = serviceData(payload)
    const mac = options.mac === undefined ? undefined : bytesOfHex(options.mac)
    const key = options.key === undefined ? undefined : bytesOfHex(options.key)
    const told = toldBy(bthomeV2, { topic, bytes, key, mac })
    return selected(
      { ...selection, isOurs: () => !mac || !address || Buffer.compare(mac, address) === 0, sequence: guardOf },
      told,
      { options, speaks: true },
    )
  }

/** Encrypted packets carry a counter that must rise; open ones a number of one byte that the same packet repeats. */
function guardOf({ frame }: Told): Decoded['sequence'] {
  if (typeof frame.counter === 'number') return { number: frame.counter, guard: 'rises' }
  return typeof frame.packetId === 'number' ? { number: frame.packetId, guard: 'differs' } : undefined
}

const UUID = /^(?:0x)?fcd2$/i
const VERSION = 2

/**
 * The bytes themselves, their hex, or the JSON of OpenMQTTGateway and Theengs (`servicedata`, with advertisement data on).
 * Hex of BTHome begins with a digit, which as a byte is no device info.
 */
function serviceData(payload: Uint8Array): { readonly bytes: Uint8Array; readonly address?: Uint8Array } {
  if ((payload[0] ?? 0) >> 5 === VERSION) return { bytes: payload }
  const text = textOf(payload).trim()
  if (!text.startsWith('{')) return { bytes: bytesOfHex(text) }
  const object = objectOf(payload)
  const data = textAt(object, 'servicedata')
  if (data === undefined || !UUID.test(textAt(object, 'servicedatauuid') ?? 'fcd2'))
    throw new DomainError(
      'payload-malformed',
      'servicedata: none of BTHome (publish advertisement data on the gateway)',
    )
  const id = textAt(object, 'id')
  return { bytes: bytesOfHex(data), ...(id !== undefined && { address: bytesOfHex(id) }) }
}
