import { absent, DomainError, type Reading, reading } from '@anju/contract'
import { bcdLowFirst, decimal } from '../../src/byte-reader.ts'
import type { Identifier } from './formats.ts'

export interface Values {
  readonly values: readonly {
    readonly point: string
    readonly reading: Reading
    readonly bytes: Uint8Array
    /** The meter's own clock, without zone; null when it makes no sense. */
    readonly time?: string | null
  }[]
  /** Bytes some vendors put behind the last value; they mean nothing to us. */
  readonly trailingBytes: number
}

/**
 * The values of an answer. A meter may send fewer values of a block than the standard lists (no tariffs), never half a one.
 * @throws DomainError `frame-malformed` when not even the first value is whole.
 */
export function readValues({ points, width, exponent, signed, timed }: Identifier, data: Uint8Array): Values {
  const stride = width + (timed ? timeBytes : 0)
  const count = Math.min(points.length, Math.floor(data.byteLength / stride))
  if (count === 0)
    throw new DomainError('frame-malformed', `value too short: ${data.byteLength} bytes of ${stride}`, {
      width: stride,
    })
  const values = points.slice(0, count).map((point, i) => {
    const bytes = data.subarray(i * stride, i * stride + width)
    const time = timed ? { time: timeOf(data.subarray(i * stride + width, (i + 1) * stride)) } : {}
    return { point, reading: readValue(bytes, exponent, signed ?? false), bytes, ...time }
  })
  return { values, trailingBytes: data.byteLength - count * stride }
}

const timeBytes = 5

/** `mm hh DD MM YY`, as the standard's YYMMDDhhmm goes low byte first; null for zeros and for times that never were. */
export function timeOf(bytes: Uint8Array): string | null {
  const digits = bcdLowFirst(bytes)
  if (digits === undefined) return null
  const [year, month, day, hour, minute] = String(digits).padStart(10, '0').match(/../g) ?? []
  const text = `20${year}-${month}-${day}T${hour}:${minute}`
  const asUtc = new Date(`${text}:00.000Z`)
  return !Number.isNaN(asUtc.getTime()) && asUtc.toISOString().startsWith(text) ? text : null
}

/** A nibble above 9 under a right checksum is the meter's fault, not a number: absent, never 0. */
function readValue(bytes: Uint8Array, exponent: number, signed: boolean): Reading {
  const last = bytes[bytes.byteLength - 1] ?? 0
  const negative = signed && (last & 0x80) !== 0
  let digits: number | undefined
  if (negative) {
    const magnitude = bytes.slice()
    magnitude[magnitude.byteLength - 1] = last & 0x7f
    // FF in every byte is a meter's way to say "no such value", and would read as a sign and 7F.
    digits = bcdLowFirst(magnitude)
  } else digits = bcdLowFirst(bytes)
  if (digits === undefined) return absent('invalid')
  return reading(negative && digits !== 0 ? -decimal(digits, exponent) : decimal(digits, exponent))
}
