import { absent, reading } from '@anju/contract'
import type { RegisterMap } from '../protocols/modbus-rtu/register-map.ts'

/** What Eastron's single-phase meters have in common (SDM120, SDM220, SDM230): the registers, not the line's speed. */
export const singlePhase = {
  function: 4,
  blocks: [
    { from: 0x0000, count: 32 },
    { from: 0x0046, count: 6 },
  ],
  registers: [
    { at: 0x0000, point: 'voltage', quantity: 'electric-potential', format: 'f32' },
    { at: 0x0006, point: 'current', quantity: 'electric-current', format: 'f32' },
    { at: 0x000c, point: 'active-power', quantity: 'active-power', format: 'f32' },
    { at: 0x0012, point: 'apparent-power', quantity: 'apparent-power', format: 'f32' },
    { at: 0x0018, point: 'reactive-power', quantity: 'reactive-power', format: 'f32' },
    { at: 0x001e, point: 'power-factor', quantity: 'power-factor', format: 'f32' },
    { at: 0x0046, point: 'frequency', quantity: 'frequency', format: 'f32' },
    { at: 0x0048, point: 'active-energy', quantity: 'active-energy-import', format: 'f32' },
    { at: 0x004a, point: 'active-energy-reverse', quantity: 'active-energy-export', format: 'f32' },
  ],
  walkTest: { do: 'Switch a kettle on.', proves: 'active-power' },
  wiring: [
    'RS-485 A to A and B to B, 120 Ω at both ends of a long line; the factory setting is 8N1, unit 1.',
    'The unit is set with the meter’s button and must be one nobody else on the line has.',
  ],
  knownFaults: [
    { firmware: 'all', fault: 'total energy (0156) is import plus export, so it is not read' },
    {
      firmware: 'some',
      fault: 'changes its parity to even when a setting is stored: try 8E1 where it stops answering',
    },
  ],
  examples: [
    { when: '230.2 V', from: 0x0000, words: '4366 3333', reads: { voltage: reading(230.2) } },
    { when: 'not a number', from: 0x0000, words: '7FC0 0000', reads: { voltage: absent('invalid') } },
    { when: 'a voltage that cannot be', from: 0x0000, words: '47C3 5000', reads: { voltage: absent('implausible') } },
    { when: 'half a value', from: 0x0000, words: '4366', fails: 'frame-malformed' },
    { when: 'registers it does not have', from: 0x0500, words: '0000 0000', fails: 'frame-unknown' },
    { when: 'feeding in 230 W', from: 0x000c, words: 'C366 0000', reads: { 'active-power': reading(-230) } },
    { when: '4.35 A', from: 0x0006, words: '408B 3333', reads: { current: reading(4.35) } },
    { when: '1001.5 VA', from: 0x0012, words: '447A 6000', reads: { 'apparent-power': reading(1_001.5) } },
    { when: '58.3 var leading', from: 0x0018, words: 'C269 3333', reads: { 'reactive-power': reading(-58.3) } },
    { when: 'power factor 0.998', from: 0x001e, words: '3F7F 7CEE', reads: { 'power-factor': reading(0.998) } },
    {
      when: 'frequency and both energies in one answer',
      from: 0x0046,
      words: '4248 0000 4479 C000 3F00 0000',
      reads: { frequency: reading(50), 'active-energy': reading(999), 'active-energy-reverse': reading(0.5) },
    },
  ],
} as const satisfies Partial<RegisterMap>
