import { absent, minutes, reading, seconds } from '@anju/contract'
import { bytesOfHex } from '../../src/byte-reader.ts'
import { defineProfile, type Measures } from '../../src/profile.ts'
import { phaseValues } from './codec.ts'

const answers = (di: string, data: string) => ({ di, data: bytesOfHex(data) })

const measures = {
  'active-power': { quantity: 'active-power', name: 'Active power' },
  'active-power-a': { quantity: 'active-power', name: 'Active power A' },
  'active-power-b': { quantity: 'active-power', name: 'Active power B' },
  'active-power-c': { quantity: 'active-power', name: 'Active power C' },
  'voltage-a': { quantity: 'electric-potential', name: 'Voltage A' },
  'voltage-b': { quantity: 'electric-potential', name: 'Voltage B' },
  'voltage-c': { quantity: 'electric-potential', name: 'Voltage C' },
  'current-a': { quantity: 'electric-current', name: 'Current A' },
  'current-b': { quantity: 'electric-current', name: 'Current B' },
  'current-c': { quantity: 'electric-current', name: 'Current C' },
  'power-factor': { quantity: 'power-factor', name: 'Power factor' },
  'power-factor-a': { quantity: 'power-factor', name: 'Power factor A' },
  'power-factor-b': { quantity: 'power-factor', name: 'Power factor B' },
  'power-factor-c': { quantity: 'power-factor', name: 'Power factor C' },
  frequency: { quantity: 'frequency', name: 'Frequency' },
  'active-energy': { quantity: 'active-energy-import', name: 'Active energy, import' },
  'active-energy-reverse': { quantity: 'active-energy-export', name: 'Active energy, export' },
} as const satisfies Measures

const phasesOf = (point: string) => [`${point}-a`, `${point}-b`, `${point}-c`]

export default defineProfile({
  id: 'dlt645/three-phase',
  name: 'Three-phase electricity meter, DL/T 645-2007',
  driver: 'dlt645-2007',
  serial: { baud: 2_400, dataBits: 8, parity: 'even', stopBits: 1 },
  models: ['DL/T 645-2007 three-phase'],
  supervision: { reportEvery: seconds(60), lostAfter: seconds(200) },
  measures,
  events: {},
  polls: [
    {
      name: '0203FF00',
      ask: '0203FF00',
      every: seconds(60),
      points: ['active-power', ...phasesOf('active-power')],
    },
    { name: '0201FF00', ask: '0201FF00', every: seconds(60), points: phasesOf('voltage') },
    { name: '0202FF00', ask: '0202FF00', every: seconds(60), points: phasesOf('current') },
    {
      name: '0206FF00',
      ask: '0206FF00',
      every: seconds(60),
      points: ['power-factor', ...phasesOf('power-factor')],
    },
    { name: '02800002', ask: '02800002', every: seconds(60), points: ['frequency'] },
    { name: '00010000', ask: '00010000', every: minutes(5), points: ['active-energy'] },
    { name: '00020000', ask: '00020000', every: minutes(5), points: ['active-energy-reverse'] },
  ],
  walkTest: { do: 'Switch a kettle on.', proves: 'active-power' },
  wiring: [
    'RS-485 A to A and B to B, at most 32 meters a line; the factory speed is 2400 8E1.',
    'The address is the 12 digits on the label, above the bar code.',
  ],
  knownFaults: [
    { firmware: 'all', fault: 'a phase that is not wired reads 0 V, which is no power cut of the home' },
    { firmware: 'behind current transformers', fault: 'values are those of the secondary side, without the ratio' },
    {
      firmware: 'some',
      fault: 'knows no blocks: its phases are then not supported; install dlt645/single-phase instead',
    },
  ],
  decode: phaseValues(measures),
  examples: [
    {
      when: 'total and phases of a power, one of them feeding in',
      input: answers('0203FF00', '12 25 00 00 30 00 12 00 00 00 05 80'),
      reads: {
        'active-power': reading(251.2),
        'active-power-a': reading(300),
        'active-power-b': reading(1.2),
        'active-power-c': reading(-50),
      },
    },
    {
      when: 'three voltages',
      input: answers('0201FF00', '03 23 44 22 99 22'),
      reads: { 'voltage-a': reading(230.3), 'voltage-b': reading(224.4), 'voltage-c': reading(229.9) },
    },
    {
      when: 'a phase that is not wired',
      input: answers('0201FF00', '03 23 44 22 00 00'),
      reads: { 'voltage-a': reading(230.3), 'voltage-b': reading(224.4), 'voltage-c': reading(0) },
    },
    {
      when: 'a block that ends before its last phase, which is not 0',
      input: answers('0201FF00', '03 23 44 22'),
      reads: { 'voltage-a': reading(230.3), 'voltage-b': reading(224.4), 'voltage-c': absent('not-reported') },
    },
    {
      when: 'a phase filled with FF',
      input: answers('0202FF00', '99 49 00 FF FF FF 10 00 80'),
      reads: { 'current-a': reading(4.999), 'current-b': absent('invalid'), 'current-c': reading(-0.01) },
    },
    { when: 'one phase asked for alone', input: answers('02010300', '99 22'), reads: { 'voltage-c': reading(229.9) } },
    {
      when: 'power factors',
      input: answers('0206FF00', '01 05 98 09 00 10 00 10'),
      reads: {
        'power-factor': reading(0.501),
        'power-factor-a': reading(0.998),
        'power-factor-b': reading(1),
        'power-factor-c': reading(1),
      },
    },
    { when: '50.03 Hz', input: answers('02800002', '03 50'), reads: { frequency: reading(50.03) } },
    {
      when: 'all eight digits',
      input: answers('00010000', '78 56 34 12'),
      reads: { 'active-energy': reading(123_456.78) },
    },
    {
      when: 'energy with its tariffs, of which only the total is kept',
      input: answers('0001FF00', '29 01 00 00 62 00 00 00 60 00 00 00'),
      reads: { 'active-energy': reading(1.29) },
    },
    {
      when: 'energy fed in',
      input: answers('00020000', '26 00 00 00'),
      reads: { 'active-energy-reverse': reading(0.26) },
    },
    { when: 'not even one phase', input: answers('0201FF00', '03'), fails: 'frame-malformed' },
    { when: 'a status word nobody asked for', input: answers('04000501', '00 00'), fails: 'frame-unknown' },
  ],
})
