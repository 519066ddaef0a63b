import { integerBetween, type Random } from '@anju/contract'

/** Something that was drawn, in words, and how it is done: what is drawn does not depend on what happens until then. */
export interface Act {
  readonly said: string
  readonly start: () => Promise<void>
}
export type Weighted<T> = readonly (readonly [weight: number, one: T])[]

export const oneOf = <T>(random: Random, of: readonly T[]): T => of[integerBetween(random, 0, of.length - 1)] as T

export function weighted<T>(random: Random, of: Weighted<T>): T {
  let left = random.uniform() * of.reduce((sum, [weight]) => sum + weight, 0)
  return (of.find(([weight]) => (left -= weight) < 0) ?? of[0])?.[1] as T
}
