import { absent, hours, reading } from '@anju/contract'
import { LORAWAN_TOPIC, uplinkOf } from '../../protocols/chirpstack-v4/device.ts'
import { MILESIGHT_PORT, milesightDevice } from '../../protocols/milesight-lorawan/device.ts'
import { switchWord } from '../../src/dialect-words.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'

const sends = uplinkOf('24e124539c141234', MILESIGHT_PORT)

export default defineProfile({
  id: 'milesight/ws203',
  name: 'Motion, temperature and humidity sensor WS203 (LoRaWAN)',
  driver: 'mqtt',
  topic: LORAWAN_TOPIC,
  models: ['WS203'],
  supervision: { reportEvery: hours(1), lostAfter: hours(4) },
  measures: {
    motion: { quantity: 'motion', name: 'Motion' },
    temperature: { quantity: 'temperature', name: 'Temperature' },
    humidity: { quantity: 'relative-humidity', name: 'Relative humidity' },
    battery: { quantity: 'battery-level', name: 'Battery level' },
  },
  events: {
    'temperature-low': { class: 'hazard', from: 'below', of: 'temperature', raiseAt: 10, clearAt: 12 },
    ...batteryLow('battery'),
  },
  walkTest: { do: 'Walk through the room after a minute in which nobody moved.', proves: 'motion' },
  wiring: ['Two metres high in a corner of an inner wall; set its reporting interval to 60 minutes.'],
  decode: milesightDevice({
    points: ['temperature', 'humidity', 'battery'],
    words: { motion: switchWord('channel5') },
  }),
  examples: [
    {
      when: 'its report, nobody moves',
      input: sends('01 75 64 03 67 34 01 04 68 65 05 00 00'),
      reads: { motion: reading(0), temperature: reading(30.8), humidity: reading(50.5), battery: reading(100) },
    },
    { when: 'somebody moves', input: sends('05 00 01'), reads: { motion: reading(1) } },
    { when: 'a threshold was crossed', input: sends('83 67 22 01 01'), reads: { temperature: reading(29) } },
    { when: 'neither', input: sends('05 00 02'), reads: { motion: absent('invalid') } },
    { when: 'history: nothing of it is now', input: sends('20 CE AE 5B A6 64 04 00 24 01 65'), reads: {} },
    { when: 'cut off', input: sends('03 67 34'), fails: 'frame-malformed' },
  ],
})
