import type { PortischFrame } from './framing.ts'

/**
 * What one press looks like, whatever its receiver measured: equal for all repeats of a press. A button sends its code some
 * twenty times, the pulse lengths differ by a few µs, and now and then one length is measured as two.
 */
export function pressKey(frame: PortischFrame): string | undefined {
  switch (frame.kind) {
    case 'code':
      return `code ${frame.code.toString(16).padStart(6, '0').toUpperCase()}`
    case 'sniffed':
      return `sniffed ${frame.protocol} ${[...frame.data].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
    case 'pulses':
      return `pulses ${pulsesKey(frame.bucketsUs, frame.symbols)}`
    case 'acknowledge':
    case 'transmit':
    case 'beep':
    case 'order':
    case 'timeout':
    case 'version':
    case 'learned':
      return undefined
  }
  return frame satisfies never
}

/** Lengths this close are one: receivers are wrong by up to about a quarter, and by some tens of µs on short pulses. */
const sameRatioMax = 1.35
const sameUsMax = 60

/** Lengths sorted and joined into clusters, each pulse named by its cluster's place from the shortest. */
function pulsesKey(bucketsUs: readonly number[], symbols: readonly number[]): string {
  const used = [...new Set(symbols.map((symbol) => symbol & 7))]
  const sorted = used.toSorted((a, b) => (bucketsUs[a] ?? 0) - (bucketsUs[b] ?? 0))
  const places = new Map<number, number>()
  let place = 0
  let before: number | undefined
  for (const bucket of sorted) {
    const us = bucketsUs[bucket] ?? 0
    if (before !== undefined && us > before * sameRatioMax && us > before + sameUsMax) place++
    places.set(bucket, place)
    before = us
  }
  return symbols.map((symbol) => places.get(symbol & 7) ?? 0).join('')
}

/** Nobody presses the same button again so soon; a burst of repeats is over by then. */
export const repeatMsMax = 1_000
const keysMax = 64

/**
 * Tells a press from its repeats. A press is new when its key was not heard for a second; the time is the caller's. It keeps
 * the 64 keys heard last: in a street full of transmitters the oldest are forgotten first, never the newest.
 */
export class PressFilter {
  readonly #lastMs = new Map<string, number>()

  hear(key: string, nowMs: number): 'press' | 'repeat' {
    const last = this.#lastMs.get(key)
    this.#lastMs.delete(key)
    this.#lastMs.set(key, nowMs)
    if (this.#lastMs.size > keysMax)
      for (const oldest of this.#lastMs.keys()) {
        this.#lastMs.delete(oldest)
        break
      }
    return last !== undefined && nowMs - last < repeatMsMax ? 'repeat' : 'press'
  }
}
