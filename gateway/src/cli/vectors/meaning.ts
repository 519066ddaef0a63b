import type { Absence } from '@anju/contract'

/** What a key of the vectors is of ours. */
export type Meaning =
  /** A reading, in the vector's unit: ours times 10^`exponent`. */
  | { readonly is: 'point'; readonly point: string; readonly exponent?: number; readonly inverted?: true }
  /** A list of readings in order. */
  | { readonly is: 'points'; readonly points: readonly string[]; readonly exponent?: number; readonly inverted?: true }
  /** A word of the frame: `whole` numbers and texts must be equal, `measured` ones to half the last digit printed. */
  | { readonly is: 'word'; readonly word: string; readonly measured?: true; readonly exponent?: number }
  /** A word with parts (a list or an object): the vector's must be in it, in the same places; numbers as measured ones. */
  | { readonly is: 'parts'; readonly word: string }
  /** A word of every frame, as a list; of the first, when the vector gives no list. */
  | { readonly is: 'collected'; readonly word: string }
  /** One part of a word with parts. */
  | { readonly is: 'inside-of'; readonly word: string; readonly key: string }
  /** The same frame said in other words: keys of its own. */
  | { readonly is: 'inside'; readonly keys: Readonly<Record<string, Meaning>> }
  /** A text that stands in one of these words. */
  | { readonly is: 'any-of'; readonly words: readonly string[] }
  /** Some of a list of numbered records: each is compared to ours of the same `index`. */
  | { readonly is: 'records'; readonly word: string }
  /** A word of ours under the vectors' name for it. */
  | { readonly is: 'named'; readonly word: string; readonly names: Readonly<Record<string, string>> }
  /** The CRC-16 of the bytes themselves, which need not be a frame. */
  | { readonly is: 'crc16'; readonly of: (bytes: Uint8Array) => number }
  /** How many frames were told. */
  | { readonly is: 'count' }
  /** A word that goes by the model: the first of these that the frame has. */
  | { readonly is: 'either'; readonly words: readonly string[] }
  /** A list of records in the word, with the meanings of their own keys. */
  | { readonly is: 'list'; readonly word: string; readonly fields: Readonly<Record<string, Meaning>> }
  /** A data identifier, with or without the order of its bytes: `901F (bytes 1F 90)`. */
  | { readonly is: 'identifier' }
  /** Names of events, in the vectors' words; null: no event at all. */
  | { readonly is: 'event' }
  /** Why a value is absent. */
  | { readonly is: 'absence'; readonly words: Readonly<Record<string, Absence>> }

export const point = (name: string, exponent = 0): Meaning => ({ is: 'point', point: name, exponent })
export const word = (name: string): Meaning => ({ is: 'word', word: name })
export const measured = (name: string): Meaning => ({ is: 'word', word: name, measured: true })
export const parts = (name: string): Meaning => ({ is: 'parts', word: name })
export const either = (...words: string[]): Meaning => ({ is: 'either', words })

/** The same measure several times in one frame: the point, then its numbered ones. */
export const numbered = (point: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => (i === 0 ? point : `${point}-${i + 1}`))
