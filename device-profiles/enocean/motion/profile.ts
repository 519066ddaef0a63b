import { minutes, reading } from '@anju/contract'
import { defineProfile } from '../../src/profile.ts'
import { sealed, telegram, usbReceiver } from '../telegram.ts'
import { decode } from './codec.ts'

export default defineProfile({
  id: 'enocean/motion',
  name: 'EnOcean motion detector (A5-07-01)',
  driver: 'esp3',
  serial: { baud: 57_600, dataBits: 8, parity: 'none', stopBits: 1 },
  models: ['A5-07-01'],
  supervision: { reportEvery: minutes(30), lostAfter: minutes(100) },
  measures: {
    motion: { quantity: 'motion', name: 'Motion' },
    'signal-strength': { quantity: 'signal-strength', name: 'Signal strength' },
  },
  events: {},
  walkTest: { do: 'Leave the room for five minutes, then walk through it.', proves: 'motion' },
  wiring: [usbReceiver, 'On a wall or the ceiling about 2.2 m high, where light reaches its cell.'],
  decode,
  examples: [
    { when: 'somebody moves', input: telegram(0xa5, '00 00 80 08'), reads: { motion: reading(1) } },
    { when: 'nobody moves', input: telegram(0xa5, '00 00 7F 08'), reads: { motion: reading(0) } },
    {
      when: 'somebody moves, heard at -70 dBm',
      input: telegram(0xa5, '00 00 FF 08', { dbm: -70 }),
      reads: { motion: reading(1), 'signal-strength': reading(-100) },
    },
    { when: 'it asks to be taught in', input: telegram(0xa5, '1C 08 FF 80'), reads: {} },
    { when: 'a rocker', input: telegram(0xf6, '50'), fails: 'frame-unknown' },
    { when: 'sealed with a key', input: sealed, fails: 'frame-unknown' },
  ],
})
