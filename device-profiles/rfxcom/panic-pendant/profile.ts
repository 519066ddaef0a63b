import { absent, hours, reading } from '@anju/contract'
import { batteryLow, defineProfile } from '../../src/profile.ts'
import { address, receiver, security } from '../packet.ts'
import { decode } from './codec.ts'

const well = { tamper: reading(0), battery: reading(100) }

export default defineProfile({
  id: 'rfxcom/panic-pendant',
  name: '433 MHz panic pendant (RFXCOM security 1)',
  driver: 'rfxcom',
  serial: { baud: 38_400, dataBits: 8, parity: 'none', stopBits: 1 },
  models: ['X10 KR10A', 'X10 SH624', 'Meiantech', 'Visonic PowerCode'],
  // Most never speak by themselves: after a day without a press nobody knows whether it works.
  supervision: { reportEvery: hours(8), lostAfter: hours(24) },
  measures: {
    tamper: { quantity: 'tamper', name: 'Tamper' },
    battery: { quantity: 'battery-level', name: 'Battery level' },
  },
  events: {
    'sos-pressed': { class: 'life', from: 'edge' },
    tamper: { class: 'technical', from: 'level', of: 'tamper' },
    ...batteryLow('battery'),
  },
  walkTest: { do: 'Hold the panic key for three seconds, also in the farthest room.', proves: 'sos-pressed' },
  wiring: [
    receiver,
    address('six'),
    'Others can record and send its code, and most cannot say that they work: fit a supervised button besides.',
  ],
  decode,
  examples: [
    { when: 'panic', input: security(0x02, 'FF AA 00 06 89'), reads: well, events: ['sos-pressed'] },
    { when: 'the end of a panic, which ends nothing', input: security(0x02, 'FF AA 00 07 89'), reads: well },
    {
      when: 'panic, opened',
      input: security(0x08, 'FF AA 00 86 89'),
      reads: { tamper: reading(1), battery: reading(100) },
      events: ['sos-pressed'],
    },
    {
      when: 'panic on the last of its cell',
      input: security(0x02, 'FF AA 00 06 80'),
      reads: { tamper: reading(0), battery: reading(10) },
      events: ['sos-pressed'],
    },
    {
      when: 'it says that its cell runs low',
      input: security(0x02, 'FF AA 00 16 89'),
      reads: { tamper: reading(0), battery: reading(10) },
    },
    {
      when: 'a step that no cell has',
      input: security(0x02, 'FF AA 00 00 8F'),
      reads: { tamper: reading(0), battery: absent('invalid') },
    },
    { when: 'it arms a burglar alarm', input: security(0x02, 'FF AA 00 09 89'), reads: well },
    { when: 'panic of a smoke detector', input: security(0x03, 'FF AA 00 06 89'), fails: 'frame-unknown' },
    { when: 'cut off', input: security(0x02, 'FF AA 00 06'), fails: 'frame-malformed' },
    { when: 'a byte too many', input: security(0x02, 'FF AA 00 06 89 00'), fails: 'frame-malformed' },
  ],
})
