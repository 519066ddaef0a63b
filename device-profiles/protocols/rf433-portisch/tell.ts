import { hexOf } from '../../src/byte-reader.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import { type Protocol, type Told, tellScanned } from '../../src/telling.ts'
import { type PortischFrame, portischFraming } from './framing.ts'
import { pressKey } from './press.ts'

/** A code is nobody's until a profile says whose: nothing here raises an event. */
export const rf433Portisch: Protocol = {
  name: 'rf433-portisch',
  read: ({ bytes }) =>
    tellScanned(scanAll(portischFraming, bytes), tell, `no RF bridge message in ${bytes.length} bytes`),
}

function tell(frame: PortischFrame): Told {
  const press = pressKey(frame)
  return {
    is: 'told',
    frame: { ...wordsOf(frame), ...(press === undefined ? {} : { press }) },
    readings: [],
    events: [],
  }
}

const ORDERS: Readonly<Record<number, string>> = {
  0xa1: 'learn',
  0xa6: 'sniff',
  0xa7: 'sniff_off',
  0xa9: 'learn_any',
  0xb1: 'sniff_pulses',
  0xff: 'get_version',
}

function wordsOf(frame: PortischFrame): Record<string, unknown> {
  switch (frame.kind) {
    case 'acknowledge':
      return { kind: 'A0_ack' }
    case 'timeout':
      return { kind: 'timeout' }
    case 'version':
      return { kind: 'version', version: frame.version }
    case 'order':
      return { kind: `${hex(frame.order, 2)}_order`, command: ORDERS[frame.order] ?? null }
    case 'beep':
      return { kind: 'C0_beep', command: 'beep', milliseconds: frame.milliseconds, neverSentByGateway: true }
    case 'learned':
    case 'code': {
      const { syncUs, lowUs, highUs, code } = frame
      // EV1527: 20 bits of the button's own, 4 of the key pressed.
      const kind = frame.kind === 'code' ? 'A4_code' : 'A3_learned'
      return { kind, syncUs, lowUs, highUs, code: hex(code, 6), id: hex(code >> 4, 5), key: code & 0x0f }
    }
    case 'sniffed':
      return { kind: 'A6_sniffed', protocol: frame.protocol, data: hexOf(frame.data) }
    case 'pulses':
      return {
        kind: 'B1_bucket',
        bucketsUs: frame.bucketsUs,
        symbols: frame.symbols.map((symbol) => hex(symbol, 1)).join(''),
      }
    case 'transmit':
      return {
        kind: `${hex(frame.order, 2)}_transmit`,
        ...(frame.repeats === undefined ? {} : { repeats: frame.repeats }),
        data: hexOf(frame.data),
        command: 'transmit',
        neverSentByGateway: true,
      }
  }
  return frame satisfies never
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0').toUpperCase()
