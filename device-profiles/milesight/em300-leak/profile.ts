import { absent, hours, minutes, reading } from '@anju/contract'
import { LORAWAN_TOPIC, uplinkOf } from '../../protocols/chirpstack-v4/device.ts'
import { MILESIGHT_PORT, milesightDevice } from '../../protocols/milesight-lorawan/device.ts'
import { switchWord } from '../../src/dialect-words.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'

const sends = uplinkOf('24e124136b422222', MILESIGHT_PORT)
const spot = switchWord('channel5')
const membrane = switchWord('channel6')

export default defineProfile({
  id: 'milesight/em300-leak',
  name: 'Water leak sensor EM300-SLD, -ZLD or -MLD (LoRaWAN)',
  driver: 'mqtt',
  topic: LORAWAN_TOPIC,
  models: ['EM300-SLD', 'EM300-ZLD', 'EM300-MLD'],
  supervision: { reportEvery: minutes(10), lostAfter: hours(1) },
  measures: {
    'water-leak': { quantity: 'water-leak', name: 'Water leak' },
    temperature: { quantity: 'temperature', name: 'Temperature' },
    humidity: { quantity: 'relative-humidity', name: 'Relative humidity' },
    battery: { quantity: 'battery-level', name: 'Battery level' },
  },
  events: { 'water-leak': { class: 'hazard', from: 'level', of: 'water-leak' }, ...batteryLow('battery') },
  walkTest: { do: 'Lay the probe on a wet cloth until it has reported.', proves: 'water-leak' },
  wiring: ['The probe or its cable flat on the floor, under the tap or behind the machine.'],
  // The MLD tells it under channel 6 by its table and under 5 by its example; the others only under 5.
  decode: milesightDevice({
    points: ['temperature', 'humidity', 'battery'],
    words: { 'water-leak': (told) => spot(told) ?? membrane(told) },
  }),
  examples: [
    {
      when: 'dry',
      input: sends('01 75 5C 03 67 34 01 04 68 65 05 00 00'),
      reads: { 'water-leak': reading(0), temperature: reading(30.8), humidity: reading(50.5), battery: reading(92) },
    },
    { when: 'water', input: sends('05 00 01'), reads: { 'water-leak': reading(1) } },
    {
      when: 'water on a membrane',
      input: sends('01 75 5C 06 00 01'),
      reads: { 'water-leak': reading(1), battery: reading(92) },
    },
    { when: 'neither wet nor dry', input: sends('05 00 07'), reads: { 'water-leak': absent('invalid') } },
    { when: 'a leak of the past, from its history', input: sends('20 CE 9E 74 46 63 10 01 5D 01'), reads: {} },
    { when: 'cut off', input: sends('05 00'), fails: 'frame-malformed' },
  ],
})
