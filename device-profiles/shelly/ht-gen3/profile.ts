import { absent, hours, reading } from '@anju/contract'
import { notifies, shellyDevice } from '../../protocols/shelly-gen2/device.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = notifies('shellyhtg3-3030f9ec8468')
const states = publishedOn('shellyhtg3-3030f9ec8468')

export default defineProfile({
  id: 'shelly/ht-gen3',
  name: 'Thermometer and hygrometer Shelly H&T',
  driver: 'mqtt',
  topic: 'SHELLY-ID',
  models: ['S3SN-0U12A', 'SNSN-0013A'],
  // It wakes every two hours, and when it gets half a degree warmer or colder.
  supervision: { reportEvery: hours(2), lostAfter: hours(7) },
  measures: {
    temperature: { quantity: 'temperature', name: 'Temperature' },
    humidity: { quantity: 'relative-humidity', name: 'Relative humidity' },
    battery: { quantity: 'battery-level', name: 'Battery level' },
    'battery-voltage': { quantity: 'battery-voltage', name: 'Battery voltage' },
  },
  events: {
    // A home that is so cold has no heating: danger to life for an old person, and to the water pipes soon after.
    'temperature-low': { class: 'hazard', from: 'below', of: 'temperature', raiseAt: 10, clearAt: 12 },
    ...batteryLow('battery'),
  },
  walkTest: { do: 'Press its button: it wakes and reports.', proves: 'temperature' },
  wiring: ['At chest height on an inner wall, away from the sun, the heater and the window.'],
  decode: shellyDevice({ points: ['temperature', 'humidity', 'battery', 'battery-voltage'] }),
  examples: [
    {
      when: 'its report',
      input: says(
        {
          'temperature:0': { id: 0, tC: 21.4, tF: 70.5 },
          'humidity:0': { id: 0, rh: 48.2 },
          'devicepower:0': { id: 0, battery: { V: 5.32, percent: 71 }, external: { present: false } },
        },
        { method: 'NotifyFullStatus' },
      ),
      reads: {
        temperature: reading(21.4),
        humidity: reading(48.2),
        battery: reading(71),
        'battery-voltage': reading(5.32),
      },
    },
    { when: 'frost', input: says({ 'temperature:0': { id: 0, tC: -1.5 } }), reads: { temperature: reading(-1.5) } },
    {
      when: 'its sensor is broken',
      input: says({ 'temperature:0': { id: 0, tC: null, tF: null, errors: ['read'] } }),
      reads: { temperature: absent('not-reported') },
    },
    { when: 'asleep again: its last will', input: states('false', { under: 'online' }), reads: {} },
    { when: 'cut off', input: states('{"src":"shelly', { under: 'events/rpc' }), fails: 'payload-malformed' },
  ],
})
