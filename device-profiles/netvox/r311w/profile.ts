import { hours, reading } from '@anju/contract'
import { LORAWAN_TOPIC, lorawanSays, uplinkOf } from '../../protocols/chirpstack-v4/device.ts'
import { batteryFlag, NETVOX_PORT, netvoxDevice } from '../../protocols/other-lorawan/device.ts'
import { anyOf } from '../../src/dialect-words.ts'
import { defineProfile } from '../../src/profile.ts'

const sends = uplinkOf('00137a1000003333', NETVOX_PORT)

export default defineProfile({
  id: 'netvox/r311w',
  name: 'Water leak sensor R311W (LoRaWAN)',
  driver: 'mqtt',
  topic: LORAWAN_TOPIC,
  models: ['R311W', 'R718WA', 'R718WB'],
  supervision: { reportEvery: hours(18), lostAfter: hours(55) },
  measures: {
    'water-leak': { quantity: 'water-leak', name: 'Water leak' },
    'battery-low': { quantity: 'battery-low', name: 'Battery low' },
    'battery-voltage': { quantity: 'battery-voltage', name: 'Battery voltage' },
  },
  events: {
    'water-leak': { class: 'hazard', from: 'level', of: 'water-leak' },
    'battery-low': { class: 'technical', from: 'level', of: 'battery-low' },
  },
  walkTest: { do: 'Lay each probe on a wet cloth until it has reported.', proves: 'water-leak' },
  wiring: ['The probes flat on the floor, under the tap or behind the machine.'],
  // Of two probes one that is wet is enough.
  decode: netvoxDevice(
    'R311W',
    'R718WA',
    'R718WB',
  )({
    points: ['battery-voltage'],
    words: { 'water-leak': anyOf('water-leak'), 'battery-low': batteryFlag },
  }),
  examples: [
    {
      when: 'the second probe is wet',
      input: sends('01 06 01 1C 00 01 00 00 00 00 00'),
      reads: { 'water-leak': reading(1), 'battery-low': reading(0), 'battery-voltage': reading(2.8) },
    },
    {
      when: 'both are dry, battery low',
      input: sends('01 06 01 98 00 00 00 00 00 00 00'),
      reads: { 'water-leak': reading(0), 'battery-low': reading(1), 'battery-voltage': reading(2.4) },
    },
    {
      when: 'a model with one probe',
      input: sends('01 12 01 24 01 00 00 00 00 00 00'),
      reads: { 'water-leak': reading(1), 'battery-low': reading(0), 'battery-voltage': reading(3.6) },
    },
    { when: 'it joins', input: lorawanSays('00137a1000003333')('join', {}), reads: {} },
    { when: 'the report of a door', input: sends('01 02 01 1C 01 00 00 00 00 00 00'), fails: 'frame-unknown' },
    { when: 'cut off', input: sends('01 06'), fails: 'frame-unknown' },
  ],
})
