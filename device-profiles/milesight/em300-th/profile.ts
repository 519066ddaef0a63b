import { hours, minutes, reading } from '@anju/contract'
import { LORAWAN_TOPIC, uplinkOf } from '../../protocols/chirpstack-v4/device.ts'
import { MILESIGHT_PORT, milesightDevice } from '../../protocols/milesight-lorawan/device.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'

const sends = uplinkOf('24e124136b325678', MILESIGHT_PORT)

export default defineProfile({
  id: 'milesight/em300-th',
  name: 'Thermometer and hygrometer EM300-TH (LoRaWAN)',
  driver: 'mqtt',
  topic: LORAWAN_TOPIC,
  models: ['EM300-TH', 'EM320-TH'],
  supervision: { reportEvery: minutes(10), lostAfter: hours(1) },
  measures: {
    temperature: { quantity: 'temperature', name: 'Temperature' },
    humidity: { quantity: 'relative-humidity', name: 'Relative humidity' },
    battery: { quantity: 'battery-level', name: 'Battery level' },
  },
  events: {
    'temperature-low': { class: 'hazard', from: 'below', of: 'temperature', raiseAt: 10, clearAt: 12 },
    ...batteryLow('battery'),
  },
  walkTest: { do: 'Hold it in a warm hand for two minutes.', proves: 'temperature' },
  wiring: ['At chest height on an inner wall, away from the sun, the heater and the window.'],
  decode: milesightDevice({ points: ['temperature', 'humidity', 'battery'] }),
  examples: [
    {
      when: 'its report',
      input: sends('01 75 5C 03 67 34 01 04 68 65'),
      reads: { temperature: reading(30.8), humidity: reading(50.5), battery: reading(92) },
    },
    { when: 'frost', input: sends('03 67 F6 FF'), reads: { temperature: reading(-1) } },
    { when: 'history: nothing of it is now', input: sends('20 CE 9E 74 46 63 10 01 5D'), reads: {} },
    { when: 'cut off', input: sends('03 67 34'), fails: 'frame-malformed' },
  ],
})
