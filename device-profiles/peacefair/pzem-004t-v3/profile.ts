import { absent, reading } from '@anju/contract'
import { modbusProfile } from '../../protocols/modbus-rtu/modbus-profile.ts'

export default modbusProfile({
  id: 'peacefair/pzem-004t-v3',
  name: 'Energy monitor PZEM-004T V3',
  models: ['PZEM-004T V3', 'PZEM-016'],
  serial: { baud: 9600, parity: 'none', stopBits: 1 },
  function: 4,
  blocks: [{ from: 0x0000, count: 10 }],
  registers: [
    { at: 0x0000, point: 'voltage', quantity: 'electric-potential', format: 'u16', exponent: -1 },
    { at: 0x0001, point: 'current', quantity: 'electric-current', format: 'u32-low-word-first', exponent: -3 },
    { at: 0x0003, point: 'active-power', quantity: 'active-power', format: 'u32-low-word-first', exponent: -1 },
    {
      at: 0x0005,
      point: 'active-energy',
      quantity: 'active-energy-import',
      format: 'u32-low-word-first',
      exponent: -3,
    },
    { at: 0x0007, point: 'frequency', quantity: 'frequency', format: 'u16', exponent: -1 },
    { at: 0x0008, point: 'power-factor', quantity: 'power-factor', format: 'u16', exponent: -2 },
  ],
  switches: [{ at: 9, word: 'alarm' }],
  walkTest: { do: 'Switch a kettle on.', proves: 'active-power' },
  wiring: [
    'The 004T speaks 5 V TTL, the 016 RS-485: a converter that fits; 9600 8N1.',
    'Unit 1 from the factory; unit 248 is answered by whichever monitor is alone on the line.',
    'Its serial side lives from the mains it measures: L and N must be connected for it to answer.',
  ],
  knownFaults: [
    { firmware: 'all', fault: 'is silent during a power cut, since it has no other supply' },
    { firmware: 'all', fault: 'counts no energy that is fed in: power is never negative' },
  ],
  examples: [
    {
      when: 'ten registers of a light load',
      from: 0,
      words: '08D3 0023 0000 0005 0000 0002 0000 01F5 0006 0000',
      reads: {
        voltage: reading(225.9),
        current: reading(0.035),
        'active-power': reading(0.5),
        'active-energy': reading(0.002),
        frequency: reading(50.1),
        'power-factor': reading(0.06),
      },
    },
    { when: 'the low word comes first', from: 3, words: '86A0 0001', reads: { 'active-power': reading(10_000) } },
    { when: 'a frequency that cannot be', from: 7, words: 'FFFF', reads: { frequency: absent('implausible') } },
    { when: 'half a value', from: 1, words: '0023', fails: 'frame-malformed' },
  ],
})
