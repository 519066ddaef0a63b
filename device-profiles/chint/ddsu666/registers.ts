import { absent, reading } from '@anju/contract'
import { defineRegisterMap } from '../../protocols/modbus-rtu/register-map.ts'

export default defineRegisterMap({
  id: 'chint/ddsu666',
  name: 'Single-phase electricity meter DDSU666',
  models: ['DDSU666'],
  serial: { baud: 9600, parity: 'none', stopBits: 1 },
  function: 3,
  blocks: [
    { from: 0x2000, count: 16 },
    { from: 0x4000, count: 12 },
  ],
  registers: [
    { at: 0x2000, point: 'voltage', quantity: 'electric-potential', format: 'f32' },
    { at: 0x2002, point: 'current', quantity: 'electric-current', format: 'f32' },
    { at: 0x2004, point: 'active-power', quantity: 'active-power', format: 'f32', exponent: 3 },
    { at: 0x2006, point: 'reactive-power', quantity: 'reactive-power', format: 'f32', exponent: 3 },
    { at: 0x200a, point: 'power-factor', quantity: 'power-factor', format: 'f32' },
    { at: 0x200e, point: 'frequency', quantity: 'frequency', format: 'f32' },
    { at: 0x4000, point: 'active-energy', quantity: 'active-energy-import', format: 'f32' },
    { at: 0x400a, point: 'active-energy-reverse', quantity: 'active-energy-export', format: 'f32' },
  ],
  examples: [
    { when: '229.9 V', from: 0x2000, words: '4365 E666', reads: { voltage: reading(229.9) } },
    {
      when: 'power in kW, ours in W',
      from: 0x2004,
      words: '4001 BA5E BF00 0000',
      reads: { 'active-power': reading(2_027), 'reactive-power': reading(-500) },
    },
    { when: 'not a number', from: 0x200e, words: 'FFC0 0000', reads: { frequency: absent('invalid') } },
    { when: 'energy in', from: 0x4000, words: '42F6 E979', reads: { 'active-energy': reading(123.456) } },
    { when: 'half a value', from: 0x2000, words: '4365', fails: 'frame-malformed' },
    { when: 'a range between its blocks', from: 0x3000, words: '0000', fails: 'frame-unknown' },
  ],
})
