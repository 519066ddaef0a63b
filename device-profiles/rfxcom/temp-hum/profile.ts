import { absent, minutes, reading } from '@anju/contract'
import { batteryLow, defineProfile } from '../../src/profile.ts'
import { address, climate, receiver, security } from '../packet.ts'
import { decode } from './codec.ts'

export default defineProfile({
  id: 'rfxcom/temp-hum',
  name: '433 MHz thermometer and hygrometer (RFXCOM)',
  driver: 'rfxcom',
  serial: { baud: 38_400, dataBits: 8, parity: 'none', stopBits: 1 },
  models: ['Oregon THGN122', 'Oregon THGR810', 'Viking 02038'],
  // It speaks about once a minute, and single packets are lost on the air.
  supervision: { reportEvery: minutes(5), lostAfter: minutes(30) },
  measures: {
    temperature: { quantity: 'temperature', name: 'Temperature' },
    humidity: { quantity: 'relative-humidity', name: 'Relative humidity' },
    battery: { quantity: 'battery-level', name: 'Battery level' },
  },
  events: batteryLow('battery'),
  walkTest: { do: 'Breathe on it for half a minute, then wait two minutes.', proves: 'humidity' },
  wiring: [
    receiver,
    address('four'),
    'Many kinds choose another address when their cells are changed: then write the new one into the configuration.',
  ],
  decode,
  examples: [
    {
      when: '16.7 °C and 45 %',
      input: climate(0x02, '70 02 00 A7 2D 00 89'),
      reads: { temperature: reading(16.7), humidity: reading(45), battery: reading(100) },
    },
    {
      when: 'frost, by the sign in the top bit',
      input: climate(0x02, '70 02 80 15 50 02 89'),
      reads: { temperature: reading(-2.1), humidity: reading(80), battery: reading(100) },
    },
    {
      when: 'no degrees with a sign are no degrees',
      input: climate(0x02, '70 02 80 00 50 02 89'),
      reads: { temperature: reading(0), humidity: reading(80), battery: reading(100) },
    },
    {
      when: 'its cell runs low',
      input: climate(0x02, '70 02 00 A7 2D 00 80'),
      reads: { temperature: reading(16.7), humidity: reading(45), battery: reading(10) },
    },
    {
      when: 'a humidity that cannot be, and a cell of no step',
      input: climate(0x02, '70 02 00 A7 FF 00 8A'),
      reads: { temperature: reading(16.7), humidity: absent('invalid'), battery: absent('invalid') },
    },
    { when: 'cut off', input: climate(0x02, '70 02 00 A7 2D 00'), fails: 'frame-malformed' },
    { when: 'a panic pendant', input: security(0x02, 'FF AA 00 06 89'), fails: 'frame-unknown' },
  ],
})
