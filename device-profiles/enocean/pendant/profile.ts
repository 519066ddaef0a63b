import { hours, reading } from '@anju/contract'
import { defineProfile } from '../../src/profile.ts'
import { sealed, telegram, usbReceiver } from '../telegram.ts'
import { decode } from './codec.ts'

export default defineProfile({
  id: 'enocean/pendant',
  name: 'EnOcean pendant, pull cord or rocker (F6-02)',
  driver: 'esp3',
  serial: { baud: 57_600, dataBits: 8, parity: 'none', stopBits: 1 },
  models: ['F6-02-01', 'F6-02-02', 'PTM 210', 'PTM 215'],
  // It lives of the press and never speaks by itself: after a day without one nobody knows whether it works.
  supervision: { reportEvery: hours(8), lostAfter: hours(24) },
  measures: { 'signal-strength': { quantity: 'signal-strength', name: 'Signal strength' } },
  events: { 'sos-pressed': { class: 'life', from: 'edge' } },
  walkTest: { do: 'Press the button once, and once more from the farthest room.', proves: 'sos-pressed' },
  wiring: [
    usbReceiver,
    'Within reach of somebody who lies on the floor; every side of the rocker calls.',
    'It cannot say that it works: fit a supervised button besides, and press this one once a day.',
  ],
  decode,
  examples: [
    { when: 'pressed', input: telegram(0xf6, '50', { status: 0x30 }), reads: {}, events: ['sos-pressed'] },
    {
      when: 'pressed, heard at -55 dBm',
      input: telegram(0xf6, '10', { status: 0x30, dbm: -55 }),
      reads: { 'signal-strength': reading(-85) },
      events: ['sos-pressed'],
    },
    { when: 'both sides pressed', input: telegram(0xf6, '70', { status: 0x20 }), reads: {}, events: ['sos-pressed'] },
    { when: 'let go', input: telegram(0xf6, '00', { status: 0x20 }), reads: {} },
    { when: 'a contact', input: telegram(0xd5, '09'), fails: 'frame-unknown' },
    { when: 'sealed with a key', input: sealed, fails: 'frame-unknown' },
  ],
})
