import { DomainError } from '@anju/contract'
import { crc16Modbus } from '../../src/crc.ts'
import type { ModbusFrame } from './framing.ts'

/** What may be asked of a meter: holding (3) and input registers (4). There is no member for 05, 06, 0F or 10. */
export interface ModbusRead {
  readonly unit: number
  readonly function: 3 | 4
  readonly from: number
  readonly count: number
}

/** An answer's byte count is one byte. */
const countMax = 125

/** @throws DomainError `request-malformed`, naming the field. */
export function encodeRead({ unit, function: code, from, count }: ModbusRead): Uint8Array {
  if (code !== 3 && code !== 4) throw new DomainError('request-malformed', 'function: only 3 and 4 read registers')
  whole('unit', unit, 1, 248)
  whole('from', from, 0, 0xffff)
  whole('count', count, 1, countMax)
  if (from + count > 0x1_0000) throw new DomainError('request-malformed', 'count: goes beyond register FFFF')
  const head = Uint8Array.of(unit, code, from >> 8, from & 0xff, 0, count)
  const crc = crc16Modbus(head)
  return Uint8Array.of(...head, crc & 0xff, crc >> 8)
}

function whole(field: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max)
    throw new DomainError('request-malformed', `${field}: not a whole number from ${min} to ${max}`)
}

export type ModbusHeard =
  | { readonly is: 'answer'; readonly from: number; readonly words: Uint16Array }
  /** 1 to 11: see `EXCEPTIONS`. 2 means that the meter has no such register. */
  | { readonly is: 'exception'; readonly code: number }
  | { readonly is: 'ignored'; readonly why: string }

/** What this frame is to whoever asked: an answer carries no register number, so unit, function and length must fit. */
export function hearAnswer(read: ModbusRead, frame: ModbusFrame): ModbusHeard {
  if (frame.unit !== read.unit) return { is: 'ignored', why: `unit ${frame.unit}, not ${read.unit}` }
  if (frame.kind === 'exception' && (frame.function & 0x7f) === read.function)
    return { is: 'exception', code: frame.data[0] ?? 0 }
  if (frame.kind !== 'response' || frame.function !== read.function)
    return { is: 'ignored', why: `a ${frame.kind} of function ${frame.function}` }
  const words = wordsOf(frame)
  if (words.length !== read.count) return { is: 'ignored', why: `${words.length} registers, not ${read.count}` }
  return { is: 'answer', from: read.from, words }
}

/** The registers of a response to 3 or 4. */
export function wordsOf({ data }: ModbusFrame): Uint16Array {
  return Uint16Array.from(
    { length: Math.floor((data.byteLength - 1) / 2) },
    (_, i) => ((data[1 + i * 2] ?? 0) << 8) | (data[2 + i * 2] ?? 0),
  )
}
