import { hours, reading } from '@anju/contract'
import { batteryLow, defineProfile } from '../../src/profile.ts'
import { address, receiver, security } from '../packet.ts'
import { decode } from './codec.ts'

const well = { tamper: reading(0), battery: reading(100) }

export default defineProfile({
  id: 'rfxcom/smoke',
  name: '433 MHz smoke detector (RFXCOM security 1)',
  driver: 'rfxcom',
  serial: { baud: 38_400, dataBits: 8, parity: 'none', stopBits: 1 },
  models: ['KD101', 'SA30', 'RM174RF'],
  // These never check in: three days is the longest that a detector may go without a word.
  supervision: { reportEvery: hours(24), lostAfter: hours(72) },
  measures: {
    smoke: { quantity: 'smoke', name: 'Smoke' },
    tamper: { quantity: 'tamper', name: 'Tamper' },
    battery: { quantity: 'battery-level', name: 'Battery level' },
  },
  events: {
    smoke: { class: 'hazard', from: 'edge' },
    tamper: { class: 'technical', from: 'level', of: 'tamper' },
    ...batteryLow('battery'),
  },
  walkTest: {
    do: 'Hold the test key for ten seconds, then let the smoke of a test spray reach it.',
    proves: 'smoke',
  },
  wiring: [receiver, address('six'), 'On the ceiling, in the middle of the room, 50 cm from any wall or lamp.'],
  decode,
  examples: [
    {
      when: 'smoke, by its word panic',
      input: security(0x03, 'FF AA 00 06 89'),
      reads: { ...well, smoke: reading(1) },
      events: ['smoke'],
    },
    {
      when: 'smoke, from an SA30',
      input: security(0x09, 'FF AA 00 06 89'),
      reads: { ...well, smoke: reading(1) },
      events: ['smoke'],
    },
    {
      when: 'smoke, from an RM174RF',
      input: security(0x0a, 'FF AA 00 06 89'),
      reads: { ...well, smoke: reading(1) },
      events: ['smoke'],
    },
    { when: 'at rest', input: security(0x0a, 'FF AA 00 00 89'), reads: { ...well, smoke: reading(0) } },
    { when: 'it is over', input: security(0x0a, 'FF AA 00 07 89'), reads: { ...well, smoke: reading(0) } },
    { when: 'its cell runs low', input: security(0x03, 'FF AA 00 16 80'), reads: { ...well, battery: reading(10) } },
    {
      when: 'taken off its base',
      input: security(0x0a, 'FF AA 00 80 89'),
      reads: { ...well, tamper: reading(1), smoke: reading(0) },
    },
    { when: 'panic of a pendant', input: security(0x02, 'FF AA 00 06 89'), fails: 'frame-unknown' },
    { when: 'cut off', input: security(0x03, 'FF AA 00 06'), fails: 'frame-malformed' },
  ],
})
