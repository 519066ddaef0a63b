import { absent, hours, reading } from '@anju/contract'
import { zigbeeDevice } from '../../protocols/zigbee2mqtt/device.ts'
import { defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'
import { fallOf } from './codec.ts'

const says = publishedOn('zigbee2mqtt/bedroom radar')

export default defineProfile({
  id: 'tuya/mir-he200-ty',
  name: 'Fall radar MIR-HE200-TY',
  driver: 'mqtt',
  topic: 'zigbee2mqtt/NAME',
  models: ['MIR-HE200-TY'],
  // On the mains; the light in the room alone makes it speak several times a day.
  supervision: { reportEvery: hours(4), lostAfter: hours(13) },
  measures: {
    presence: { quantity: 'presence', name: 'Presence' },
    fall: { quantity: 'fall', name: 'Fall' },
    'maybe-fall': { quantity: 'fall', name: 'Suspected fall' },
    illuminance: { quantity: 'illuminance', name: 'Illuminance' },
    'link-quality': { quantity: 'link-quality', name: 'Link quality' },
  },
  events: {
    'fall-detected': { class: 'life', from: 'level', of: 'fall' },
    'fall-suspected': { class: 'info', from: 'level', of: 'maybe-fall' },
  },
  walkTest: { do: 'Walk through the room, then lie down on the floor for a minute.', proves: 'fall-detected' },
  wiring: ['On the ceiling, mains powered; the fall switch (tumble_switch) must be ON after pairing.'],
  decode: zigbeeDevice({
    points: ['presence', 'illuminance', 'link-quality'],
    more: fallOf,
  }),
  examples: [
    {
      when: 'a fall',
      input: says(
        '{"presence":true,"fall_down_status":"fall","tumble_switch":"ON","illuminance":12,"linkquality":120}',
      ),
      reads: {
        presence: reading(1),
        fall: reading(1),
        'maybe-fall': reading(1),
        illuminance: reading(12),
        'link-quality': reading(120),
      },
    },
    {
      when: 'it suspects a fall',
      input: says('{"presence":true,"fall_down_status":"maybe_fall"}'),
      reads: { presence: reading(1), fall: reading(0), 'maybe-fall': reading(1) },
    },
    {
      when: 'nobody fell',
      input: says('{"presence":false,"fall_down_status":"none","linkquality":99}'),
      reads: { presence: reading(0), fall: reading(0), 'maybe-fall': reading(0), 'link-quality': reading(99) },
    },
    {
      when: 'the fall switch is off: no answer, and not "no fall"',
      input: says('{"fall_down_status":"none","tumble_switch":"OFF"}'),
      reads: { fall: absent('not-supported'), 'maybe-fall': absent('not-supported') },
    },
    {
      when: 'a report that does not speak of falls',
      input: says('{"presence":true,"illuminance":80}'),
      reads: { presence: reading(1), illuminance: reading(80) },
    },
    {
      when: 'nothing known after the bridge restarted',
      input: says('{"presence":null,"fall_down_status":null}'),
      reads: {
        presence: absent('not-reported'),
        fall: absent('not-reported'),
        'maybe-fall': absent('not-reported'),
      },
    },
    {
      when: 'a word that is not known',
      input: says('{"fall_down_status":"tumbled"}'),
      reads: { fall: absent('invalid'), 'maybe-fall': absent('invalid') },
    },
    { when: 'cut off', input: says('{"fall_down_status":"fa'), fails: 'payload-malformed' },
    { when: 'empty', input: says(''), fails: 'payload-malformed' },
  ],
})
