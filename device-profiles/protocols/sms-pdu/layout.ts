import { ByteReader } from '../../src/byte-reader.ts'
import { refusal } from '../../src/tell-one.ts'
import { timeOf } from './time-stamp.ts'

/**
 * Where the parts of a PDU lie (3GPP TS 23.040 §9.2): checked by ourselves before a library reads the text, so that a PDU cut
 * off by a modem is refused and never half read.
 */
export interface Layout {
  readonly type: 'deliver' | 'submit' | 'status_report'
  /** Octets without the part of the service centre: the number that AT+CMGS wants. */
  readonly cmgsLength: number
  /** Submit only, and only the relative form: the byte of the validity period. */
  readonly validity: number | undefined
  /** The absolute form of it. */
  readonly validUntilUtc: string | null | undefined
  /** TP-PID and TP-DCS, not in a report. */
  readonly protocolId: number | undefined
  readonly coding: number | undefined
  /** When the centre took it, for a report also when it was delivered; null when the digits are no date. */
  readonly timeUtc: string | null | undefined
  readonly dischargeUtc: string | null | undefined
  /** Of a message in parts. */
  readonly concat: Concat | null
  readonly trailingBytes: number
}
export interface Concat {
  readonly ref: number
  readonly seq: number
  readonly count: number
}

const TYPES = ['deliver', 'submit', 'status_report'] as const
/** 12 of the service centre and 164 of the message. */
export const pduBytesMax = 192
const ADDRESS_DIGITS_MAX = 20
const USER_DATA_BYTES_MAX = 140
/** Forms of the validity period, in two bits of the first octet; 0 is none. */
const ENHANCED = 1
const RELATIVE = 2
const ABSOLUTE = 3
/** Bit of the first octet: a header stands before the text. */
const HAS_HEADER = 0x40
const CONCAT_8_BIT = 0x00
const CONCAT_16_BIT = 0x08

const NOTHING = {
  validity: undefined,
  validUntilUtc: undefined,
  protocolId: undefined,
  coding: undefined,
  concat: null,
} as const

/** @throws DomainError `frame-malformed`, `frame-unknown` */
export function layoutOf(bytes: Uint8Array): Layout {
  if (bytes.byteLength > pduBytesMax)
    throw refusal('not-this-protocol', `${bytes.byteLength} bytes, at most ${pduBytesMax}`)
  const input = new ByteReader(bytes)
  const centreBytes = input.u8()
  if (centreBytes > 12) throw refusal('not-this-protocol', `service centre of ${centreBytes} bytes`)
  input.bytes(centreBytes)
  const cmgsLength = input.left
  const first = input.u8()
  const type = TYPES[first & 0x03]
  if (!type) throw refusal('not-this-protocol', 'message type 3 is reserved')
  if (type !== 'deliver') input.u8()
  const digits = input.u8()
  if (digits > ADDRESS_DIGITS_MAX) throw refusal('not-this-protocol', `address of ${digits} digits`)
  input.bytes(1 + Math.ceil(digits / 2))
  if (type === 'status_report') {
    const [timeUtc, dischargeUtc] = [timeOf(input.bytes(7)), timeOf(input.bytes(7))]
    input.u8()
    return { ...NOTHING, type, cmgsLength, timeUtc, dischargeUtc, trailingBytes: input.left }
  }
  const protocolId = input.u8()
  const coding = input.u8()
  const form = (first >> 3) & 0x03
  const validity = type === 'submit' && form === RELATIVE ? input.u8() : undefined
  const timeUtc = type === 'deliver' ? timeOf(input.bytes(7)) : undefined
  const validUntilUtc = type === 'submit' && form === ABSOLUTE ? timeOf(input.bytes(7)) : undefined
  if (type === 'submit' && form === ENHANCED) input.bytes(7)
  const length = input.u8()
  const dataBytes = isSevenBit(coding) ? Math.ceil((length * 7) / 8) : length
  const data = input.bytes(dataBytes)
  if (dataBytes > USER_DATA_BYTES_MAX)
    throw refusal('not-this-protocol', `user data of ${dataBytes} bytes, at most 140`)
  const concat = (first & HAS_HEADER) === 0 ? null : concatOf(data)
  const times = { validity, validUntilUtc, timeUtc, dischargeUtc: undefined }
  return { type, cmgsLength, protocolId, coding, ...times, concat, trailingBytes: input.left }
}

/** The header before the text is a list of elements; which part of what this is stands in number 00 or, with two bytes, 08. */
function concatOf(data: Uint8Array): Concat | null {
  const input = new ByteReader(new ByteReader(data).bytes(1 + (data[0] ?? 0)).subarray(1))
  while (input.left > 0) {
    const id = input.u8()
    const element = new ByteReader(input.bytes(input.u8()))
    const wide = id === CONCAT_16_BIT && element.left === 4
    if (!wide && !(id === CONCAT_8_BIT && element.left === 3)) continue
    const [ref, count, seq] = [wide ? element.u16be() : element.u8(), element.u8(), element.u8()]
    // A part of nothing, or beyond the last, is to be taken as a message of its own (§9.2.3.24.1).
    if (count > 0 && seq > 0 && seq <= count) return { ref, seq, count }
  }
  return null
}

/** Data coding schemes that count septets (3GPP TS 23.038 §4). */
function isSevenBit(coding: number): boolean {
  const group = coding >> 4
  if (group < 0x8) return (coding & 0x0c) === 0
  if (group === 0xc || group === 0xd) return true
  return group === 0xf && (coding & 0x04) === 0
}

/** The relative validity period (§9.2.3.12.1), in the largest unit that it counts in. */
export function validityOf(raw: number): Readonly<Record<string, number>> {
  if (raw <= 143) return { validityMinutes: (raw + 1) * 5 }
  if (raw <= 167) return { validityMinutes: 720 + (raw - 143) * 30 }
  if (raw <= 196) return { validityDays: raw - 166 }
  return { validityWeeks: raw - 192 }
}
