import { absent, hours, reading } from '@anju/contract'
import { LORAWAN_TOPIC, lorawanSays, uplinkOf } from '../../protocols/chirpstack-v4/device.ts'
import { YOBIIQ_PORT, yobiiqDevice } from '../../protocols/other-lorawan/device.ts'
import { switchWord } from '../../src/dialect-words.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'

const sends = uplinkOf('70b3d5a4d1001001', YOBIIQ_PORT)

export default defineProfile({
  id: 'yobiiq/sd-1001',
  name: 'Smoke detector SD-1001 (LoRaWAN)',
  driver: 'mqtt',
  topic: LORAWAN_TOPIC,
  models: ['SD-1001', 'SD1001'],
  supervision: { reportEvery: hours(24), lostAfter: hours(72) },
  measures: {
    smoke: { quantity: 'smoke', name: 'Smoke' },
    fault: { quantity: 'device-fault', name: 'Fault' },
    test: { quantity: 'self-test', name: 'Test button' },
    battery: { quantity: 'battery-level', name: 'Battery level' },
  },
  events: {
    smoke: { class: 'hazard', from: 'level', of: 'smoke' },
    'device-fault': { class: 'technical', from: 'level', of: 'fault' },
    test: { class: 'info', from: 'level', of: 'test' },
    ...batteryLow('battery'),
  },
  walkTest: { do: 'Press its test button, then let the smoke of a test spray reach it.', proves: 'smoke' },
  wiring: ['On the ceiling, in the middle of the room, 50 cm from any wall or lamp.'],
  // Smoke while somebody tests is still smoke: which of the two it was, a person decides.
  decode: yobiiqDevice({
    points: ['smoke', 'battery'],
    words: { fault: switchWord('fault'), test: switchWord('testButton') },
  }),
  examples: [
    {
      when: 'tested, and it smokes',
      input: sends('01 00 5F 02 00 01 03 00 00 04 00 00 05 00 01 06 00 00 07 00 01'),
      reads: { smoke: reading(1), fault: reading(0), test: reading(1), battery: reading(95) },
    },
    {
      when: 'all quiet, and broken',
      input: sends('01 00 5F 04 00 01 05 00 00 07 00 00'),
      reads: { smoke: reading(0), fault: reading(1), test: reading(0), battery: reading(95) },
    },
    { when: 'neither smoke nor none', input: sends('05 00 02'), reads: { smoke: absent('invalid') } },
    { when: 'only its battery', input: sends('01 00 5E'), reads: { battery: reading(94) } },
    { when: 'it joins', input: lorawanSays('70b3d5a4d1001001')('join', {}), reads: {} },
    { when: 'an item that is not known', input: sends('63 00 01'), fails: 'frame-unknown' },
    { when: 'cut off', input: sends('01 00 5F 05 00'), fails: 'frame-malformed' },
  ],
})
