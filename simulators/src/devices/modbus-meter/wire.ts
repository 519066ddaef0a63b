import type { Instant } from '@anju/contract'
import type { PolledDevice } from '../device.ts'

/**
 * Modbus RTU as a meter speaks it, written from the MODBUS documents and not from our own codec:
 * `unit | function | first register, high byte first | count | CRC, low byte first`.
 */
export interface Held {
  readonly point: string
  readonly words: readonly number[]
}

export interface RegisterMeter {
  readonly profile: string
  readonly address: string
  readonly function: 3 | 4
  truth(at: Instant): Readonly<Record<string, number>>
  /** Register → what it holds, made of what is true. */
  registers(truth: Readonly<Record<string, number>>): ReadonlyMap<number, Held>
  /** What its transceiver adds around an answer while it turns round. */
  readonly glitch?: { readonly before: readonly number[]; readonly after: readonly number[] }
}

const ILLEGAL_FUNCTION = 1
const ILLEGAL_DATA_ADDRESS = 2
const requestBytes = 8

export function registerMeter(meter: RegisterMeter): PolledDevice {
  const unit = Number(meter.address)
  const { before, after } = meter.glitch ?? { before: [], after: [] }
  const framed = (body: readonly number[]) => Uint8Array.from([...before, ...withCrc(body), ...after])
  return {
    profile: meter.profile,
    address: meter.address,
    truth: (at) => meter.truth(at),
    answer(heard, at) {
      const [asked, code = 0, fromHigh = 0, fromLow = 0, countHigh = 0, countLow = 0] = heard
      // The silence before it marks a question, so it stands at the beginning or is none.
      if (heard.byteLength !== requestBytes || asked !== unit) return undefined
      if (withCrc([...heard.subarray(0, 6)]).some((byte, i) => byte !== heard[i])) return undefined
      if (code !== meter.function) return { bytes: framed([unit, code | 0x80, ILLEGAL_FUNCTION]), points: [] }
      const from = fromHigh * 256 + fromLow
      const end = from + countHigh * 256 + countLow
      const held = [...meter.registers(meter.truth(at))].filter(([first]) => first >= from && first < end)
      if (held.length === 0) return { bytes: framed([unit, code | 0x80, ILLEGAL_DATA_ADDRESS]), points: [] }
      // Registers that mean nothing in the middle of others read 0.
      const words = Array.from({ length: end - from }, () => 0)
      for (const [first, { words: value }] of held) words.splice(first - from, value.length, ...value)
      const data = words.slice(0, end - from).flatMap((word) => [word >> 8, word & 0xff])
      const points = held.filter(([first, { words: value }]) => first + value.length <= end)
      return { bytes: framed([unit, code, data.length, ...data]), points: points.map(([, { point }]) => point) }
    },
  }
}

/** A value as 32-bit float, high word first. */
export function float(value: number): readonly number[] {
  const view = new DataView(new ArrayBuffer(4))
  view.setFloat32(0, value)
  return [view.getUint16(0), view.getUint16(2)]
}

/** MODBUS over serial line V1.02, appendix B: polynomial A001, begun with ones, low byte first. */
function withCrc(body: readonly number[]): number[] {
  let crc = 0xffff
  for (const byte of body) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1
  }
  return [...body, crc & 0xff, crc >>> 8]
}
