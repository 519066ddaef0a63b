import { hours, reading } from '@anju/contract'
import { LORAWAN_TOPIC, lorawanSays, uplinkOf } from '../../protocols/chirpstack-v4/device.ts'
import { batteryFlag, NETVOX_PORT, netvoxDevice } from '../../protocols/other-lorawan/device.ts'
import { defineProfile } from '../../src/profile.ts'

const sends = uplinkOf('00137a1000004444', NETVOX_PORT)

export default defineProfile({
  id: 'netvox/r312a',
  name: 'SOS button R312A (LoRaWAN)',
  driver: 'mqtt',
  topic: LORAWAN_TOPIC,
  models: ['R312A', 'RB02I', 'R718T'],
  supervision: { reportEvery: hours(6), lostAfter: hours(19) },
  measures: {
    'battery-low': { quantity: 'battery-low', name: 'Battery low' },
    'battery-voltage': { quantity: 'battery-voltage', name: 'Battery voltage' },
  },
  events: {
    'sos-pressed': { class: 'life', from: 'edge' },
    'battery-low': { class: 'technical', from: 'level', of: 'battery-low' },
  },
  walkTest: { do: 'Press the button once.', proves: 'sos-pressed' },
  wiring: ['Within reach of somebody who lies on the floor; its report interval is six hours or less.'],
  decode: netvoxDevice(
    'R312A',
    'RB02I',
    'R718T',
  )({
    points: ['battery-voltage'],
    words: { 'battery-low': batteryFlag },
    events: ({ frame }) => (frame.pressed === true ? ['sos-pressed'] : []),
  }),
  examples: [
    {
      when: 'pressed',
      input: sends('01 4D 01 1C 01 00 00 00 00 00 00'),
      reads: { 'battery-low': reading(0), 'battery-voltage': reading(2.8) },
      events: ['sos-pressed'],
    },
    {
      when: 'a sign of life, battery low',
      input: sends('01 4D 01 98 00 00 00 00 00 00 00'),
      reads: { 'battery-low': reading(1), 'battery-voltage': reading(2.4) },
    },
    { when: 'it joins', input: lorawanSays('00137a1000004444')('join', {}), reads: {} },
    { when: 'cut off', input: sends('01 4D 01'), fails: 'frame-unknown' },
  ],
})
