import { absent, minutes, reading } from '@anju/contract'
import { defineProfile } from '../../src/profile.ts'
import { sealed, telegram, usbReceiver } from '../telegram.ts'
import { decode } from './codec.ts'

const room = { eep: 'A5-04-01' }

export default defineProfile({
  id: 'enocean/temp-hum',
  name: 'EnOcean thermometer and hygrometer (A5-04)',
  driver: 'esp3',
  serial: { baud: 57_600, dataBits: 8, parity: 'none', stopBits: 1 },
  models: ['A5-04-01', 'A5-04-02'],
  supervision: { reportEvery: minutes(30), lostAfter: minutes(100) },
  measures: {
    temperature: { quantity: 'temperature', name: 'Temperature' },
    humidity: { quantity: 'relative-humidity', name: 'Relative humidity' },
    'signal-strength': { quantity: 'signal-strength', name: 'Signal strength' },
  },
  options: {
    eep: { name: 'the equipment profile on the label, A5-04-01 or A5-04-02', pattern: 'A5-04-0[12]', required: true },
  },
  events: {},
  walkTest: { do: 'Press its teach-in key, then breathe on it for half a minute.', proves: 'humidity' },
  wiring: [usbReceiver, 'On an inner wall 1.5 m high, where light reaches its cell, away from radiators.'],
  decode,
  examples: [
    {
      when: '20 °C and 50 %',
      input: telegram(0xa5, '00 7D 7D 0A'),
      options: room,
      reads: { temperature: reading(20), humidity: reading(50) },
    },
    {
      when: 'the same bytes in the wider range, heard at -60 dBm',
      input: telegram(0xa5, '00 7D 7D 0A', { dbm: -60 }),
      options: { eep: 'A5-04-02' },
      reads: { temperature: reading(20), humidity: reading(50), 'signal-strength': reading(-90) },
    },
    {
      when: 'it has no thermometer',
      input: telegram(0xa5, '00 7D 7D 08'),
      options: room,
      reads: { temperature: absent('not-supported'), humidity: reading(50) },
    },
    {
      when: 'bytes above the range',
      input: telegram(0xa5, '00 FF FF 0A'),
      options: room,
      reads: { temperature: absent('invalid'), humidity: absent('invalid') },
    },
    { when: 'it asks to be taught in', input: telegram(0xa5, '10 08 46 80'), options: room, reads: {} },
    { when: 'a contact', input: telegram(0xd5, '09'), options: room, fails: 'frame-unknown' },
    { when: 'sealed with a key', input: sealed, options: room, fails: 'frame-unknown' },
  ],
})
