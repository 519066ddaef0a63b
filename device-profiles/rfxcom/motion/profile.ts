import { hours, reading } from '@anju/contract'
import { batteryLow, defineProfile } from '../../src/profile.ts'
import { address, climate, receiver, security } from '../packet.ts'
import { decode } from './codec.ts'

const well = { tamper: reading(0), battery: reading(100) }

export default defineProfile({
  id: 'rfxcom/motion',
  name: '433 MHz motion detector (RFXCOM security 1)',
  driver: 'rfxcom',
  serial: { baud: 38_400, dataBits: 8, parity: 'none', stopBits: 1 },
  models: ['X10 MS10A', 'Visonic PowerCode'],
  // It repeats its state about every hour and a half.
  supervision: { reportEvery: hours(2), lostAfter: hours(7) },
  measures: {
    motion: { quantity: 'motion', name: 'Motion' },
    tamper: { quantity: 'tamper', name: 'Tamper' },
    battery: { quantity: 'battery-level', name: 'Battery level' },
  },
  events: { tamper: { class: 'technical', from: 'level', of: 'tamper' }, ...batteryLow('battery') },
  walkTest: { do: 'Leave the room for five minutes, then walk through it.', proves: 'motion' },
  wiring: [receiver, address('six'), 'On a wall about 2.2 m high, looking across the way that people walk.'],
  decode,
  examples: [
    { when: 'somebody moves', input: security(0x01, 'FF AA 00 04 89'), reads: { ...well, motion: reading(1) } },
    { when: 'nobody moves', input: security(0x01, 'FF AA 00 05 89'), reads: { ...well, motion: reading(0) } },
    {
      when: 'Visonic’s word for motion',
      input: security(0x05, 'FF AA 00 02 89'),
      reads: { ...well, motion: reading(1) },
    },
    {
      when: 'Visonic’s word for none',
      input: security(0x05, 'FF AA 00 00 89'),
      reads: { ...well, motion: reading(0) },
    },
    {
      when: 'somebody moves, and it is open',
      input: security(0x01, 'FF AA 00 84 89'),
      reads: { ...well, tamper: reading(1), motion: reading(1) },
    },
    {
      when: 'its cell runs low: nothing is said of motion',
      input: security(0x01, 'FF AA 00 16 80'),
      reads: { ...well, battery: reading(10) },
    },
    { when: 'it is being paired', input: security(0x01, 'FF AA 00 17 89'), reads: well },
    { when: 'cut off', input: security(0x01, 'FF AA 00 04'), fails: 'frame-malformed' },
    { when: 'a thermometer', input: climate(0x01, '70 02 00 A7 2D 00 89'), fails: 'frame-unknown' },
  ],
})
