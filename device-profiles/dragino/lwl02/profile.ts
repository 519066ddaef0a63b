import { hours, reading } from '@anju/contract'
import { LORAWAN_TOPIC, lorawanSays, uplinkOf } from '../../protocols/chirpstack-v4/device.ts'
import { DRAGINO_CONTACT_PORT, draginoContact } from '../../protocols/dragino-lorawan/device.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'

const sends = uplinkOf('a84041c18187c002', DRAGINO_CONTACT_PORT)

export default defineProfile({
  id: 'dragino/lwl02',
  name: 'Water leak sensor LWL02 (LoRaWAN)',
  driver: 'mqtt',
  topic: LORAWAN_TOPIC,
  models: ['LWL02', 'LWL03A'],
  supervision: { reportEvery: hours(24), lostAfter: hours(72) },
  measures: {
    'water-leak': { quantity: 'water-leak', name: 'Water leak' },
    'battery-voltage': { quantity: 'battery-voltage', name: 'Battery voltage' },
  },
  events: {
    'water-leak': { class: 'hazard', from: 'level', of: 'water-leak' },
    ...batteryLow('battery-voltage', 2.4, 2.7),
  },
  walkTest: { do: 'Lay it on a wet cloth until it has reported.', proves: 'water-leak' },
  wiring: ['Flat on the floor, under the tap or behind the machine; its two pins touch the ground.'],
  decode: draginoContact({ points: ['water-leak', 'battery-voltage'] }),
  examples: [
    {
      when: 'water',
      input: sends('4B 88 02 00 00 01 00 00 00 00'),
      reads: { 'water-leak': reading(1), 'battery-voltage': reading(2.952) },
    },
    {
      when: 'dry',
      input: sends('0B 88 02 00 00 01 00 00 03 00'),
      reads: { 'water-leak': reading(0), 'battery-voltage': reading(2.952) },
    },
    { when: 'it joins', input: lorawanSays('a84041c18187c002')('join', {}), reads: {} },
    { when: 'a byte too many', input: sends('0B 88 02 00 00 01 00 00 03 00 00'), fails: 'frame-malformed' },
    { when: 'cut off', input: sends('0B 88 02'), fails: 'frame-malformed' },
  ],
})
