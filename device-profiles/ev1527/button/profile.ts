import { hours } from '@anju/contract'
import { defineProfile } from '../../src/profile.ts'
import { buttonOptions, code, neverAlone } from '../keys.ts'
import { decode } from './codec.ts'

export default defineProfile({
  id: 'ev1527/button',
  name: '433 MHz button, EV1527 (extra button only)',
  driver: 'rf433-portisch',
  serial: { baud: 19_200, dataBits: 8, parity: 'none', stopBits: 1 },
  models: ['EV1527'],
  // It never speaks by itself: after a day without a press nobody knows whether it works.
  supervision: { reportEvery: hours(8), lostAfter: hours(24) },
  measures: {},
  options: buttonOptions,
  events: { 'sos-pressed': { class: 'life', from: 'edge' } },
  walkTest: { do: 'Press the button once, and once more from the farthest room.', proves: 'sos-pressed' },
  wiring: [
    neverAlone,
    'A Sonoff RF bridge with the Portisch firmware on a serial converter, 19200 8N1; the gateway only listens to it.',
    'Its address is five hex digits: press it, and the gateway’s log names the sender that is not installed here.',
  ],
  decode,
  examples: [
    { when: 'pressed', input: code(0x1), reads: {}, events: ['sos-pressed'] },
    { when: 'another key, while none is named', input: code(0x8), reads: {}, events: ['sos-pressed'] },
    { when: 'the key that was named', input: code(0x8), options: { key: '8' }, reads: {}, events: ['sos-pressed'] },
    { when: 'a key that was not named', input: code(0x1), options: { key: '8' }, reads: {} },
    { when: 'short and long alike', input: code(0x1, { longUs: 350 }), fails: 'frame-malformed' },
    { when: 'no pause behind the code', input: code(0x1, { syncUs: 900 }), fails: 'frame-malformed' },
    { when: 'no pulses at all', input: code(0x1, { shortUs: 0, longUs: 0, syncUs: 0 }), fails: 'frame-malformed' },
  ],
})
