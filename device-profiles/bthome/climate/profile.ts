import { hours, minutes, reading } from '@anju/contract'
import { BTHOME_OPTIONS, bthomeDevice } from '../../protocols/bthome-v2/device.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = publishedOn('home/OMG/BTtoMQTT/A4C138112233')

export default defineProfile({
  id: 'bthome/climate',
  name: 'Thermometer and hygrometer that speaks BTHome v2 (Bluetooth)',
  driver: 'mqtt',
  topic: 'home/GATEWAY/BTtoMQTT/ADDRESS',
  models: ['BTHome v2 thermometer', 'LYWSD03MMC (pvvx or ATC firmware)', 'SBHT-003C'],
  // It speaks every few seconds; a radio that hears one in a hundred still hears it within minutes.
  supervision: { reportEvery: minutes(30), lostAfter: hours(2) },
  measures: {
    temperature: { quantity: 'temperature', name: 'Temperature' },
    humidity: { quantity: 'relative-humidity', name: 'Relative humidity' },
    battery: { quantity: 'battery-level', name: 'Battery level' },
  },
  events: {
    'temperature-low': { class: 'hazard', from: 'below', of: 'temperature', raiseAt: 10, clearAt: 12 },
    ...batteryLow('battery'),
  },
  options: BTHOME_OPTIONS,
  walkTest: { do: 'Hold it in a warm hand for two minutes.', proves: 'temperature' },
  wiring: ['At chest height on an inner wall, away from the sun, the heater and the window.'],
  decode: bthomeDevice({ points: ['temperature', 'humidity', 'battery'] }),
  examples: [
    {
      when: 'its report',
      input: says('40 00 09 01 5D 02 5D 09 03 B7 18'),
      reads: { temperature: reading(23.97), humidity: reading(63.27), battery: reading(93) },
    },
    { when: 'frost', input: says('40 57 EA'), reads: { temperature: reading(-22) } },
    {
      when: 'what stands behind an unknown object is not guessed',
      input: says('40 01 5D FE 5D 09 03 B7 18'),
      reads: { battery: reading(93) },
    },
    { when: 'cut off', input: says('40 02 CA'), fails: 'frame-malformed' },
  ],
})
