import { absent, hours, reading } from '@anju/contract'
import { zigbeeDevice } from '../../protocols/zigbee2mqtt/device.ts'
import { defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = publishedOn('zigbee2mqtt/hall detector')

export default defineProfile({
  id: 'heiman/hs1cg',
  name: 'Combustible gas detector HS1CG',
  driver: 'mqtt',
  topic: 'zigbee2mqtt/NAME',
  models: ['HS1CG', 'HS1CG-E', 'HS1CG-M', 'HS3CG', 'HS1CG_M', 'HS1CG_H'],
  // It speaks by itself about once a day; three days is the longest that a silent detector may go unnoticed.
  supervision: { reportEvery: hours(24), lostAfter: hours(72) },
  measures: {
    gas: { quantity: 'gas', name: 'Gas' },
    tamper: { quantity: 'tamper', name: 'Tamper' },
    test: { quantity: 'self-test', name: 'Test button' },
    'link-quality': { quantity: 'link-quality', name: 'Link quality' },
  },
  events: {
    'gas-leak': { class: 'hazard', from: 'level', of: 'gas' },
    tamper: { class: 'technical', from: 'level', of: 'tamper' },
    test: { class: 'info', from: 'level', of: 'test' },
  },
  walkTest: { do: 'Let a little lighter gas reach the sensor for a second.', proves: 'gas-leak' },
  wiring: ['Natural gas rises: within 30 cm of the ceiling. Bottled gas sinks: within 30 cm of the floor.'],
  decode: zigbeeDevice({
    points: ['gas', 'tamper', 'test', 'link-quality'],
  }),
  examples: [
    {
      when: 'it goes off',
      input: says('{"gas":true,"tamper":false,"battery_low":false,"linkquality":80}'),
      reads: { gas: reading(1), tamper: reading(0), 'link-quality': reading(80) },
    },
    {
      when: 'all quiet, taken off its base',
      input: says('{"gas":false,"tamper":true,"linkquality":80}'),
      reads: { gas: reading(0), tamper: reading(1), 'link-quality': reading(80) },
    },
    {
      when: 'nothing known after the bridge restarted',
      input: says('{"gas":null,"tamper":null,"linkquality":0}'),
      reads: { gas: absent('not-reported'), tamper: absent('not-reported'), 'link-quality': reading(0) },
    },
    {
      when: 'a word where true or false belongs',
      input: says('{"gas":"true"}'),
      reads: { gas: absent('invalid') },
    },
    {
      when: 'the test button of a model that does not set the alarm',
      input: says('{"test":true,"gas":false}'),
      reads: { gas: reading(0), test: reading(1) },
    },
    { when: 'only a sign of life', input: says('{"linkquality":42}'), reads: { 'link-quality': reading(42) } },
    {
      when: 'the bridge no longer hears it',
      input: says('{"state":"offline"}', { under: 'availability' }),
      reads: {},
    },
    { when: 'cut off', input: says('{"gas":tru'), fails: 'payload-malformed' },
    { when: 'a list', input: says('[true]'), fails: 'payload-malformed' },
  ],
})
