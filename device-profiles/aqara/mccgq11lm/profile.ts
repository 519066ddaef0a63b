import { absent, hours, reading } from '@anju/contract'
import { zigbeeDevice } from '../../protocols/zigbee2mqtt/device.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = publishedOn('zigbee2mqtt/hall sensor')

export default defineProfile({
  id: 'aqara/mccgq11lm',
  name: 'Door and window contact MCCGQ11LM',
  driver: 'mqtt',
  topic: 'zigbee2mqtt/NAME',
  models: ['MCCGQ11LM', 'MCCGQ12LM', 'MCCGQ13LM', 'MCCGQ14LM'],
  // It speaks by itself within the hour; three missed reports and an hour of grace.
  supervision: { reportEvery: hours(1), lostAfter: hours(4) },
  measures: {
    contact: { quantity: 'contact', name: 'Contact' },
    battery: { quantity: 'battery-level', name: 'Battery level' },
    'battery-voltage': { quantity: 'battery-voltage', name: 'Battery voltage' },
    'link-quality': { quantity: 'link-quality', name: 'Link quality' },
  },
  events: { ...batteryLow('battery') },
  walkTest: { do: 'Open the door and close it.', proves: 'contact' },
  wiring: ['Magnet and sensor at most 22 mm apart, mark to mark.'],
  decode: zigbeeDevice({
    points: ['contact', 'battery', 'battery-voltage', 'link-quality'],
  }),
  examples: [
    {
      when: 'contact is true',
      input: says('{"contact":true,"battery":100,"voltage":3055,"device_temperature":31,"linkquality":92}'),
      reads: {
        contact: reading(1),
        battery: reading(100),
        'battery-voltage': reading(3.055),
        'link-quality': reading(92),
      },
    },
    {
      when: 'contact is false',
      input: says('{"contact":false,"linkquality":92}'),
      reads: { contact: reading(0), 'link-quality': reading(92) },
    },
    {
      when: 'a report of its own, without contact: nothing is known of it',
      input: says('{"battery":91,"voltage":2985,"linkquality":55}'),
      reads: { battery: reading(91), 'battery-voltage': reading(2.985), 'link-quality': reading(55) },
    },
    {
      when: 'nothing known after the bridge restarted',
      input: says('{"contact":null,"battery":null,"linkquality":0}'),
      reads: { contact: absent('not-reported'), battery: absent('not-reported'), 'link-quality': reading(0) },
    },
    {
      when: 'opened, by a bridge that says property by property',
      input: says('false', { under: 'contact' }),
      reads: { contact: reading(0) },
    },
    {
      when: 'a number where true or false belongs',
      input: says('{"contact":1}'),
      reads: { contact: absent('invalid') },
    },
    { when: 'cut off', input: says('{"contact":tr'), fails: 'payload-malformed' },
    { when: 'no JSON', input: says('true'), fails: 'payload-malformed' },
  ],
})
