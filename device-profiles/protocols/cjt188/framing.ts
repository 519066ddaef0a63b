import { hexLowFirst } from '../../src/byte-reader.ts'
import { FrameScanner, type Framing, type Sight } from '../../src/frame-scanner.ts'
import { wrongEnd } from '../../src/sum-check.ts'

/**
 * CJ/T 188 on the wire (CJ/T 188-2004 §7): `68 | meter type | address, 7 bytes BCD low first | C | L | data | sum from 68 | 16`.
 * Unlike DL/T 645 nothing is added to the data.
 */
export interface Cjt188Frame {
  readonly meterType: number
  /** 14 digits as printed on the meter; `AAAAAAAAAAAAAA` is every meter. */
  readonly address: string
  /** Bit 7: answer; bit 6: the meter refuses. */
  readonly control: number
  readonly data: Uint8Array
}

const START = 0x68
const headBytes = 11
const tailBytes = 2

/** Water 10–19, heat and cold 20–29, gas 30–39, electricity 40–49, and AA for any: a DL/T 645 address byte seldom is one. */
const isMeterType = (type: number): boolean => (type >= 0x10 && type <= 0x49) || type === 0xaa

function look(bytes: Uint8Array): Sight<Cjt188Frame> {
  if (bytes[0] !== START) return { is: 'noise' }
  const meterType = bytes[1]
  if (meterType === undefined) return { is: 'incomplete' }
  if (!isMeterType(meterType)) return { is: 'noise' }
  const length = bytes[10]
  if (length === undefined) return { is: 'incomplete' }
  const total = headBytes + length + tailBytes
  if (bytes.byteLength < total) return { is: 'incomplete' }

  const wrong = wrongEnd(bytes, total)
  if (wrong) return wrong
  return {
    is: 'frame',
    length: total,
    frame: {
      meterType,
      address: hexLowFirst(bytes.subarray(2, 9)),
      control: bytes[9] ?? 0,
      data: bytes.slice(headBytes, headBytes + length),
    },
  }
}

export const cjt188Framing: Framing<Cjt188Frame> = { look, frameBytesMax: headBytes + 255 + tailBytes }
export const cjt188Scanner = (): FrameScanner<Cjt188Frame> => new FrameScanner(cjt188Framing)
