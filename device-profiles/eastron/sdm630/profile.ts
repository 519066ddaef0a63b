import { absent, reading } from '@anju/contract'
import { modbusProfile } from '../../protocols/modbus-rtu/modbus-profile.ts'

export default modbusProfile({
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
  walkTest: { do: 'Switch a kettle on.', proves: 'active-power' },
  wiring: [
    'RS-485 A to A and B to B, 120 Ω at both ends of a long line; the factory setting is 9600 8N1, unit 1.',
    'The phases keep their order: L1 is A, L2 is B, L3 is C.',
  ],
  knownFaults: [
    { firmware: 'all', fault: 'a phase that is not wired reads 0 V, which is no power cut of the home' },
    { firmware: 'all', fault: 'total energy (0156) is import plus export, so it is not read' },
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
    {
      when: 'currents and powers, the third phase feeding in',
      from: 0x0006,
      words: '408B 3333 4145 851F 3F00 0000 447A 6000 4366 0000 C269 3333',
      reads: {
        'current-a': reading(4.35),
        'current-b': reading(12.345),
        'current-c': reading(0.5),
        'active-power-a': reading(1_001.5),
        'active-power-b': reading(230),
        'active-power-c': reading(-58.3),
      },
    },
    { when: 'power factor 0.87', from: 0x003e, words: '3F5E B852', reads: { 'power-factor': reading(0.87) } },
    {
      when: 'frequency and both energies in one answer',
      from: 0x0046,
      words: '4248 147B 449A 51EC 4128 0000',
      reads: { frequency: reading(50.02), 'active-energy': reading(1_234.56), 'active-energy-reverse': reading(10.5) },
    },
    { when: 'the sum of three phases', from: 0x0034, words: '44FA 0000', reads: { 'active-power': reading(2_000) } },
  ],
})
