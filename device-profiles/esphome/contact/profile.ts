import { minutes, reading } from '@anju/contract'
import { esphomeDevice, objectOption, stateOf } from '../../protocols/esphome/device.ts'
import { defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = stateOf('hall')
const options = { contact: 'binary_sensor/front_door', 'water-leak': 'binary_sensor/floor_wet' }

export default defineProfile({
  id: 'esphome/contact',
  name: 'Door contact or leak probe on ESPHome',
  driver: 'mqtt',
  topic: 'NODE',
  models: ['ESPHome binary_sensor (door, window, moisture)'],
  supervision: { reportEvery: minutes(5), lostAfter: minutes(16) },
  measures: {
    contact: { quantity: 'contact', name: 'Contact' },
    'water-leak': { quantity: 'water-leak', name: 'Water leak' },
  },
  events: { 'water-leak': { class: 'hazard', from: 'level', of: 'water-leak' } },
  options: {
    contact: objectOption('the door, ON when open', 'binary_sensor'),
    'water-leak': objectOption('the probe, ON when wet', 'binary_sensor'),
  },
  walkTest: { do: 'Open the door and close it; wet the probe.', proves: 'contact' },
  wiring: [
    'The device class is door, window or opening, ON when open; moisture, ON when wet.',
    'Give it a wifi_signal sensor every 60 s, so that a still home is told from a dead node.',
  ],
  decode: esphomeDevice({ contact: { inverted: true }, 'water-leak': {} }),
  examples: [
    { when: 'opened', options, input: says('binary_sensor/front_door', 'ON'), reads: { contact: reading(0) } },
    { when: 'closed', options, input: says('binary_sensor/front_door', 'OFF'), reads: { contact: reading(1) } },
    { when: 'water', options, input: says('binary_sensor/floor_wet', 'ON'), reads: { 'water-leak': reading(1) } },
    { when: 'another object: a sign of life', options, input: says('sensor/uptime', '86400'), reads: {} },
    { when: 'its last will', options, input: publishedOn('hall')('offline', { under: 'status' }), reads: {} },
    { when: 'neither on nor off', options, input: says('binary_sensor/front_door', 'open'), fails: 'frame-unknown' },
  ],
})
