import { absent, hours, reading } from '@anju/contract'
import { zigbeeDevice } from '../../protocols/zigbee2mqtt/device.ts'
import { defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'
import { statusOf } from './codec.ts'

const says = publishedOn('zigbee2mqtt/bedroom radar')

export default defineProfile({
  id: 'owon/fds315',
  name: 'Fall radar FDS315',
  driver: 'mqtt',
  topic: 'zigbee2mqtt/NAME',
  models: ['FDS315', 'FDS315-AH'],
  // On the mains; breathing and position of whoever is there come often, an empty room is told hourly.
  supervision: { reportEvery: hours(1), lostAfter: hours(4) },
  measures: {
    presence: { quantity: 'presence', name: 'Presence' },
    fall: { quantity: 'fall', name: 'Fall' },
    'respiration-rate': { quantity: 'respiration-rate', name: 'Breaths per minute' },
    'link-quality': { quantity: 'link-quality', name: 'Link quality' },
  },
  events: { 'fall-detected': { class: 'life', from: 'level', of: 'fall' } },
  walkTest: { do: 'Walk through the room, then lie down on the floor for a minute.', proves: 'fall-detected' },
  wiring: [
    'On the wall as its manual says; set bed, door and range in fall_detection_settings, or the bed counts as the floor.',
  ],
  decode: zigbeeDevice({ points: ['respiration-rate', 'link-quality'], more: statusOf }),
  examples: [
    {
      when: 'a fall',
      input: says({ status: 'falling', breathing_rate: 14, location_x: 120, location_y: -40, linkquality: 88 }),
      reads: {
        presence: reading(1),
        fall: reading(1),
        'respiration-rate': reading(14),
        'link-quality': reading(88),
      },
    },
    { when: 'in bed', input: says({ status: 'on_the_bed' }), reads: { presence: reading(1), fall: reading(0) } },
    { when: 'low down', input: says({ status: 'low_posture' }), reads: { presence: reading(1), fall: reading(0) } },
    {
      when: 'nobody there',
      input: says({ status: 'unoccupied', breathing_rate: null }),
      reads: { presence: reading(0), fall: reading(0), 'respiration-rate': absent('not-reported') },
    },
    {
      when: 'a status the bridge cannot name: neither raised nor cleared',
      input: says({ status: 'Unknown (9)' }),
      reads: { presence: absent('invalid'), fall: absent('invalid') },
    },
    {
      when: 'nothing known after the bridge restarted',
      input: says({ status: null }),
      reads: { presence: absent('not-reported'), fall: absent('not-reported') },
    },
    { when: 'the bridge no longer hears it', input: says({ state: 'offline' }, { under: 'availability' }), reads: {} },
    { when: 'cut off', input: says('{"status":"fal'), fails: 'payload-malformed' },
  ],
})
