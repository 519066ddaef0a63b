import { absent, hours, reading } from '@anju/contract'
import { zigbeeDevice } from '../../protocols/zigbee2mqtt/device.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = publishedOn('zigbee2mqtt/hall sensor')

export default defineProfile({
  id: 'aqara/sjcgq11lm',
  name: 'Water leak sensor SJCGQ11LM',
  driver: 'mqtt',
  topic: 'zigbee2mqtt/NAME',
  models: ['SJCGQ11LM', 'SJCGQ12LM'],
  // It speaks by itself within the hour; three missed reports and an hour of grace.
  supervision: { reportEvery: hours(1), lostAfter: hours(4) },
  measures: {
    'water-leak': { quantity: 'water-leak', name: 'Water leak' },
    tamper: { quantity: 'tamper', name: 'Tamper' },
    battery: { quantity: 'battery-level', name: 'Battery level' },
    'battery-voltage': { quantity: 'battery-voltage', name: 'Battery voltage' },
    'link-quality': { quantity: 'link-quality', name: 'Link quality' },
  },
  events: {
    'water-leak': { class: 'hazard', from: 'level', of: 'water-leak' },
    tamper: { class: 'technical', from: 'level', of: 'tamper' },
    ...batteryLow('battery'),
  },
  walkTest: { do: 'Lay it on a wet cloth until it has reported.', proves: 'water-leak' },
  wiring: ['Flat on the floor, under the tap or behind the machine; the two pins touch the ground.'],
  decode: zigbeeDevice({
    points: ['water-leak', 'tamper', 'battery', 'battery-voltage', 'link-quality'],
  }),
  examples: [
    {
      when: 'water_leak is true',
      input: says('{"water_leak":true,"battery":100,"voltage":3055,"device_temperature":31,"linkquality":92}'),
      reads: {
        'water-leak': reading(1),
        battery: reading(100),
        'battery-voltage': reading(3.055),
        'link-quality': reading(92),
      },
    },
    {
      when: 'water_leak is false',
      input: says('{"water_leak":false,"tamper":false,"linkquality":92}'),
      reads: { 'water-leak': reading(0), tamper: reading(0), 'link-quality': reading(92) },
    },
    {
      when: 'a report of its own, without water_leak: nothing is known of it',
      input: says('{"battery":91,"voltage":2985,"linkquality":55}'),
      reads: { battery: reading(91), 'battery-voltage': reading(2.985), 'link-quality': reading(55) },
    },
    {
      when: 'nothing known after the bridge restarted',
      input: says('{"water_leak":null,"battery":null,"linkquality":0}'),
      reads: { 'water-leak': absent('not-reported'), battery: absent('not-reported'), 'link-quality': reading(0) },
    },
    {
      when: 'a number where true or false belongs',
      input: says('{"water_leak":1}'),
      reads: { 'water-leak': absent('invalid') },
    },
    { when: 'cut off', input: says('{"water_leak":tr'), fails: 'payload-malformed' },
    { when: 'no JSON', input: says('true'), fails: 'payload-malformed' },
  ],
})
