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

function wordsOf(frame: PortischFrame): Record<string, unknown> {
  switch (frame.kind) {
    case 'acknowledge':
      return { kind: 'A0_ack' }
    case 'code': {
      const { syncUs, lowUs, highUs, code } = frame
      // EV1527: 20 bits of the button's own, 4 of the key pressed.
      return { kind: 'A4_code', syncUs, lowUs, highUs, code: hex(code, 6), id: hex(code >> 4, 5), key: code & 0x0f }
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
      return { kind: 'B0_transmit', repeats: frame.repeats, command: 'transmit', neverSentByGateway: true }
  }
  return frame satisfies never
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0').toUpperCase()
