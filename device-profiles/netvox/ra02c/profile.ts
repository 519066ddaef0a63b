import { hours, reading } from '@anju/contract'
import { LORAWAN_TOPIC, lorawanSays, uplinkOf } from '../../protocols/chirpstack-v4/device.ts'
import { batteryFlag, NETVOX_PORT, netvoxDevice } from '../../protocols/other-lorawan/device.ts'
import { defineProfile } from '../../src/profile.ts'

const sends = uplinkOf('00137a1000001111', NETVOX_PORT)

export default defineProfile({
  id: 'netvox/ra02c',
  name: 'Carbon monoxide detector RA02C (LoRaWAN)',
  driver: 'mqtt',
  topic: LORAWAN_TOPIC,
  models: ['RA02C'],
  supervision: { reportEvery: hours(6), lostAfter: hours(19) },
  measures: {
    'carbon-monoxide': { quantity: 'carbon-monoxide', name: 'Carbon monoxide' },
    'battery-low': { quantity: 'battery-low', name: 'Battery low' },
    'battery-voltage': { quantity: 'battery-voltage', name: 'Battery voltage' },
  },
  events: {
    'carbon-monoxide': { class: 'hazard', from: 'level', of: 'carbon-monoxide' },
    'battery-low': { class: 'technical', from: 'level', of: 'battery-low' },
  },
  walkTest: { do: 'Let test gas reach the sensor.', proves: 'carbon-monoxide' },
  wiring: ['At breathing height beside the bed, or within three metres of the boiler.'],
  decode: netvoxDevice('RA02C')({
    points: ['carbon-monoxide', 'battery-voltage'],
    words: { 'battery-low': batteryFlag },
  }),
  examples: [
    {
      when: 'it goes off',
      input: sends('01 11 01 1C 01 01 00 00 00 00 00'),
      reads: { 'carbon-monoxide': reading(1), 'battery-low': reading(0), 'battery-voltage': reading(2.8) },
    },
    {
      when: 'all quiet, battery low',
      input: sends('01 11 01 98 00 00 00 00 00 00 00'),
      reads: { 'carbon-monoxide': reading(0), 'battery-low': reading(1), 'battery-voltage': reading(2.4) },
    },
    { when: 'its versions', input: sends('01 11 00 0A 01 20 17 05 03 00 00'), reads: {} },
    { when: 'it joins', input: lorawanSays('00137a1000001111')('join', {}), reads: {} },
    {
      when: 'the report of a smoke detector',
      input: sends('01 0A 01 1C 01 00 00 D2 00 00 00'),
      fails: 'frame-unknown',
    },
    { when: 'cut off', input: sends('01 11 01 1C 01'), fails: 'frame-unknown' },
  ],
})
