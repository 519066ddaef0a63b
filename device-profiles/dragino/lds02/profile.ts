import { hours, reading } from '@anju/contract'
import { LORAWAN_TOPIC, lorawanSays, uplinkOf } from '../../protocols/chirpstack-v4/device.ts'
import { DRAGINO_CONTACT_PORT, draginoContact } from '../../protocols/dragino-lorawan/device.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'

const sends = uplinkOf('a84041c18187c001', DRAGINO_CONTACT_PORT)

export default defineProfile({
  id: 'dragino/lds02',
  name: 'Door and window contact LDS02 (LoRaWAN)',
  driver: 'mqtt',
  topic: LORAWAN_TOPIC,
  models: ['LDS02', 'LDS03A'],
  supervision: { reportEvery: hours(24), lostAfter: hours(72) },
  measures: {
    contact: { quantity: 'contact', name: 'Contact' },
    'battery-voltage': { quantity: 'battery-voltage', name: 'Battery voltage' },
  },
  // Two AAA cells: 3.0 V when new, and it stops at some 2.1 V.
  events: { ...batteryLow('battery-voltage', 2.4, 2.7) },
  walkTest: { do: 'Open the door and close it.', proves: 'contact' },
  wiring: ['Magnet and sensor at most 10 mm apart, mark to mark.'],
  decode: draginoContact({ points: ['contact', 'battery-voltage'] }),
  examples: [
    {
      when: 'opened',
      input: sends('8B 88 01 00 1B B3 00 00 00 00'),
      reads: { contact: reading(0), 'battery-voltage': reading(2.952) },
    },
    {
      when: 'closed',
      input: sends('0B 88 01 00 1B B3 00 00 00 00'),
      reads: { contact: reading(1), 'battery-voltage': reading(2.952) },
    },
    {
      when: 'its settings, on another port',
      input: uplinkOf('a84041c18187c001', 5)('0A 01 00 01 FF 0B 88'),
      reads: {},
    },
    { when: 'it joins', input: lorawanSays('a84041c18187c001')('join', {}), reads: {} },
    { when: 'a mode that is not known', input: sends('0B 88 07 00 1B B3 00 00 00 00'), fails: 'frame-unknown' },
    { when: 'cut off', input: sends('0B 88 01 00 1B B3 00 00 00'), fails: 'frame-malformed' },
  ],
})
