import { absent, hours, minutes, reading } from '@anju/contract'
import { LORAWAN_TOPIC, uplinkOf } from '../../protocols/chirpstack-v4/device.ts'
import { MILESIGHT_PORT, milesightDevice } from '../../protocols/milesight-lorawan/device.ts'
import { switchWord } from '../../src/dialect-words.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'

const sends = uplinkOf('24e124136b411111', MILESIGHT_PORT)

export default defineProfile({
  id: 'milesight/em300-mcs',
  name: 'Door contact and thermometer EM300-MCS (LoRaWAN)',
  driver: 'mqtt',
  topic: LORAWAN_TOPIC,
  models: ['EM300-MCS'],
  supervision: { reportEvery: minutes(10), lostAfter: hours(1) },
  measures: {
    contact: { quantity: 'contact', name: 'Contact' },
    temperature: { quantity: 'temperature', name: 'Temperature' },
    humidity: { quantity: 'relative-humidity', name: 'Relative humidity' },
    battery: { quantity: 'battery-level', name: 'Battery level' },
  },
  events: { ...batteryLow('battery') },
  walkTest: { do: 'Open the door and close it.', proves: 'contact' },
  wiring: ['Magnet and probe at most 15 mm apart; the thermometer hangs where its box does.'],
  decode: milesightDevice({
    points: ['temperature', 'humidity', 'battery'],
    words: { contact: switchWord('channel6', { inverted: true }) },
  }),
  examples: [
    {
      when: 'opened',
      input: sends('01 75 5C 03 67 34 01 04 68 65 06 00 01'),
      reads: { contact: reading(0), temperature: reading(30.8), humidity: reading(50.5), battery: reading(92) },
    },
    { when: 'closed', input: sends('06 00 00'), reads: { contact: reading(1) } },
    { when: 'neither', input: sends('06 00 02'), reads: { contact: absent('invalid') } },
    { when: 'history: nothing of it is now', input: sends('20 CE 9E 74 46 63 10 01 5D 01'), reads: {} },
    { when: 'cut off', input: sends('06 00'), fails: 'frame-malformed' },
  ],
})
