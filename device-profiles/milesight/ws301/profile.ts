import { absent, hours, reading } from '@anju/contract'
import { LORAWAN_TOPIC, lorawanSays, uplinkOf } from '../../protocols/chirpstack-v4/device.ts'
import { MILESIGHT_PORT, milesightDevice } from '../../protocols/milesight-lorawan/device.ts'
import { switchWord } from '../../src/dialect-words.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'

const sends = uplinkOf('24e124141c141234', MILESIGHT_PORT)

export default defineProfile({
  id: 'milesight/ws301',
  name: 'Door and window contact WS301 (LoRaWAN)',
  driver: 'mqtt',
  topic: LORAWAN_TOPIC,
  models: ['WS301'],
  supervision: { reportEvery: hours(18), lostAfter: hours(55) },
  measures: {
    contact: { quantity: 'contact', name: 'Contact' },
    tamper: { quantity: 'tamper', name: 'Taken off its base' },
    battery: { quantity: 'battery-level', name: 'Battery level' },
  },
  events: { tamper: { class: 'technical', from: 'level', of: 'tamper' }, ...batteryLow('battery') },
  walkTest: { do: 'Open the door and close it.', proves: 'contact' },
  wiring: ['Magnet and sensor at most 15 mm apart; see in the walk test that tamper is 0 when it sits on its base.'],
  knownFaults: [
    { firmware: 'any', fault: "The maker's example calls tamper 1 installed, its table and its decoder uninstalled." },
  ],
  decode: milesightDevice({
    points: ['battery'],
    words: { contact: switchWord('channel3', { inverted: true }), tamper: switchWord('channel4') },
  }),
  examples: [
    {
      when: 'opened',
      input: sends('01 75 64 03 00 01 04 00 00'),
      reads: { contact: reading(0), tamper: reading(0), battery: reading(100) },
    },
    { when: 'closed', input: sends('03 00 00'), reads: { contact: reading(1) } },
    { when: 'taken off its base', input: sends('04 00 01'), reads: { tamper: reading(1) } },
    { when: 'neither open nor closed', input: sends('03 00 02'), reads: { contact: absent('invalid') } },
    { when: 'it joins', input: lorawanSays('24e124141c141234')('join', {}), reads: {} },
    { when: 'cut off', input: sends('01 75 64 03 00'), fails: 'frame-malformed' },
  ],
})
