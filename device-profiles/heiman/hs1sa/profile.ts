import { absent, hours, reading } from '@anju/contract'
import { zigbeeDevice } from '../../protocols/zigbee2mqtt/device.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = publishedOn('zigbee2mqtt/hall detector')

export default defineProfile({
  id: 'heiman/hs1sa',
  name: 'Smoke detector HS1SA',
  driver: 'mqtt',
  topic: 'zigbee2mqtt/NAME',
  models: ['HS1SA', 'HS1SA-E', 'HS1SA-M', 'HS3SA', 'TS0205'],
  // It speaks by itself about once a day; three days is the longest that a silent detector may go unnoticed.
  supervision: { reportEvery: hours(24), lostAfter: hours(72) },
  measures: {
    smoke: { quantity: 'smoke', name: 'Smoke' },
    tamper: { quantity: 'tamper', name: 'Tamper' },
    test: { quantity: 'self-test', name: 'Test button' },
    battery: { quantity: 'battery-level', name: 'Battery level' },
    'link-quality': { quantity: 'link-quality', name: 'Link quality' },
  },
  events: {
    smoke: { class: 'hazard', from: 'level', of: 'smoke' },
    tamper: { class: 'technical', from: 'level', of: 'tamper' },
    test: { class: 'info', from: 'level', of: 'test' },
    ...batteryLow('battery'),
  },
  walkTest: {
    do: 'Press the test button for three seconds, then let the smoke of a test spray reach it.',
    proves: 'smoke',
  },
  wiring: ['On the ceiling, in the middle of the room, 50 cm from any wall or lamp.'],
  decode: zigbeeDevice({
    points: ['smoke', 'tamper', 'test', 'battery', 'link-quality'],
  }),
  examples: [
    {
      when: 'it goes off',
      input: says('{"smoke":true,"tamper":false,"battery":97,"battery_low":false,"linkquality":80}'),
      reads: { smoke: reading(1), tamper: reading(0), battery: reading(97), 'link-quality': reading(80) },
    },
    {
      when: 'all quiet, taken off its base',
      input: says('{"smoke":false,"tamper":true,"battery":97,"linkquality":80}'),
      reads: { smoke: reading(0), tamper: reading(1), battery: reading(97), 'link-quality': reading(80) },
    },
    {
      when: 'nothing known after the bridge restarted',
      input: says('{"smoke":null,"tamper":null,"linkquality":0}'),
      reads: { smoke: absent('not-reported'), tamper: absent('not-reported'), 'link-quality': reading(0) },
    },
    {
      when: 'a word where true or false belongs',
      input: says('{"smoke":"true"}'),
      reads: { smoke: absent('invalid') },
    },
    {
      when: 'the test button of a model that does not set the alarm',
      input: says('{"test":true,"smoke":false}'),
      reads: { smoke: reading(0), test: reading(1) },
    },
    { when: 'only a sign of life', input: says('{"linkquality":42}'), reads: { 'link-quality': reading(42) } },
    {
      when: 'the bridge no longer hears it',
      input: says('{"state":"offline"}', { under: 'availability' }),
      reads: {},
    },
    { when: 'cut off', input: says('{"smoke":tru'), fails: 'payload-malformed' },
    { when: 'a list', input: says('[true]'), fails: 'payload-malformed' },
  ],
})
