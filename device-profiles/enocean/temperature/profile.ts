import { minutes, reading } from '@anju/contract'
import { defineProfile } from '../../src/profile.ts'
import { sealed, telegram, usbReceiver } from '../telegram.ts'
import { decode } from './codec.ts'

const room = { eep: 'A5-02-05' }

export default defineProfile({
  id: 'enocean/temperature',
  name: 'EnOcean thermometer (A5-02)',
  driver: 'esp3',
  serial: { baud: 57_600, dataBits: 8, parity: 'none', stopBits: 1 },
  models: ['A5-02-05', 'STM 330', 'STM 332'],
  supervision: { reportEvery: minutes(30), lostAfter: minutes(100) },
  measures: {
    temperature: { quantity: 'temperature', name: 'Temperature' },
    'signal-strength': { quantity: 'signal-strength', name: 'Signal strength' },
  },
  options: {
    eep: {
      name: 'the equipment profile on the label, A5-02-01 to A5-02-1B',
      pattern: 'A5-02-(?:0[1-9AB]|1[0-9AB])',
      required: true,
    },
  },
  events: {},
  walkTest: { do: 'Press its teach-in key, then warm it in the hand for a minute.', proves: 'temperature' },
  wiring: [usbReceiver, 'On an inner wall 1.5 m high, where light reaches its cell, away from radiators.'],
  decode,
  examples: [
    {
      when: '26.67 °C of 0 to 40',
      input: telegram(0xa5, '00 00 55 08'),
      options: room,
      reads: { temperature: reading(26.67) },
    },
    {
      when: '255 is the lower end',
      input: telegram(0xa5, '00 00 FF 08'),
      options: room,
      reads: { temperature: reading(0) },
    },
    {
      when: '0 is the upper end',
      input: telegram(0xa5, '00 00 00 08'),
      options: room,
      reads: { temperature: reading(40) },
    },
    {
      when: 'the same byte in a range from -40 to 0, heard at -45 dBm',
      input: telegram(0xa5, '00 00 80 08', { dbm: -45 }),
      options: { eep: 'A5-02-01' },
      reads: { temperature: reading(-20.08), 'signal-strength': reading(-75) },
    },
    { when: 'it asks to be taught in', input: telegram(0xa5, '08 28 46 80'), options: room, reads: {} },
    { when: 'a contact', input: telegram(0xd5, '09'), options: room, fails: 'frame-unknown' },
    { when: 'sealed with a key', input: sealed, options: room, fails: 'frame-unknown' },
  ],
})
