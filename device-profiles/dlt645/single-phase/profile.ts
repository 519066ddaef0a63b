import { absent, minutes, reading, seconds } from '@anju/contract'
import { bytesOfHex } from '../../src/byte-reader.ts'
import { defineProfile } from '../../src/profile.ts'
import { decode } from './codec.ts'

const answers = (di: string, data: string) => ({ di, data: bytesOfHex(data) })

export default defineProfile({
  id: 'dlt645/single-phase',
  name: 'Single-phase electricity meter, DL/T 645-2007',
  driver: 'dlt645-2007',
  serial: { baud: 2_400, dataBits: 8, parity: 'even', stopBits: 1 },
  models: ['DL/T 645-2007'],
  supervision: { reportEvery: seconds(60), lostAfter: seconds(200) },
  measures: {
    voltage: { quantity: 'electric-potential', name: 'Voltage' },
    current: { quantity: 'electric-current', name: 'Current' },
    'active-power': { quantity: 'active-power', name: 'Active power' },
    'active-energy': { quantity: 'active-energy-import', name: 'Active energy, import' },
    frequency: { quantity: 'frequency', name: 'Frequency' },
    'power-factor': { quantity: 'power-factor', name: 'Power factor' },
  },
  events: {},
  polls: [
    { name: '02030000', ask: '02030000', every: seconds(60), points: ['active-power'] },
    { name: '02010100', ask: '02010100', every: seconds(60), points: ['voltage'] },
    { name: '02020100', ask: '02020100', every: seconds(60), points: ['current'] },
    { name: '02060000', ask: '02060000', every: seconds(60), points: ['power-factor'] },
    { name: '02800002', ask: '02800002', every: seconds(60), points: ['frequency'] },
    { name: '00010000', ask: '00010000', every: minutes(5), points: ['active-energy'] },
  ],
  walkTest: { do: 'Switch a kettle on.', proves: 'active-power' },
  wiring: [
    'RS-485 A to A and B to B, at most 32 meters a line; the factory speed is 2400 8E1.',
    'The address is the 12 digits on the label, above the bar code.',
  ],
  decode,
  examples: [
    { when: '0.26 kWh', input: answers('00010000', '26 00 00 00'), reads: { 'active-energy': reading(0.26) } },
    {
      when: 'all eight digits',
      input: answers('00010000', '78 56 34 12'),
      reads: { 'active-energy': reading(123456.78) },
    },
    {
      when: 'a vendor byte behind the energy',
      input: answers('00010000', '12 00 00 00 01'),
      reads: { 'active-energy': reading(0.12) },
    },
    {
      when: 'energy with a nibble that is no digit',
      input: answers('00010000', '00 00 0E 00'),
      reads: { 'active-energy': absent('invalid') },
    },
    {
      when: 'energy filled with FF',
      input: answers('00010000', 'FF FF FF FF'),
      reads: { 'active-energy': absent('invalid') },
    },
    {
      when: 'energy with its four tariffs',
      input: answers('0001FF00', '29 01 00 00 62 00 00 00 60 00 00 00 03 00 00 00 02 00 00 00'),
      reads: { 'active-energy': reading(1.29) },
    },
    { when: '224.4 V', input: answers('02010100', '44 22'), reads: { voltage: reading(224.4) } },
    {
      when: 'the voltages of three phases it does not have',
      input: answers('0201FF00', '03 23 00 00 00 00'),
      reads: { voltage: reading(230.3) },
    },
    { when: '4.999 A', input: answers('02020100', '99 49 00'), reads: { current: reading(4.999) } },
    { when: 'current the other way', input: answers('02020100', '99 49 80'), reads: { current: reading(-4.999) } },
    {
      when: '0.2512 kW are 251.2 W',
      input: answers('02030000', '12 25 00'),
      reads: { 'active-power': reading(251.2) },
    },
    { when: 'feeding in 1.5 kW', input: answers('02030000', '00 50 81'), reads: { 'active-power': reading(-1_500) } },
    {
      when: 'power filled with FF',
      input: answers('02030000', 'FF FF FF'),
      reads: { 'active-power': absent('invalid') },
    },
    { when: 'nothing is on', input: answers('02030000', '00 00 00'), reads: { 'active-power': reading(0) } },
    { when: 'power factor 0.501', input: answers('02060000', '01 05'), reads: { 'power-factor': reading(0.501) } },
    { when: '50.03 Hz', input: answers('02800002', '03 50'), reads: { frequency: reading(50.03) } },
    { when: 'a value cut off', input: answers('00010000', '26 00 00'), fails: 'frame-malformed' },
    { when: 'no value at all', input: answers('02010100', ''), fails: 'frame-malformed' },
    { when: 'a status word nobody asked for', input: answers('04000501', '00 00'), fails: 'frame-unknown' },
  ],
})
