import { hours, reading } from '@anju/contract'
import { LORAWAN_TOPIC, lorawanSays, uplinkOf } from '../../protocols/chirpstack-v4/device.ts'
import { MILESIGHT_PORT, milesightDevice } from '../../protocols/milesight-lorawan/device.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'

const sends = uplinkOf('24e124535b310056', MILESIGHT_PORT)
const server = lorawanSays('24e124535b310056')

export default defineProfile({
  id: 'milesight/ws101',
  name: 'SOS button WS101 (LoRaWAN)',
  driver: 'mqtt',
  topic: LORAWAN_TOPIC,
  models: ['WS101', 'WS101-SOS'],
  // 1080 minutes from the factory: set it to 360, so that a dead button is found within the day.
  supervision: { reportEvery: hours(6), lostAfter: hours(19) },
  measures: { battery: { quantity: 'battery-level', name: 'Battery level' } },
  events: { 'sos-pressed': { class: 'life', from: 'edge' }, ...batteryLow('battery') },
  walkTest: { do: 'Press the button once, in the farthest corner of the home.', proves: 'sos-pressed' },
  wiring: ['Within reach of somebody who lies on the floor; set its reporting interval to 360 minutes.'],
  // Whoever presses an emergency button means it, however long and often.
  decode: milesightDevice({
    points: ['battery'],
    events: ({ frame }) => (typeof frame.button === 'string' ? ['sos-pressed'] : []),
  }),
  examples: [
    { when: 'pressed', input: sends('01 75 10 FF 2E 01'), reads: { battery: reading(16) }, events: ['sos-pressed'] },
    { when: 'held', input: sends('FF 2E 02'), reads: {}, events: ['sos-pressed'] },
    { when: 'pressed twice', input: sends('FF 2E 03'), reads: {}, events: ['sos-pressed'] },
    { when: 'a sign of life', input: sends('01 75 64'), reads: { battery: reading(100) } },
    { when: 'a press that is none of its kinds', input: sends('FF 2E 09'), reads: {} },
    {
      when: 'switched on',
      input: sends('FF 0B FF FF 01 01 FF 08 64 12 B4 32 00 01 FF 09 01 00 FF 0A 01 01 FF 0F 00'),
      reads: {},
    },
    { when: 'it joins', input: server('join', { devAddr: '00189440' }), reads: {} },
    {
      when: 'the network server asked for its battery',
      input: server('status', { margin: 7, batteryLevel: 75.6 }),
      reads: { battery: reading(75.6) },
    },
    {
      when: 'the network server complains about itself',
      input: server('log', { level: 'ERROR', code: 'UPLINK_CODEC', description: 'script error' }),
      reads: {},
    },
    { when: 'cut off', input: sends('01 75 10 FF 2E'), fails: 'frame-malformed' },
    {
      when: 'another device than in the topic',
      input: server('up', { deviceInfo: { devEui: '0101010101010101' } }),
      fails: 'payload-malformed',
    },
  ],
})
