import { absent, minutes, reading, seconds } from '@anju/contract'
import { bytesOfHex } from '../../src/byte-reader.ts'
import { defineProfile } from '../../src/profile.ts'
import { decode } from './codec.ts'

const answers = (di: string, data: string) => ({ di, data: bytesOfHex(data) })

export default defineProfile({
  id: 'dlt645/single-phase-1997',
  name: 'Single-phase electricity meter, DL/T 645-1997',
  driver: 'dlt645-1997',
  serial: { baud: 1_200, dataBits: 8, parity: 'even', stopBits: 1 },
  models: ['DL/T 645-1997'],
  supervision: { reportEvery: seconds(60), lostAfter: seconds(200) },
  measures: {
    voltage: { quantity: 'electric-potential', name: 'Voltage' },
    current: { quantity: 'electric-current', name: 'Current' },
    'active-power': { quantity: 'active-power', name: 'Active power' },
    'active-energy': { quantity: 'active-energy-import', name: 'Active energy, import' },
    'power-factor': { quantity: 'power-factor', name: 'Power factor' },
  },
  events: {},
  polls: [
    { name: 'B630', ask: 'B630', every: seconds(60), points: ['active-power'] },
    { name: 'B611', ask: 'B611', every: seconds(60), points: ['voltage'] },
    { name: 'B621', ask: 'B621', every: seconds(60), points: ['current'] },
    { name: 'B650', ask: 'B650', every: seconds(60), points: ['power-factor'] },
    { name: '9010', ask: '9010', every: minutes(5), points: ['active-energy'] },
  ],
  walkTest: { do: 'Switch a kettle on.', proves: 'active-power' },
  wiring: [
    'RS-485 A to A and B to B, at most 32 meters a line; the factory speed is 1200 8E1, some meters have 2400.',
    'The address is the 12 digits on the label; a meter with fewer has zeros before them.',
  ],
  knownFaults: [
    { firmware: 'all', fault: 'volts are whole ones, and amperes and kilowatts have two and four decimals' },
    { firmware: 'some', fault: 'answers under the wildcard address: read only where it is alone on its line' },
    { firmware: 'energy-only meters', fault: 'know 9010 and nothing else: the other points are not supported' },
  ],
  decode,
  examples: [
    { when: '1234.56 kWh', input: answers('9010', '56 34 12 00'), reads: { 'active-energy': reading(1_234.56) } },
    {
      when: 'energy with its four tariffs',
      input: answers('901F', '29 01 00 00 62 00 00 00 60 00 00 00 03 00 00 00 02 00 00 00'),
      reads: { 'active-energy': reading(1.29) },
    },
    { when: 'whole volts', input: answers('B611', '27 02'), reads: { voltage: reading(227) } },
    {
      when: 'the voltages of three phases it does not have',
      input: answers('B61F', '27 02 00 00 00 00'),
      reads: { voltage: reading(227) },
    },
    { when: '4.35 A', input: answers('B621', '35 04'), reads: { current: reading(4.35) } },
    {
      when: '0.9871 kW are 987.1 W',
      input: answers('B630', '71 98 00'),
      reads: { 'active-power': reading(987.1) },
    },
    { when: 'nothing is on', input: answers('B630', '00 00 00'), reads: { 'active-power': reading(0) } },
    { when: 'power factor 0.998', input: answers('B650', '98 09'), reads: { 'power-factor': reading(0.998) } },
    { when: 'volts filled with FF', input: answers('B611', 'FF FF'), reads: { voltage: absent('invalid') } },
    {
      when: 'energy with a nibble that is no digit',
      input: answers('9010', '00 0A 00 00'),
      reads: { 'active-energy': absent('invalid') },
    },
    { when: 'a value cut off', input: answers('9010', '56 34 12'), fails: 'frame-malformed' },
    { when: 'an identifier of the newer standard', input: answers('00010000', '56 34 12 00'), fails: 'frame-unknown' },
    { when: 'a date nobody asked for', input: answers('C010', '01 09 03 26'), fails: 'frame-unknown' },
  ],
})
