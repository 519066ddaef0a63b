import { absent, hours, reading } from '@anju/contract'
import { zigbeeDevice } from '../../protocols/zigbee2mqtt/device.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = publishedOn('zigbee2mqtt/hall sensor')

export default defineProfile({
  id: 'aqara/rtcgq11lm',
  name: 'Motion sensor RTCGQ11LM',
  driver: 'mqtt',
  topic: 'zigbee2mqtt/NAME',
  models: ['RTCGQ11LM', 'RTCGQ01LM', 'RTCGQ12LM'],
  // It speaks by itself within the hour; three missed reports and an hour of grace.
  supervision: { reportEvery: hours(1), lostAfter: hours(4) },
  measures: {
    motion: { quantity: 'motion', name: 'Motion' },
    illuminance: { quantity: 'illuminance', name: 'Illuminance' },
    battery: { quantity: 'battery-level', name: 'Battery level' },
    'battery-voltage': { quantity: 'battery-voltage', name: 'Battery voltage' },
    'link-quality': { quantity: 'link-quality', name: 'Link quality' },
  },
  events: { ...batteryLow('battery') },
  walkTest: { do: 'Walk through the room after a minute in which nobody moved.', proves: 'motion' },
  wiring: ['Two metres high in a corner, looking across the way people walk, not at a heater or a window.'],
  decode: zigbeeDevice({
    points: ['motion', 'illuminance', 'battery', 'battery-voltage', 'link-quality'],
  }),
  examples: [
    {
      when: 'occupancy is true',
      input: says(
        '{"occupancy":true,"illuminance":109,"battery":100,"voltage":3055,"device_temperature":31,"linkquality":92}',
      ),
      reads: {
        motion: reading(1),
        illuminance: reading(109),
        battery: reading(100),
        'battery-voltage': reading(3.055),
        'link-quality': reading(92),
      },
    },
    {
      when: 'occupancy is false',
      input: says('{"occupancy":false,"linkquality":92}'),
      reads: { motion: reading(0), 'link-quality': reading(92) },
    },
    {
      when: 'a report of its own, without occupancy: nothing is known of it',
      input: says('{"battery":91,"voltage":2985,"linkquality":55}'),
      reads: { battery: reading(91), 'battery-voltage': reading(2.985), 'link-quality': reading(55) },
    },
    {
      when: 'nothing known after the bridge restarted',
      input: says('{"occupancy":null,"battery":null,"linkquality":0}'),
      reads: { motion: absent('not-reported'), battery: absent('not-reported'), 'link-quality': reading(0) },
    },
    {
      when: 'a number where true or false belongs',
      input: says('{"occupancy":1}'),
      reads: { motion: absent('invalid') },
    },
    {
      when: 'an old bridge, whose illuminance is a raw logarithm',
      input: says('{"occupancy":true,"illuminance":20369,"illuminance_lux":109}'),
      reads: { motion: reading(1), illuminance: reading(109) },
    },
    { when: 'cut off', input: says('{"occupancy":tr'), fails: 'payload-malformed' },
    { when: 'no JSON', input: says('true'), fails: 'payload-malformed' },
  ],
})
