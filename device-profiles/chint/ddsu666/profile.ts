import { absent, reading } from '@anju/contract'
import { modbusProfile } from '../../protocols/modbus-rtu/modbus-profile.ts'

export default modbusProfile({
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
  walkTest: { do: 'Switch a kettle on.', proves: 'active-power' },
  wiring: [
    'RS-485 A to A and B to B; the factory setting is 9600 8N1, unit 1.',
    'The menu must say Modbus and not 645, and the unit must be one nobody else on the line has.',
  ],
  knownFaults: [
    { firmware: 'all', fault: 'powers come in kW and kvar, where most other meters send W and var' },
    {
      firmware: 'set to DL/T 645 in its menu',
      fault: 'answers no Modbus at all: install it as dlt645/single-phase then',
    },
  ],
  examples: [
    { when: '229.9 V', from: 0x2000, words: '4365 E666', reads: { voltage: reading(229.9) } },
    {
      when: 'power in kW, ours in W',
      from: 0x2004,
      words: '4001 BA5E BF00 0000',
      reads: { 'active-power': reading(2_027), 'reactive-power': reading(-500) },
    },
    { when: '12.345 A', from: 0x2002, words: '4145 851F', reads: { current: reading(12.345) } },
    { when: 'power factor 0.998', from: 0x200a, words: '3F7F 7CEE', reads: { 'power-factor': reading(0.998) } },
    {
      when: 'a quarter of a kWh fed in',
      from: 0x400a,
      words: '3E80 0000',
      reads: { 'active-energy-reverse': reading(0.25) },
    },
    { when: 'not a number', from: 0x200e, words: 'FFC0 0000', reads: { frequency: absent('invalid') } },
    { when: 'energy in', from: 0x4000, words: '42F6 E979', reads: { 'active-energy': reading(123.456) } },
    { when: 'half a value', from: 0x2000, words: '4365', fails: 'frame-malformed' },
    { when: 'a range between its blocks', from: 0x3000, words: '0000', fails: 'frame-unknown' },
  ],
})
