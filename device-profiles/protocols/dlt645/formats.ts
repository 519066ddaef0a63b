import type { Quantity } from '@anju/contract'

/** How the bytes behind a data identifier are written. */
export interface Identifier {
  /** What each value is called, in order; a block has several. */
  readonly points: readonly string[]
  /** Undefined: a number we have no quantity for (reactive energy, a meter number). */
  readonly quantity?: Quantity
  readonly width: number
  /** Power of ten from the digits to the quantity's unit: kW with four decimals are tenths of a watt. */
  readonly exponent: number
  /** The top bit of the last byte is a sign, not a digit. */
  readonly signed?: true
  /** Behind each value stands when it was (minute, hour, day, month, year): a maximum demand. */
  readonly timed?: true
  /** A number that only names something: told digit by digit. */
  readonly digits?: true
}
export type Format = Omit<Identifier, 'points'>

export const PHASES = ['a', 'b', 'c'] as const

/** A block of energies or demands: the total, then the tariffs a meter keeps. */
export const totalAndTariffs = (point: string): string[] => [
  point,
  ...[1, 2, 3, 4].map((tariff) => `${point}-tariff-${tariff}`),
]
