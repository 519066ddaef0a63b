import { bytesOfHex } from '@anju/device-profiles'
import { deviceOf } from './keys-serial.ts'

export interface Vector {
  readonly id: string
  readonly protocol: string
  readonly bytes: Uint8Array
  readonly topic: string
  readonly device: string | undefined
  readonly fPort: number | undefined
  readonly key: Uint8Array | undefined
  readonly mac: Uint8Array | undefined
  readonly expected: Readonly<Record<string, unknown>>
}

/** A number as it is printed in the file: 230.0 promises a digit more than 230. */
export class Printed {
  readonly value: number
  readonly decimals: number
  constructor(source: string) {
    this.value = Number(source)
    const [mantissa = '', exponent = '0'] = source.toLowerCase().split('e')
    this.decimals = Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent))
  }
}

/** Reads one entry of a vector file. @throws Error naming the field. */
export function vectorOf(plain: Readonly<Record<string, unknown>>, printed: Readonly<Record<string, unknown>>): Vector {
  const { id, protocol, topic = 'zigbee2mqtt/device', f_port: fPort, key_hex: key, mac } = plain
  if (typeof id !== 'string' || id === '') throw new Error('id: not a text')
  if (typeof protocol !== 'string') throw new Error(`${id}: protocol: not a text`)
  if (typeof topic !== 'string') throw new Error(`${id}: topic: not a text`)
  if (typeof printed.expected !== 'object' || printed.expected === null)
    throw new Error(`${id}: expected: not an object`)
  if (fPort !== undefined && typeof fPort !== 'number') throw new Error(`${id}: f_port: not a number`)
  return {
    id,
    protocol,
    topic,
    device: typeof plain.expected === 'object' && plain.expected !== null ? deviceOf({ ...plain.expected }) : undefined,
    fPort,
    key: hexField(key, `${id}: key_hex`),
    mac: hexField(mac, `${id}: mac`),
    bytes: bytesOf(plain, id),
    expected: printed.expected as Record<string, unknown>,
  }
}

function hexField(given: unknown, field: string): Uint8Array | undefined {
  if (given === undefined) return undefined
  if (typeof given !== 'string') throw new Error(`${field}: not a text`)
  return bytesOfHex(given)
}

function bytesOf({ input_hex, input_text, input_json }: Readonly<Record<string, unknown>>, id: string): Uint8Array {
  if (typeof input_hex === 'string') return bytesOfHex(wholeBytes(input_hex))
  if (typeof input_text === 'string') return new TextEncoder().encode(input_text)
  if (input_json !== undefined) return new TextEncoder().encode(JSON.stringify(input_json))
  throw new Error(`${id}: none of input_hex, input_text, input_json`)
}

/** A frame cut in the middle of a byte is a frame without that byte. */
function wholeBytes(hex: string): string {
  const digits = hex.replaceAll(/0x|[^0-9a-f]/giu, '')
  return digits.length % 2 === 0 ? hex : hex.trimEnd().slice(0, -1)
}
