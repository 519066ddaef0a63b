import { absent, hours, reading } from '@anju/contract'
import { LORAWAN_TOPIC, lorawanSays, uplinkOf } from '../../protocols/chirpstack-v4/device.ts'
import { MILESIGHT_PORT, milesightDevice } from '../../protocols/milesight-lorawan/device.ts'
import { defineProfile } from '../../src/profile.ts'
import { faultOf } from './codec.ts'

const sends = uplinkOf('24e124713b141234', MILESIGHT_PORT)

export default defineProfile({
  id: 'milesight/gs101',
  name: 'Combustible gas detector GS101 (LoRaWAN)',
  driver: 'mqtt',
  topic: LORAWAN_TOPIC,
  models: ['GS101'],
  supervision: { reportEvery: hours(1), lostAfter: hours(4) },
  measures: {
    gas: { quantity: 'gas', name: 'Gas' },
    fault: { quantity: 'device-fault', name: 'Sensor broken, worn out or without power' },
  },
  events: {
    'gas-leak': { class: 'hazard', from: 'level', of: 'gas' },
    'device-fault': { class: 'technical', from: 'level', of: 'fault' },
  },
  walkTest: { do: 'Let a little lighter gas reach the sensor for a second.', proves: 'gas-leak' },
  wiring: [
    'Natural gas rises: within 30 cm of the ceiling. Bottled gas sinks: within 30 cm of the floor. On the mains.',
  ],
  decode: milesightDevice({
    points: ['gas'],
    words: { fault: faultOf },
  }),
  examples: [
    { when: 'gas', input: sends('05 8E 01'), reads: { gas: reading(1) } },
    {
      when: 'its report: no gas, valve and relay at rest, nine hundred days left',
      input: sends('05 8E 00 06 01 00 07 01 00 08 90 00 A6 A2 04'),
      reads: { gas: reading(0) },
    },
    { when: 'a status that is neither', input: sends('05 8E 02'), reads: { gas: absent('invalid') } },
    { when: 'its sensor is broken', input: sends('FF 3F 02'), reads: { fault: reading(1) } },
    { when: 'its sensor is well again', input: sends('FF 3F 03'), reads: { fault: reading(0) } },
    { when: 'its sensor has come to its end', input: sends('FF 3F 05'), reads: { fault: reading(1) } },
    { when: 'the mains are gone', input: sends('FF 3F 00'), reads: { fault: reading(1) } },
    { when: 'the mains are back', input: sends('FF 3F 01'), reads: { fault: reading(0) } },
    { when: 'it joins', input: lorawanSays('24e124713b141234')('join', {}), reads: {} },
    { when: 'cut off', input: sends('05 8E'), fails: 'frame-malformed' },
  ],
})
