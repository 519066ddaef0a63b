import { createDecipheriv } from 'node:crypto'
import { absent, formatInstant, instant, type Reading, reading } from '@anju/contract'
import { ByteReader, hexOf } from '../../src/byte-reader.ts'
import { Readings, refusal } from '../../src/tell-one.ts'
import { BUTTONS, DIMMERS, OBJECTS } from './objects.ts'

/** Service data of UUID FCD2, beginning with the device-info byte. */
export interface Packet {
  readonly encrypted: boolean
  /** Sent because something happened, not by a clock. */
  readonly triggered: boolean
  /** Only of encrypted ones, and it must rise: the gateway's replay guard sees to that. */
  readonly counter: number | undefined
  /** The address that the sender put into the packet itself, first byte first. */
  readonly address: Uint8Array | undefined
  readonly objects: Uint8Array
}

const VERSION = 2
/** An extended advertisement holds no more. */
const packetBytesMax = 255
const SERVICE = [0xd2, 0xfc] as const
const keyBytes = 16
const macBytes = 6
const micBytes = 4

/**
 * Opens a packet. With a key, an unencrypted packet is refused: anybody could have sent it.
 * @throws DomainError `frame-malformed`, `frame-unknown`
 */
export function openPacket(bytes: Uint8Array, key?: Uint8Array, mac?: Uint8Array): Packet {
  if (bytes.byteLength > packetBytesMax) throw refusal('not-this-protocol', `${bytes.byteLength} bytes, at most 255`)
  const info = bytes[0]
  if (info === undefined || info >> 5 !== VERSION)
    throw refusal('not-this-protocol', `no BTHome v2 device info: ${hexOf(bytes.subarray(0, 1))}`)
  const triggered = (info & 0x04) !== 0
  // Bit 1: the sender repeats its address before the objects, its low byte first.
  const head = info & 0x02 ? 1 + macBytes : 1
  if (bytes.byteLength < head) throw refusal('incomplete', 'cut off in the address')
  const address = info & 0x02 ? bytes.slice(1, head).reverse() : undefined
  if ((info & 0x01) === 0) {
    if (key) throw refusal('unencrypted', 'not encrypted, but a key is set for this device')
    return { encrypted: false, triggered, counter: undefined, address, objects: bytes.subarray(head) }
  }
  const from = mac ?? address
  if (!key || !from) throw refusal('key-missing', 'encrypted, and no key or address is known for this device')
  return { encrypted: true, triggered, address, ...decrypt(bytes, head, key, from) }
}

/** AES-CCM; nonce: address, service, device info, counter ("Encryption" of the format page). */
function decrypt(bytes: Uint8Array, head: number, key: Uint8Array, mac: Uint8Array) {
  if (key.byteLength !== keyBytes) throw refusal('key-missing', `key: ${key.byteLength} bytes, not ${keyBytes}`)
  if (mac.byteLength !== macBytes) throw refusal('key-missing', `address: ${mac.byteLength} bytes, not ${macBytes}`)
  const cipherBytes = bytes.byteLength - head - 4 - micBytes
  if (cipherBytes < 0) throw refusal('incomplete', 'too short for counter and check')
  const ciphertext = bytes.subarray(head, head + cipherBytes)
  const counter = bytes.subarray(head + cipherBytes, head + cipherBytes + 4)
  const nonce = Uint8Array.of(...mac, ...SERVICE, bytes[0] ?? 0, ...counter)
  const decipher = createDecipheriv('aes-128-ccm', key, nonce, { authTagLength: micBytes })
  decipher.setAuthTag(bytes.subarray(bytes.byteLength - micBytes))
  try {
    const objects = decipher.update(ciphertext)
    decipher.final()
    return { counter: new ByteReader(counter).u32le(), objects: Uint8Array.from(objects) }
  } catch {
    throw refusal('checksum', 'the check of the encryption does not fit: another key, or changed on the air')
  }
}

export interface Objects {
  readonly packetId: number | undefined
  readonly readings: Readings['list']
  /** In the order of the buttons; null is one that was not touched. */
  readonly buttons: readonly (string | null)[]
  /** What has no quantity of ours; null is sent, but not a value. */
  readonly others: Readonly<Record<string, Other>>
  /** Objects from the first unknown one on, as hex. */
  readonly unread: string | undefined
}
type Other = number | boolean | string | null | { readonly event: string; readonly steps: number }

/** @throws DomainError `frame-malformed` when there is no object, or one is cut off */
export function readObjects(bytes: Uint8Array): Objects {
  if (bytes.byteLength === 0) throw refusal('incomplete', 'a packet without an object')
  const input = new ByteReader(bytes)
  const readings = new Readings()
  const buttons: (string | null)[] = []
  const others: Record<string, Other> = {}
  /** The same object again is the next sensor, here as among the readings. */
  const tell = (name: string, value: Other) => {
    let key = name
    for (let count = 2; key in others; count++) key = `${name}-${count}`
    others[key] = value
  }
  let packetId: number | undefined
  let unread: string | undefined
  while (input.left > 0) {
    const id = input.u8()
    const object = OBJECTS[id]
    if (!object) {
      unread = hexOf(Uint8Array.of(id, ...input.bytes(input.left)))
      break
    }
    switch (object.is) {
      case 'packet-id':
        packetId = input.u8()
        break
      case 'button': {
        const pressed = BUTTONS[input.u8()]
        if (pressed !== undefined) buttons.push(pressed)
        break
      }
      case 'dimmer': {
        const event = DIMMERS[input.u8()]
        const steps = input.u8()
        if (event !== undefined) tell('dimmer', { event, steps })
        break
      }
      case 'text':
        tell('text', textOf(input.bytes(input.u8())))
        break
      case 'raw':
        tell('raw', hexOf(input.bytes(input.u8())))
        break
      case 'time':
        tell('time', formatInstant(instant(input.u32le() * 1_000)))
        break
      case 'version':
        tell('firmware', [...input.bytes(object.bytes)].reverse().join('.'))
        break
      case 'switch': {
        const raw = input.u8()
        if (!object.quantity) tell(object.name, raw > 1 ? null : raw === 1)
        else readings.add(object.name, object.quantity, switchOf(raw, object.inverted ?? false))
        break
      }
      case 'number': {
        const value = whole(input, object.bytes, object.signed ?? false) / object.perUnit
        if (object.quantity) readings.add(object.name, object.quantity, reading(value))
        else tell(object.name, value)
        break
      }
      default:
        object satisfies never
    }
  }
  return { packetId, readings: readings.list, buttons, others, unread }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })
/** Null when it is no UTF-8. */
function textOf(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes)
  } catch {
    return null
  }
}

const switchOf = (raw: number, inverted: boolean): Reading =>
  raw > 1 ? absent('invalid') : reading((raw === 1) !== inverted)

/** Low byte first. */
function whole(input: ByteReader, bytes: number, signed: boolean): number {
  let value = 0
  for (let i = 0; i < bytes; i++) value += input.u8() * 2 ** (8 * i)
  return signed && value >= 2 ** (8 * bytes - 1) ? value - 2 ** (8 * bytes) : value
}
