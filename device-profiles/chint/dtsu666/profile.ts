import { absent, reading } from '@anju/contract'
import { modbusProfile } from '../../protocols/modbus-rtu/modbus-profile.ts'

export default modbusProfile({
  id: 'chint/dtsu666',
  name: 'Three-phase electricity meter DTSU666',
  models: ['DTSU666'],
  serial: { baud: 9600, parity: 'none', stopBits: 1 },
  function: 3,
  blocks: [
    { from: 0x2006, count: 20 },
    { from: 0x202a, count: 2 },
    { from: 0x2044, count: 2 },
    { from: 0x101e, count: 2, everyS: 300 },
    { from: 0x1028, count: 2, everyS: 300 },
  ],
  registers: [
    { at: 0x2006, point: 'voltage-a', quantity: 'electric-potential', format: 'f32', exponent: -1 },
    { at: 0x2008, point: 'voltage-b', quantity: 'electric-potential', format: 'f32', exponent: -1 },
    { at: 0x200a, point: 'voltage-c', quantity: 'electric-potential', format: 'f32', exponent: -1 },
    { at: 0x200c, point: 'current-a', quantity: 'electric-current', format: 'f32', exponent: -3 },
    { at: 0x200e, point: 'current-b', quantity: 'electric-current', format: 'f32', exponent: -3 },
    { at: 0x2010, point: 'current-c', quantity: 'electric-current', format: 'f32', exponent: -3 },
    { at: 0x2012, point: 'active-power', quantity: 'active-power', format: 'f32', exponent: -1 },
    { at: 0x2014, point: 'active-power-a', quantity: 'active-power', format: 'f32', exponent: -1 },
    { at: 0x2016, point: 'active-power-b', quantity: 'active-power', format: 'f32', exponent: -1 },
    { at: 0x2018, point: 'active-power-c', quantity: 'active-power', format: 'f32', exponent: -1 },
    { at: 0x202a, point: 'power-factor', quantity: 'power-factor', format: 'f32', exponent: -3 },
    { at: 0x2044, point: 'frequency', quantity: 'frequency', format: 'f32', exponent: -2 },
    { at: 0x101e, point: 'active-energy', quantity: 'active-energy-import', format: 'f32' },
    { at: 0x1028, point: 'active-energy-reverse', quantity: 'active-energy-export', format: 'f32' },
  ],
  walkTest: { do: 'Switch a kettle on.', proves: 'active-power' },
  wiring: [
    'RS-485 A to A and B to B; the factory setting is 9600 8N1, unit 1.',
    'The menu must say Modbus and not 645; behind current transformers their ratio is set in the meter.',
  ],
  knownFaults: [
    {
      firmware: 'sold with an inverter',
      fault: 'may have other scales under the same name: compare one voltage at commissioning',
    },
    { firmware: 'all', fault: 'a phase that is not wired reads 0 V, which is no power cut of the home' },
  ],
  examples: [
    {
      when: 'tenths of volts',
      from: 0x2006,
      words: '450F C000 4511 3000 0000 0000',
      reads: { 'voltage-a': reading(230), 'voltage-b': reading(232.3), 'voltage-c': reading(0) },
    },
    {
      when: 'milliamperes of three phases',
      from: 0x200c,
      words: '459C 4000 43FA 0000 0000 0000',
      reads: { 'current-a': reading(5), 'current-b': reading(0.5), 'current-c': reading(0) },
    },
    {
      when: 'the three phases of a power, one of them feeding in',
      from: 0x2014,
      words: '459C 4000 43FA 0000 C69C 4000',
      reads: { 'active-power-a': reading(500), 'active-power-b': reading(50), 'active-power-c': reading(-2_000) },
    },
    { when: 'a power factor in thousandths', from: 0x202a, words: '447A 0000', reads: { 'power-factor': reading(1) } },
    { when: 'energy out', from: 0x1028, words: '449A 51EC', reads: { 'active-energy-reverse': reading(1_234.56) } },
    {
      when: 'tenths of watts, out of the home',
      from: 0x2012,
      words: 'C69C 4000',
      reads: { 'active-power': reading(-2_000) },
    },
    { when: 'hundredths of hertz', from: 0x2044, words: '459C 6000', reads: { frequency: reading(50.04) } },
    { when: 'not a number', from: 0x101e, words: '7FC0 0000', reads: { 'active-energy': absent('invalid') } },
    { when: 'half a value', from: 0x2006, words: '450F', fails: 'frame-malformed' },
  ],
})
