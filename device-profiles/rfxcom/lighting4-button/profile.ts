import { hours } from '@anju/contract'
import { buttonOptions, neverAlone } from '../../ev1527/keys.ts'
import { defineProfile } from '../../src/profile.ts'
import { address, lighting4, receiver, security } from '../packet.ts'
import { decode } from './codec.ts'

export default defineProfile({
  id: 'rfxcom/lighting4-button',
  name: '433 MHz button, EV1527 (RFXCOM lighting 4, extra button only)',
  driver: 'rfxcom',
  serial: { baud: 38_400, dataBits: 8, parity: 'none', stopBits: 1 },
  models: ['EV1527'],
  // It never speaks by itself: after a day without a press nobody knows whether it works.
  supervision: { reportEvery: hours(8), lostAfter: hours(24) },
  measures: {},
  options: buttonOptions,
  events: { 'sos-pressed': { class: 'life', from: 'edge' } },
  walkTest: { do: 'Press the button once, and once more from the farthest room.', proves: 'sos-pressed' },
  wiring: [neverAlone, receiver, address('five')],
  decode,
  examples: [
    { when: 'pressed', input: lighting4(0, 'AB CD E1 01 5E 50'), reads: {}, events: ['sos-pressed'] },
    {
      when: 'the key that was named',
      input: lighting4(0, 'AB CD E8 01 5E 50'),
      options: { key: '8' },
      reads: {},
      events: ['sos-pressed'],
    },
    { when: 'a key that was not named', input: lighting4(0, 'AB CD E1 01 5E 50'), options: { key: '8' }, reads: {} },
    { when: 'cut off', input: lighting4(0, 'AB CD E1 01 5E'), fails: 'frame-malformed' },
    { when: 'a panic pendant', input: security(0x02, 'FF AA 00 06 89'), fails: 'frame-unknown' },
  ],
})
