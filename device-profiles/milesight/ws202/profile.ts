import { absent, hours, reading } from '@anju/contract'
import { LORAWAN_TOPIC, uplinkOf } from '../../protocols/chirpstack-v4/device.ts'
import { MILESIGHT_PORT, milesightDevice } from '../../protocols/milesight-lorawan/device.ts'
import { switchWord } from '../../src/dialect-words.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'

const sends = uplinkOf('24e124538c141234', MILESIGHT_PORT)

export default defineProfile({
  id: 'milesight/ws202',
  name: 'Motion and light sensor WS202 (LoRaWAN)',
  driver: 'mqtt',
  topic: LORAWAN_TOPIC,
  models: ['WS202'],
  supervision: { reportEvery: hours(1), lostAfter: hours(4) },
  measures: {
    motion: { quantity: 'motion', name: 'Motion' },
    light: { quantity: 'light', name: 'Light' },
    battery: { quantity: 'battery-level', name: 'Battery level' },
  },
  events: { ...batteryLow('battery') },
  walkTest: { do: 'Walk through the room after a minute in which nobody moved.', proves: 'motion' },
  wiring: ['Two metres high in a corner; set its reporting interval to 60 minutes.'],
  decode: milesightDevice({
    points: ['battery'],
    words: { motion: switchWord('channel3'), light: switchWord('channel4') },
  }),
  examples: [
    {
      when: 'somebody moves in the dark',
      input: sends('01 75 10 03 00 01 04 00 00'),
      reads: { motion: reading(1), light: reading(0), battery: reading(16) },
    },
    { when: 'nobody moves any more', input: sends('03 00 00'), reads: { motion: reading(0) } },
    { when: 'neither', input: sends('04 00 05'), reads: { light: absent('invalid') } },
    { when: 'cut off', input: sends('01 75 10 03'), fails: 'frame-malformed' },
  ],
})
