import { DomainError } from '@anju/contract'
import type { PortischFrame } from './framing.ts'

/** EV1527 and its kin: 20 bits burnt into the chip, 4 that say which of its inputs was pressed or pulled. */
export interface Ev1527Code {
  /** Five hex digits. */
  readonly id: string
  readonly key: number
  /** As the receiver measured them. A bit is a short and a long one, the pause before the next code many short ones. */
  readonly shortUs: number
  readonly longUs: number
  readonly syncUs: number
}

/** The code of a frame that carries 24 bits; undefined for all others. */
export function ev1527Code(frame: PortischFrame): Ev1527Code | undefined {
  if (frame.kind === 'pulses') return codeOfPulses(frame)
  if (frame.kind !== 'code') return undefined
  return codeOf(frame.code, { shortUs: frame.lowUs, longUs: frame.highUs, syncUs: frame.syncUs })
}

const codeOf = (code: number, pulses: Pick<Ev1527Code, 'shortUs' | 'longUs' | 'syncUs'>): Ev1527Code => ({
  id: (code >> 4).toString(16).padStart(5, '0').toUpperCase(),
  key: code & 0x0f,
  ...pulses,
})

const bits = 24

/** Each bit's pulse longer than its pause is 1; the last pulse and its long pause are the end. */
function codeOfPulses({ bucketsUs, symbols }: Extract<PortischFrame, { kind: 'pulses' }>): Ev1527Code | undefined {
  if (symbols.length !== (bits + 1) * 2) return undefined
  const us = symbols.map((symbol) => bucketsUs[symbol & 7] ?? 0)
  let code = 0
  let [shortUs, longUs] = [0, Number.POSITIVE_INFINITY]
  for (let bit = 0; bit < bits; bit++) {
    const [pulse = 0, pause = 0] = us.slice(bit * 2, bit * 2 + 2)
    shortUs = Math.max(shortUs, Math.min(pulse, pause))
    longUs = Math.min(longUs, Math.max(pulse, pause))
    code = (code << 1) | Number(pulse > pause)
  }
  return codeOf(code, { shortUs, longUs, syncUs: us.at(-1) ?? 0 })
}

/** Long is three times short, and the pause 31 times, as nearly as cheap parts can. */
const longRatioMin = 1.8
const syncRatioMin = 10

/**
 * A message of this receiver has no checksum. Pulses that no EV1527 makes are noise, or a code cut in the middle.
 * @throws DomainError `frame-malformed`
 */
export function provePulses({ shortUs, longUs, syncUs }: Ev1527Code): void {
  if (shortUs === 0 || longUs < shortUs * longRatioMin || syncUs < shortUs * syncRatioMin || syncUs <= longUs)
    throw new DomainError(
      'frame-malformed',
      `no code has pulses of ${shortUs} and ${longUs} µs and ends with ${syncUs}`,
    )
}
