import type { Framing, Sight } from '../../src/frame-scanner.ts'
import { type Iec62056Frame, iec62056Framing } from './framing.ts'

/** What a reader in the middle of the handshake hears: who the meter is, as soon as its line is over, and then the data. */
export type Iec62056WireFrame = Iec62056Frame | { readonly is: 'identification'; readonly ident: string }

const SLASH = 0x2f
const CR = 0x0d
const LF = 0x0a
const QUESTION = 0x3f
const identBytesMax = 64

/**
 * A capture knows an identification by the data behind it. On a line nothing comes behind it until the reader has chosen a
 * speed, so here it is a frame of its own.
 */
function look(bytes: Uint8Array): Sight<Iec62056WireFrame> {
  const second = bytes[1]
  if (seven(bytes[0]) !== SLASH || (second !== undefined && seven(second) === QUESTION))
    return iec62056Framing.look(bytes)
  for (let at = 1; at < bytes.byteLength; at++) {
    const byte = seven(bytes[at])
    if (isLineEnd(byte)) return endOf(bytes, at)
    if (at > identBytesMax || !(at <= 3 ? isLetter(byte) : byte >= 0x20 && byte < 0x7f)) return { is: 'noise' }
  }
  return { is: 'incomplete' }
}

/** Some heads make two LF of CR LF; a meter that leaves one out goes on with something else. */
function endOf(bytes: Uint8Array, at: number): Sight<Iec62056WireFrame> {
  if (at < 5) return { is: 'noise' }
  const next = bytes[at + 1]
  if (next === undefined) return { is: 'incomplete' }
  const ident = String.fromCharCode(...bytes.subarray(1, at).map(seven))
  return { is: 'frame', length: isLineEnd(seven(next)) ? at + 2 : at + 1, frame: { is: 'identification', ident } }
}

export const iec62056WireFraming: Framing<Iec62056WireFrame> = { look, frameBytesMax: iec62056Framing.frameBytesMax }

const seven = (byte: number | undefined): number => (byte ?? 0) & 0x7f
const isLineEnd = (byte: number): boolean => byte === CR || byte === LF
const isLetter = (byte: number): boolean => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a
