import { absent, hours, reading } from '@anju/contract'
import { zigbeeDevice } from '../../protocols/zigbee2mqtt/device.ts'
import { fallIn } from '../../protocols/zigbee2mqtt/fall.ts'
import { presenceIn } from '../../protocols/zigbee2mqtt/presence.ts'
import { defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = publishedOn('zigbee2mqtt/bathroom radar')

export default defineProfile({
  id: 'heiman/hs2fd',
  name: 'Fall radar HS2FD',
  driver: 'mqtt',
  topic: 'zigbee2mqtt/NAME',
  models: ['HS2FD-EF1-3.0'],
  // On the mains; its occupancy reports come hourly at the latest.
  supervision: { reportEvery: hours(1), lostAfter: hours(4) },
  measures: {
    presence: { quantity: 'presence', name: 'Presence' },
    fall: { quantity: 'fall', name: 'Fall' },
    'maybe-fall': { quantity: 'fall', name: 'Suspected fall' },
    'link-quality': { quantity: 'link-quality', name: 'Link quality' },
  },
  events: {
    'fall-detected': { class: 'life', from: 'level', of: 'fall' },
    'fall-suspected': { class: 'info', from: 'level', of: 'maybe-fall' },
  },
  walkTest: { do: 'Walk through the room, then lie down on the floor for a minute.', proves: 'fall-detected' },
  wiring: [
    'Mains powered; set installation_method to how it hangs (wall, ceiling) and the room in its mounting table.',
    'The sensitivity must not be Off.',
  ],
  decode: zigbeeDevice({
    points: ['link-quality'],
    more: (properties) => ({ ...presenceIn(properties), ...fallIn(properties, 'fall_status') }),
  }),
  examples: [
    {
      when: 'a fall',
      input: says({ occupancy: true, sensor_status: 'activity', fall_status: 'fall_alarm', linkquality: 120 }),
      reads: { presence: reading(1), fall: reading(1), 'maybe-fall': reading(1), 'link-quality': reading(120) },
    },
    {
      when: 'a warning: the prompt asks, nobody is called yet',
      input: says({ occupancy: true, fall_status: 'fall_warning' }),
      reads: { presence: reading(1), fall: reading(0), 'maybe-fall': reading(1) },
    },
    {
      when: 'nobody there',
      input: says({ occupancy: false, sensor_status: 'none', fall_status: 'normal' }),
      reads: { presence: reading(0), fall: reading(0), 'maybe-fall': reading(0) },
    },
    {
      when: 'a status the bridge cannot name: neither raised nor cleared',
      input: says({ fall_status: 'unknown' }),
      reads: { fall: absent('invalid'), 'maybe-fall': absent('invalid') },
    },
    {
      when: 'nothing known after the bridge restarted',
      input: says({ occupancy: null, fall_status: null, linkquality: 0 }),
      reads: {
        presence: absent('not-reported'),
        fall: absent('not-reported'),
        'maybe-fall': absent('not-reported'),
        'link-quality': reading(0),
      },
    },
    { when: 'the bridge no longer hears it', input: says({ state: 'offline' }, { under: 'availability' }), reads: {} },
    { when: 'cut off', input: says('{"fall_status":"fa'), fails: 'payload-malformed' },
  ],
})
