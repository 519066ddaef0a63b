import { hours, reading } from '@anju/contract'
import { LORAWAN_TOPIC, lorawanSays, uplinkOf } from '../../protocols/chirpstack-v4/device.ts'
import { batteryFlag, contactWord, NETVOX_PORT, netvoxDevice, OPEN_IS } from '../../protocols/other-lorawan/device.ts'
import { defineProfile } from '../../src/profile.ts'

const sends = uplinkOf('00137a1000002222', NETVOX_PORT)

export default defineProfile({
  id: 'netvox/r311a',
  name: 'Door and window contact R311A (LoRaWAN)',
  driver: 'mqtt',
  topic: LORAWAN_TOPIC,
  models: ['R311A', 'R718F', 'R311CA', 'R313CB'],
  supervision: { reportEvery: hours(18), lostAfter: hours(55) },
  measures: {
    contact: { quantity: 'contact', name: 'Contact' },
    'contact-2': { quantity: 'contact', name: 'Second contact' },
    'battery-low': { quantity: 'battery-low', name: 'Battery low' },
    'battery-voltage': { quantity: 'battery-voltage', name: 'Battery voltage' },
  },
  events: { 'battery-low': { class: 'technical', from: 'level', of: 'battery-low' } },
  options: { 'open-is': OPEN_IS },
  walkTest: { do: 'Open the door and close it.', proves: 'contact' },
  wiring: [
    'Magnet and sensor at most 15 mm apart.',
    'See in the walk test that 1 is closed here; else set open-is to 0.',
  ],
  decode: netvoxDevice(
    'R311A',
    'R718F',
    'R311CA',
    'R313CB',
  )({
    points: ['battery-voltage'],
    words: { contact: contactWord('status1'), 'contact-2': contactWord('status2'), 'battery-low': batteryFlag },
  }),
  examples: [
    {
      when: 'opened',
      input: sends('01 02 01 1C 01 00 00 00 00 00 00'),
      reads: { contact: reading(0), 'battery-low': reading(0), 'battery-voltage': reading(2.8) },
    },
    {
      when: 'two contacts, the second one open, battery low',
      input: sends('01 56 01 97 00 01 00 00 00 00 00'),
      reads: {
        contact: reading(1),
        'contact-2': reading(0),
        'battery-low': reading(1),
        'battery-voltage': reading(2.3),
      },
    },
    {
      when: 'wired the other way round',
      options: { 'open-is': '0' },
      input: sends('01 02 01 1C 01 00 00 00 00 00 00'),
      reads: { contact: reading(1), 'battery-low': reading(0), 'battery-voltage': reading(2.8) },
    },
    { when: 'it joins', input: lorawanSays('00137a1000002222')('join', {}), reads: {} },
    { when: 'the report of a leak sensor', input: sends('01 06 01 1C 00 01 00 00 00 00 00'), fails: 'frame-unknown' },
    { when: 'cut off', input: sends('01 02 01'), fails: 'frame-unknown' },
  ],
})
