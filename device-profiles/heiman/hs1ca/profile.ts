import { absent, hours, reading } from '@anju/contract'
import { zigbeeDevice } from '../../protocols/zigbee2mqtt/device.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = publishedOn('zigbee2mqtt/hall detector')

export default defineProfile({
  id: 'heiman/hs1ca',
  name: 'Carbon monoxide detector HS1CA',
  driver: 'mqtt',
  topic: 'zigbee2mqtt/NAME',
  models: ['HS1CA', 'HS1CA-E', 'HS1CA-M', 'HS3CA'],
  // It speaks by itself about once a day; three days is the longest that a silent detector may go unnoticed.
  supervision: { reportEvery: hours(24), lostAfter: hours(72) },
  measures: {
    'carbon-monoxide': { quantity: 'carbon-monoxide', name: 'Carbon monoxide' },
    tamper: { quantity: 'tamper', name: 'Tamper' },
    test: { quantity: 'self-test', name: 'Test button' },
    battery: { quantity: 'battery-level', name: 'Battery level' },
    'link-quality': { quantity: 'link-quality', name: 'Link quality' },
  },
  events: {
    'carbon-monoxide': { class: 'hazard', from: 'level', of: 'carbon-monoxide' },
    tamper: { class: 'technical', from: 'level', of: 'tamper' },
    test: { class: 'info', from: 'level', of: 'test' },
    ...batteryLow('battery'),
  },
  walkTest: {
    do: 'Let test gas reach the sensor; the test button of some firmware sounds without a message.',
    proves: 'carbon-monoxide',
  },
  wiring: ['At breathing height beside the bed, or within three metres of the boiler.'],
  decode: zigbeeDevice({
    points: ['carbon-monoxide', 'tamper', 'test', 'battery', 'link-quality'],
  }),
  examples: [
    {
      when: 'it goes off',
      input: says('{"carbon_monoxide":true,"tamper":false,"battery":97,"battery_low":false,"linkquality":80}'),
      reads: { 'carbon-monoxide': reading(1), tamper: reading(0), battery: reading(97), 'link-quality': reading(80) },
    },
    {
      when: 'all quiet, taken off its base',
      input: says('{"carbon_monoxide":false,"tamper":true,"battery":97,"linkquality":80}'),
      reads: { 'carbon-monoxide': reading(0), tamper: reading(1), battery: reading(97), 'link-quality': reading(80) },
    },
    {
      when: 'nothing known after the bridge restarted',
      input: says('{"carbon_monoxide":null,"tamper":null,"linkquality":0}'),
      reads: { 'carbon-monoxide': absent('not-reported'), tamper: absent('not-reported'), 'link-quality': reading(0) },
    },
    {
      when: 'a word where true or false belongs',
      input: says('{"carbon_monoxide":"true"}'),
      reads: { 'carbon-monoxide': absent('invalid') },
    },
    {
      when: 'the test button of a model that does not set the alarm',
      input: says('{"test":true,"carbon_monoxide":false}'),
      reads: { 'carbon-monoxide': reading(0), test: reading(1) },
    },
    { when: 'only a sign of life', input: says('{"linkquality":42}'), reads: { 'link-quality': reading(42) } },
    {
      when: 'the bridge no longer hears it',
      input: says('{"state":"offline"}', { under: 'availability' }),
      reads: {},
    },
    { when: 'cut off', input: says('{"carbon_monoxide":tru'), fails: 'payload-malformed' },
    { when: 'a list', input: says('[true]'), fails: 'payload-malformed' },
  ],
})
