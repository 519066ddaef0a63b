import { absent, reading } from '@anju/contract'
import { defineRegisterMap } from '../../protocols/modbus-rtu/register-map.ts'

export default defineRegisterMap({
  id: 'chint/dtsu666',
  name: 'Three-phase electricity meter DTSU666',
  models: ['DTSU666'],
  serial: { baud: 9600, parity: 'none', stopBits: 1 },
  function: 3,
  blocks: [
    { from: 0x2006, count: 20 },
    { from: 0x202a, count: 2 },
    { from: 0x2044, count: 2 },
    { from: 0x101e, count: 2 },
    { from: 0x1028, count: 2 },
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
  examples: [
    {
      when: 'tenths of volts',
      from: 0x2006,
      words: '450F C000 4511 3000 0000 0000',
      reads: { 'voltage-a': reading(230), 'voltage-b': reading(232.3), 'voltage-c': reading(0) },
    },
    { when: 'milliamperes', from: 0x200c, words: '459C 4000', reads: { 'current-a': reading(5) } },
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
