import { assertNever, DomainError } from '@anju/contract'
import { DATA_OFFSET, END, START, WILDCARD } from './framing.ts'

/**
 * What a master of ours may ask. There is no member for a write, and `encodeRead` is the only function that makes bytes for
 * a meter: a command that changes, clears or disconnects a meter cannot be built in this code base.
 */
export type Dlt645Read =
  /** 11: one data identifier, 8 hex digits. */
  | { readonly dialect: '2007'; readonly ask: 'data'; readonly address: string; readonly di: string }
  /** 12: the frame after `sequence - 1` of a long answer. */
  | {
      readonly dialect: '2007'
      readonly ask: 'next'
      readonly address: string
      readonly di: string
      readonly sequence: number
    }
  /** 13: only when one meter hangs on the bus, since every meter answers. */
  | { readonly dialect: '2007'; readonly ask: 'address' }
  /** 01 and 02 of 1997: 4 hex digits. */
  | { readonly dialect: '1997'; readonly ask: 'data' | 'next'; readonly address: string; readonly di: string }

/** The control codes `encodeRead` can put into a frame. */
export const READ_CONTROLS = {
  '2007': { data: 0x11, next: 0x12, address: 0x13 },
  '1997': { data: 0x01, next: 0x02 },
} as const

/** Four wake the optical head and the receiver's automatic gain (§5.2.1). */
const PREAMBLE = [0xfe, 0xfe, 0xfe, 0xfe] as const

/** @throws DomainError `request-malformed`, naming the field. */
export function encodeRead(read: Dlt645Read): Uint8Array {
  const frame = readFrame(read)
  const bytes = new Uint8Array(PREAMBLE.length + frame.byteLength)
  bytes.set(PREAMBLE)
  bytes.set(frame, PREAMBLE.length)
  return bytes
}

function readFrame(read: Dlt645Read): Uint8Array {
  if (read.dialect === '2007') {
    switch (read.ask) {
      case 'data':
        return wrap(read.address, READ_CONTROLS['2007'].data, identifier(read.di, 8))
      case 'next':
        return wrap(read.address, READ_CONTROLS['2007'].next, [
          ...identifier(read.di, 8),
          byteOf('sequence', read.sequence),
        ])
      case 'address':
        return wrap(WILDCARD, READ_CONTROLS['2007'].address, [])
    }
  }
  if (read.dialect === '1997' && (read.ask === 'data' || read.ask === 'next'))
    return wrap(read.address, READ_CONTROLS['1997'][read.ask], identifier(read.di, 4))
  throw new DomainError('request-malformed', 'ask: only data, next and address can be asked of a meter')
}

/** What a meter says, for simulated meters and tests. Bit 7 is set in each of them: no meter obeys an answer. */
export type Dlt645Answer =
  | {
      readonly dialect: '2007' | '1997'
      readonly say: 'data'
      readonly address: string
      readonly di: string
      readonly data: Uint8Array
      readonly more?: boolean
    }
  | {
      readonly dialect: '2007'
      readonly say: 'next'
      readonly address: string
      readonly di: string
      readonly data: Uint8Array
      readonly sequence: number
      readonly more?: boolean
    }
  | { readonly dialect: '2007'; readonly say: 'address'; readonly address: string }
  | {
      readonly dialect: '2007' | '1997'
      readonly say: 'error'
      readonly to: 'data' | 'next'
      readonly address: string
      readonly errorByte: number
    }

const ANSWER = 0x80
const MORE = 0x20
const ABNORMAL = 0x40

/** @throws DomainError `request-malformed`, naming the field. */
export function encodeAnswer(answer: Dlt645Answer): Uint8Array {
  switch (answer.say) {
    case 'data': {
      const control = ANSWER | READ_CONTROLS[answer.dialect].data | (answer.more ? MORE : 0)
      return wrap(answer.address, control, [
        ...identifier(answer.di, answer.dialect === '2007' ? 8 : 4),
        ...answer.data,
      ])
    }
    case 'next': {
      const control = ANSWER | READ_CONTROLS['2007'].next | (answer.more ? MORE : 0)
      return wrap(answer.address, control, [
        ...identifier(answer.di, 8),
        ...answer.data,
        byteOf('sequence', answer.sequence),
      ])
    }
    case 'address':
      return wrap(answer.address, ANSWER | READ_CONTROLS['2007'].address, addressBytes(answer.address))
    case 'error':
      return wrap(answer.address, ANSWER | ABNORMAL | READ_CONTROLS[answer.dialect][answer.to], [
        byteOf('errorByte', answer.errorByte),
      ])
    default:
      return assertNever(answer)
  }
}

/** Not exported: whoever could call it could build a write. */
function wrap(address: string, control: number, data: readonly number[]): Uint8Array {
  if (data.length > 255) throw new DomainError('request-malformed', `data: ${data.length} bytes, at most 255`)
  const bytes = new Uint8Array(12 + data.length)
  bytes[0] = START
  bytes.set(addressBytes(address), 1)
  bytes[7] = START
  bytes[8] = control
  bytes[9] = data.length
  for (const [i, byte] of data.entries()) bytes[10 + i] = byte + DATA_OFFSET
  let sum = 0
  for (let i = 0; i < 10 + data.length; i++) sum += bytes[i] ?? 0
  bytes[10 + data.length] = sum
  bytes[11 + data.length] = END
  return bytes
}

/** 12 digits as printed, or the wildcard. @throws DomainError `request-malformed` */
export function addressBytes(address: string): number[] {
  if (!/^\d{12}$/.test(address) && address !== WILDCARD)
    throw new DomainError('request-malformed', 'address: not 12 digits, nor the wildcard AAAAAAAAAAAA')
  return hexPairsLowFirst(address)
}

function identifier(di: string, digits: 4 | 8): number[] {
  if (di.length !== digits || !/^[0-9A-F]+$/.test(di))
    throw new DomainError('request-malformed', `di: not ${digits} upper-case hex digits`)
  return hexPairsLowFirst(di)
}

function byteOf(field: string, value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > 255)
    throw new DomainError('request-malformed', `${field}: not a whole number from 0 to 255`)
  return value
}

function hexPairsLowFirst(text: string): number[] {
  const bytes: number[] = []
  for (let at = text.length - 2; at >= 0; at -= 2) bytes.push(Number.parseInt(text.slice(at, at + 2), 16))
  return bytes
}
