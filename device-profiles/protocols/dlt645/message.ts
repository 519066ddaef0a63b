import { DomainError } from '@anju/contract'
import { ByteReader, hexLowFirst } from '../../src/byte-reader.ts'
import type { Dlt645Frame } from './framing.ts'

export type Dialect = '2007' | '1997'

/** What a frame says, once its control code is understood (DL/T 645-2007 §7, DL/T 645-1997 §7). */
export type Dlt645Message =
  /** 91, 92 (1997: 81, 82): the data identifier, high byte first as in the tables, and the bytes after it. */
  | {
      readonly is: 'answer'
      readonly di: string
      readonly data: Uint8Array
      readonly more: boolean
      readonly sequence?: number
    }
  /** 93. */
  | { readonly is: 'address'; readonly address: string }
  /** Bit 6: the meter answers, and refuses; without the byte when it does not say why. */
  | { readonly is: 'error'; readonly errorByte?: number; readonly errors: readonly string[] }
  /** A master's read; on our own bus an echo of ours. */
  | {
      readonly is: 'request'
      readonly di?: string
      readonly sequence?: number
      readonly mixedDialect?: true
      readonly repeat?: true
    }
  /** A master's write or broadcast: never ours, and never a reading. */
  | { readonly is: 'command'; readonly name: string }
  /** An answer to something we never ask. */
  | { readonly is: 'other-answer' }

const ANSWER = 0x80
const ABNORMAL = 0x40
const MORE = 0x20

/** DL/T 645-2007 §7.3 table 7, low bit first. */
const ERRORS_2007 = [
  'other',
  'no_requested_data',
  'password_or_unauthorized',
  'baud_rate_cannot_change',
  'too_many_year_zones',
  'too_many_day_periods',
  'too_many_tariffs',
] as const
/** DL/T 645-1997 §7.3: the same places, fewer of them used. */
const ERRORS_1997 = [
  'illegal_data',
  'no_requested_data',
  'password_or_unauthorized',
  'other',
  'too_many_year_zones',
  'too_many_day_periods',
  'too_many_tariffs',
] as const

/** Everything that changes a meter. The list exists to name what was overheard; nothing here can build one of them. */
const COMMANDS: Readonly<Record<Dialect, Readonly<Record<number, string>>>> = {
  '2007': {
    0x03: 'security_authentication',
    0x08: 'broadcast_time',
    0x14: 'write_data',
    0x15: 'write_address',
    0x16: 'freeze',
    0x17: 'change_baud_rate',
    0x18: 'change_password',
    0x19: 'clear_maximum_demand',
    0x1a: 'clear_meter',
    0x1b: 'clear_events',
    0x1c: 'relay_control',
    0x1d: 'multi_function_terminal',
  },
  '1997': {
    0x04: 'write_data',
    0x08: 'broadcast_time',
    0x0a: 'write_address',
    0x0c: 'change_baud_rate',
    0x0f: 'change_password',
    0x10: 'clear_maximum_demand',
  },
}

const FUNCTIONS: Readonly<
  Record<Dialect, { read: number; next: number; address?: number; repeat?: number; diBytes: number }>
> = {
  '2007': { read: 0x11, next: 0x12, address: 0x13, diBytes: 4 },
  // 03 asks for the last answer again.
  '1997': { read: 0x01, next: 0x02, repeat: 0x03, diBytes: 2 },
}

/**
 * Reads a frame as one dialect.
 * @throws DomainError `frame-malformed` when the data is too short for its control code, or too long for one that has a
 * fixed length; `frame-unknown` for a control code the standard does not know.
 */
export function readMessage(dialect: Dialect, frame: Dlt645Frame): Dlt645Message {
  const { read, next, address, repeat, diBytes } = FUNCTIONS[dialect]
  const { control } = frame
  const data = new ByteReader(frame.data)
  const what = control & 0x1f
  const known = what === read || what === next || what === address || COMMANDS[dialect][what] !== undefined

  if ((control & ANSWER) === 0) return readRequest(dialect, frame, data)
  if ((control & ABNORMAL) !== 0) return refusal(dialect, data)
  if (what === read || what === repeat) {
    const di = hexLowFirst(data.bytes(diBytes))
    return { is: 'answer', di, data: data.bytes(data.left), more: (control & MORE) !== 0 }
  }
  if (what === next) {
    const di = hexLowFirst(data.bytes(diBytes))
    // The 1997 standard numbers no frames; 2007 puts the number behind the data.
    const numbered = dialect === '2007'
    const values = data.bytes(data.left - (numbered ? 1 : 0))
    const more = (control & MORE) !== 0
    return numbered
      ? { is: 'answer', di, data: values, more, sequence: data.u8() }
      : { is: 'answer', di, data: values, more }
  }
  if (what === address) {
    const given = hexLowFirst(data.bytes(6))
    data.end()
    return { is: 'address', address: given }
  }
  if (known) return { is: 'other-answer' }
  throw new DomainError('frame-unknown', `control code ${control.toString(16)} is none of DL/T 645-${dialect}`)
}

function refusal(dialect: Dialect, data: ByteReader): Dlt645Message {
  // Some 1997 meters repeat the identifier before or after the error byte; then which byte it is cannot be known.
  if (data.left === 0 || (dialect === '1997' && data.left !== 1)) return { is: 'error', errors: [] }
  const errorByte = data.u8()
  const names = dialect === '2007' ? ERRORS_2007 : ERRORS_1997
  return { is: 'error', errorByte, errors: names.filter((_, bit) => (errorByte & (1 << bit)) !== 0) }
}

function readRequest(dialect: Dialect, frame: Dlt645Frame, data: ByteReader): Dlt645Message {
  const { read, next, address, repeat, diBytes } = FUNCTIONS[dialect]
  const { control } = frame
  if (control === repeat) return { is: 'request', repeat: true }
  if (control === read || control === next) {
    const di = hexLowFirst(data.bytes(diBytes))
    return control === next && dialect === '2007' ? { is: 'request', di, sequence: data.u8() } : { is: 'request', di }
  }
  if (control === address) {
    data.end()
    return { is: 'request' }
  }
  // Seen in the field: a 1997 identifier under the 2007 control code. Both dialects' meters may ignore it.
  if (dialect === '1997' && control === FUNCTIONS['2007'].read && data.left === diBytes)
    return { is: 'request', di: hexLowFirst(data.bytes(diBytes)), mixedDialect: true }
  const command = COMMANDS[dialect][control]
  if (command) return { is: 'command', name: command }
  throw new DomainError('frame-unknown', `control code ${control.toString(16)} is none of DL/T 645-${dialect}`)
}
