import { FrameScanner, type Framing, type Sight } from '../../src/frame-scanner.ts'

/**
 * IEC 62056-21 on the wire (2002, §6.3). A meter answers `/XXXZident CR LF`, then its data: in mode C
 * `STX data ! CR LF ETX BCC`, in mode D the data alone up to `!`. What we or others ask looks alike and is told apart here.
 */
export type Iec62056Frame =
  | {
      readonly is: 'readout'
      /** What stands between `/` and the line end; undefined when only the data message was caught. */
      readonly ident?: string
      /** The lines between, without STX, `!` and ETX. */
      readonly data: string
      /** Mode C carries a check over its data; mode D carries none. */
      readonly checked: boolean
    }
  | { readonly is: 'request'; readonly address: string }
  /** Alone, before anybody has chosen a speed. */
  | { readonly is: 'identification'; readonly ident: string }
  /** SOH commands of the programming mode: read off the line, never sent but for the sign-off B0. */
  | { readonly is: 'command'; readonly command: string; readonly type: string; readonly data: string }
  /** `06 P Z Y CR LF`: the reader chooses a speed. */
  | { readonly is: 'acknowledge'; readonly option: string }

export type Iec62056Readout = Extract<Iec62056Frame, { is: 'readout' }>

const SLASH = 0x2f
const SOH = 0x01
const STX = 0x02
const ETX = 0x03
const ACK = 0x06
const LF = 0x0a
const CR = 0x0d
const BANG = 0x21

const frameBytesMax = 16_384
const identBytesMax = 64
const addressBytesMax = 32
const commandBytesMax = 512

/** A head that emulates 7E1 on an 8N1 port leaves the parity in bit 7. */
const seven = (byte: number | undefined): number => (byte ?? 0) & 0x7f

function look(bytes: Uint8Array): Sight<Iec62056Frame> {
  switch (seven(bytes[0])) {
    case SLASH:
      return seven(bytes[1]) === 0x3f ? lookRequest(bytes) : lookReadout(bytes)
    case STX:
      return lookData(bytes, 0, undefined)
    case SOH:
      return lookCommand(bytes)
    case ACK:
      return lookAcknowledge(bytes)
    default:
      return { is: 'noise' }
  }
}

/** `/?` address `!` CR LF */
function lookRequest(bytes: Uint8Array): Sight<Iec62056Frame> {
  for (let at = 2; at < bytes.byteLength; at++) {
    const byte = seven(bytes[at])
    if (byte === BANG) return endOfLine(bytes, at + 1, { is: 'request', address: textOf(bytes, 2, at) })
    if (!isWord(byte) || at >= 2 + addressBytesMax) return { is: 'noise' }
  }
  return { is: 'incomplete' }
}

function endOfLine(bytes: Uint8Array, at: number, frame: Iec62056Frame): Sight<Iec62056Frame> {
  for (const [i, wanted] of [CR, LF].entries()) {
    if (bytes.byteLength <= at + i) return { is: 'incomplete' }
    if (seven(bytes[at + i]) !== wanted) return { is: 'noise' }
  }
  return sound(bytes, at + 2, frame)
}

/** `/` three letters of the maker, the speed, the identification: anything else beginning with a slash is noise. */
function lookReadout(bytes: Uint8Array): Sight<Iec62056Frame> {
  let at = 1
  for (; ; at++) {
    if (at >= bytes.byteLength) return { is: 'incomplete' }
    const byte = seven(bytes[at])
    if (byte === CR || byte === LF) break
    if (at <= 3 ? !isLetter(byte) : !isPrintable(byte)) return { is: 'noise' }
    if (at > identBytesMax) return { is: 'noise' }
  }
  if (at < 5) return { is: 'noise' }
  const ident = textOf(bytes, 1, at)
  while (at < bytes.byteLength && isLineEnd(seven(bytes[at]))) at++
  // On a line that hears both sides our acknowledgement stands between the two messages of the meter.
  if (seven(bytes[at]) === ACK) {
    const acknowledge = lookAcknowledge(bytes.subarray(at))
    if (acknowledge.is === 'incomplete') return acknowledge
    if (acknowledge.is === 'frame') at += acknowledge.length
  }
  if (at >= bytes.byteLength) return { is: 'incomplete' }
  if (seven(bytes[at]) === STX) return lookData(bytes, at, ident)
  return lookUnchecked(bytes, at, ident)
}

/** `STX data ETX BCC`: BCC is the xor of everything behind STX up to and with ETX (§6.3.3). */
function lookData(bytes: Uint8Array, from: number, ident: string | undefined): Sight<Iec62056Frame> {
  let bcc = 0
  for (let at = from + 1; at < bytes.byteLength; at++) {
    const byte = seven(bytes[at])
    bcc ^= byte
    if (at >= frameBytesMax - 2) return { is: 'refused', reason: 'length', why: `no ETX in ${frameBytesMax} bytes` }
    if (byte === SLASH && isLineEnd(seven(bytes[at - 1]))) return cutOff(at)
    if (byte !== ETX) continue
    if (at + 1 >= bytes.byteLength) return { is: 'incomplete' }
    const given = seven(bytes[at + 1])
    if (given !== bcc)
      return { is: 'refused', reason: 'checksum', why: `BCC is ${hex(bcc)}, the message says ${hex(given)}` }
    const strange = bytes.subarray(from + 1, at).findIndex((one) => !isPrintable(seven(one)) && !isLineEnd(seven(one)))
    if (strange >= 0)
      return { is: 'refused', reason: 'end-byte', why: `byte ${hex(bytes[from + 1 + strange])} in text` }
    const data = textOf(bytes, from + 1, at).replace(/!\s*$/, '')
    return sound(bytes, at + 2, { is: 'readout', data, checked: true, ...(ident === undefined ? {} : { ident }) })
  }
  return { is: 'incomplete' }
}

/** Mode D: data up to `!`, with nothing that proves it. */
function lookUnchecked(bytes: Uint8Array, from: number, ident: string): Sight<Iec62056Frame> {
  for (let at = from; at < bytes.byteLength; at++) {
    const byte = seven(bytes[at])
    if (byte === BANG)
      return sound(bytes, at + 1, { is: 'readout', ident, data: textOf(bytes, from, at), checked: false })
    if (at >= frameBytesMax - 2) return { is: 'refused', reason: 'length', why: `no "!" in ${frameBytesMax} bytes` }
    if (byte === SLASH && isLineEnd(seven(bytes[at - 1]))) return cutOff(at)
    if (!isPrintable(byte) && !isLineEnd(byte))
      return { is: 'refused', reason: 'end-byte', why: `byte ${hex(byte)} in text` }
  }
  return { is: 'incomplete' }
}

const cutOff = (at: number): Sight<Iec62056Frame> => ({
  is: 'refused',
  reason: 'incomplete',
  why: `another message begins after ${at} bytes`,
})

/** `SOH C D [STX data] ETX BCC` */
function lookCommand(bytes: Uint8Array): Sight<Iec62056Frame> {
  let bcc = 0
  for (let at = 1; at < bytes.byteLength; at++) {
    const byte = seven(bytes[at])
    bcc ^= byte
    if (at === 1 && !isLetter(byte)) return { is: 'noise' }
    if (at === 2 && !(byte >= 0x30 && byte <= 0x39)) return { is: 'noise' }
    if (at === 3 && byte !== STX && byte !== ETX) return { is: 'noise' }
    if (at >= commandBytesMax) return { is: 'refused', reason: 'length', why: `no ETX in ${commandBytesMax} bytes` }
    if (byte !== ETX || at < 3) continue
    if (at + 1 >= bytes.byteLength) return { is: 'incomplete' }
    const given = seven(bytes[at + 1])
    if (given !== bcc)
      return { is: 'refused', reason: 'checksum', why: `BCC is ${hex(bcc)}, the command says ${hex(given)}` }
    const frame: Iec62056Frame = {
      is: 'command',
      command: textOf(bytes, 1, 2),
      type: textOf(bytes, 2, 3),
      data: at > 3 ? textOf(bytes, 4, at) : '',
    }
    return sound(bytes, at + 2, frame)
  }
  return { is: 'incomplete' }
}

function lookAcknowledge(bytes: Uint8Array): Sight<Iec62056Frame> {
  for (let at = 1; at < 4; at++) {
    if (at >= bytes.byteLength) return { is: 'incomplete' }
    if (!isWord(seven(bytes[at]))) return { is: 'noise' }
  }
  return endOfLine(bytes, 4, { is: 'acknowledge', option: textOf(bytes, 1, 4) })
}

/**
 * Bit 7 is not covered by the BCC, but when the port hands it through it is parity, and then in every byte alike: never set,
 * always set, or making each byte even (or, for a head wired the other way, odd).
 */
function sound(bytes: Uint8Array, length: number, frame: Iec62056Frame): Sight<Iec62056Frame> {
  let set = 0
  let odd = 0
  for (let at = 0; at < length; at++) {
    const byte = bytes[at] ?? 0
    set += byte >> 7
    odd += parityOf(byte)
  }
  if (set === 0 || set === length || odd === 0 || odd === length) return { is: 'frame', length, frame }
  return { is: 'refused', reason: 'checksum', why: 'bit 7 is parity, and wrong in some bytes' }
}

function parityOf(byte: number): 0 | 1 {
  const half = byte ^ (byte >> 4)
  const quarter = half ^ (half >> 2)
  return ((quarter ^ (quarter >> 1)) & 1) as 0 | 1
}

export const iec62056Framing: Framing<Iec62056Frame> = { look, frameBytesMax }
export const iec62056Scanner = (): FrameScanner<Iec62056Frame> => new FrameScanner(iec62056Framing)

const isPrintable = (byte: number): boolean => byte >= 0x20 && byte < 0x7f
const isLineEnd = (byte: number): boolean => byte === CR || byte === LF
const isLetter = (byte: number): boolean => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a
const isWord = (byte: number): boolean => isLetter(byte) || (byte >= 0x30 && byte <= 0x39) || byte === 0x20

function textOf(bytes: Uint8Array, from: number, to: number): string {
  let text = ''
  for (let at = from; at < to; at++) text += String.fromCharCode(seven(bytes[at]))
  return text
}
const hex = (byte = 0): string => byte.toString(16).padStart(2, '0').toUpperCase()
