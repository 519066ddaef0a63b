import { absent, reading } from '@anju/contract'
import { defineRegisterMap } from '../../protocols/modbus-rtu/register-map.ts'

export default defineRegisterMap({
  id: 'eastron/sdm630',
  name: 'Three-phase electricity meter SDM630',
  models: ['SDM630', 'SDM630M', 'SDM72D-M'],
  serial: { baud: 9600, parity: 'none', stopBits: 1 },
  function: 4,
  blocks: [
    { from: 0x0000, count: 18 },
    { from: 0x0034, count: 12 },
    { from: 0x0046, count: 6 },
  ],
  registers: [
    { at: 0x0000, point: 'voltage-a', quantity: 'electric-potential', format: 'f32' },
    { at: 0x0002, point: 'voltage-b', quantity: 'electric-potential', format: 'f32' },
    { at: 0x0004, point: 'voltage-c', quantity: 'electric-potential', format: 'f32' },
    { at: 0x0006, point: 'current-a', quantity: 'electric-current', format: 'f32' },
    { at: 0x0008, point: 'current-b', quantity: 'electric-current', format: 'f32' },
    { at: 0x000a, point: 'current-c', quantity: 'electric-current', format: 'f32' },
    { at: 0x000c, point: 'active-power-a', quantity: 'active-power', format: 'f32' },
    { at: 0x000e, point: 'active-power-b', quantity: 'active-power', format: 'f32' },
    { at: 0x0010, point: 'active-power-c', quantity: 'active-power', format: 'f32' },
    { at: 0x0034, point: 'active-power', quantity: 'active-power', format: 'f32' },
    { at: 0x003e, point: 'power-factor', quantity: 'power-factor', format: 'f32' },
    { at: 0x0046, point: 'frequency', quantity: 'frequency', format: 'f32' },
    { at: 0x0048, point: 'active-energy', quantity: 'active-energy-import', format: 'f32' },
    { at: 0x004a, point: 'active-energy-reverse', quantity: 'active-energy-export', format: 'f32' },
  ],
  examples: [
    { when: '230.2 V', from: 0x0000, words: '4366 3333', reads: { 'voltage-a': reading(230.2) } },
    { when: 'not a number', from: 0x0000, words: '7FC0 0000', reads: { 'voltage-a': absent('invalid') } },
    {
      when: 'a voltage that cannot be',
      from: 0x0000,
      words: '47C3 5000',
      reads: { 'voltage-a': absent('implausible') },
    },
    { when: 'half a value', from: 0x0000, words: '4366', fails: 'frame-malformed' },
    { when: 'registers it does not have', from: 0x0500, words: '0000 0000', fails: 'frame-unknown' },
    {
      when: 'three voltages in one answer, the last phase without current',
      from: 0x0000,
      words: '4366 3333 4365 E666 0000 0000',
      reads: { 'voltage-a': reading(230.2), 'voltage-b': reading(229.9), 'voltage-c': reading(0) },
    },
    { when: 'the sum of three phases', from: 0x0034, words: '44FA 0000', reads: { 'active-power': reading(2_000) } },
  ],
})
