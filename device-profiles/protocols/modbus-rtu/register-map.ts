import { absent, DomainError, plausible, type Quantity, type Reading, reading } from '@anju/contract'

/** How a value lies in registers. Makers disagree about the order of words, never about the order of bytes in one. */
export type Format = 'u16' | 'i16' | 'u32' | 'i32' | 'u32-low-word-first' | 'i32-low-word-first' | 'f32'

export interface Register {
  readonly at: number
  readonly point: string
  readonly quantity: Quantity
  readonly format: Format
  /** Ours is the register's times 10^`exponent`. */
  readonly exponent?: number
  /** What stands there when the meter has no such value, in hex: as a number it could be taken for one. */
  readonly none?: string
  /** What an installer reads, where it is not the point's own name. */
  readonly name?: string
}

/**
 * A meter's registers as data: what to ask, and what the answer says. Nothing but what JSON can hold, so that an installer's
 * own meter can be a file.
 */
export interface RegisterMap {
  /** `vendor/model`. */
  readonly id: string
  readonly name: string
  readonly models: readonly string[]
  /** As it leaves the factory. */
  readonly serial: { readonly baud: number; readonly parity: 'none' | 'even' | 'odd'; readonly stopBits: 1 | 2 }
  readonly function: 3 | 4
  /** One question each, once a minute unless told otherwise; some meters refuse longer ones. */
  readonly blocks: readonly { readonly from: number; readonly count: number; readonly everyS?: number }[]
  readonly registers: readonly Register[]
  /** Registers that say how the meter is, for the frame's words: a switch is true when it is not 0. */
  readonly switches?: readonly { readonly at: number; readonly word: string }[]
  readonly walkTest: { readonly do: string; readonly proves: string }
  /** How it is connected and set, one sentence each. */
  readonly wiring: readonly string[]
  readonly knownFaults?: readonly { readonly firmware: string; readonly fault: string }[]
  /** Real or computed answers; each is a test. */
  readonly examples: readonly RegisterExample[]
}
export type RegisterExample = {
  readonly when: string
  readonly from: number
  /** Words of the answer, as hex. */
  readonly words: string
} & ({ readonly reads: Readonly<Record<string, Reading>> } | { readonly fails: DomainError['code'] })

export interface RegisterPoint {
  readonly point: string
  readonly quantity: Quantity
  readonly reading: Reading
}

export const WIDTHS: Readonly<Record<Format, 1 | 2>> = {
  u16: 1,
  i16: 1,
  u32: 2,
  i32: 2,
  'u32-low-word-first': 2,
  'i32-low-word-first': 2,
  f32: 2,
}
export const widthOf = (format: Format): 1 | 2 => WIDTHS[format]

/**
 * What an answer that begins at register `from` says. Registers it does not hold are not spoken of.
 * @throws DomainError `frame-unknown` when it holds none of the map's, `frame-malformed` when it cuts one in two.
 */
export function readRegisters(map: RegisterMap, from: number, words: Uint16Array): readonly RegisterPoint[] {
  const end = from + words.length
  const held = map.registers.filter(({ at, format }) => at < end && at + WIDTHS[format] > from)
  if (held.length === 0)
    throw new DomainError('frame-unknown', `registers ${from} to ${end - 1} are none of ${map.id}`, { from })
  return held.map(({ at, point, quantity, format, exponent = 0, none }) => {
    if (at < from || at + WIDTHS[format] > end)
      throw new DomainError('frame-malformed', `register ${at} is cut off in an answer from ${from} to ${end - 1}`, {
        at,
      })
    const first = words[at - from] ?? 0
    const second = words[at - from + 1] ?? 0
    const given = WIDTHS[format] === 1 ? first : first * 0x1_0000 + second
    if (none !== undefined && given === Number.parseInt(none, 16))
      return { point, quantity, reading: absent('not-supported') }
    return { point, quantity, reading: plausible(quantity, valueOf(format, first, second, exponent)) }
  })
}

function valueOf(format: Format, first: number, second: number, exponent: number): Reading {
  switch (format) {
    case 'u16':
      return scaled(first, exponent)
    case 'i16':
      return scaled((first << 16) >> 16, exponent)
    case 'u32':
      return scaled(first * 0x1_0000 + second, exponent)
    case 'i32':
      return scaled((first << 16) | second, exponent)
    case 'u32-low-word-first':
      return scaled(second * 0x1_0000 + first, exponent)
    case 'i32-low-word-first':
      return scaled((second << 16) | first, exponent)
    case 'f32': {
      const value = float32Of(first, second)
      return Number.isFinite(value) ? scaled(value, exponent) : absent('invalid')
    }
  }
  return format satisfies never
}

/** By way of decimal text: 2.027 kW are 2027 W, not 2026.9999999999998. */
const scaled = (value: number, exponent: number): Reading =>
  reading(exponent === 0 ? value : Number(`${value}e${exponent}`))

/**
 * The number the meter meant: the shortest decimal that is this float. A meter computes 230.2 and sends the float nearest to
 * it, which as a double would print 230.1999969482422.
 */
export function float32Of(high: number, low: number): number {
  const view = new DataView(new ArrayBuffer(4))
  view.setUint16(0, high)
  view.setUint16(2, low)
  const exact = view.getFloat32(0)
  if (!Number.isFinite(exact)) return exact
  for (let digits = 6; digits <= 9; digits++) {
    const short = Number(exact.toPrecision(digits))
    if (Math.fround(short) === exact) return short
  }
  return exact
}
