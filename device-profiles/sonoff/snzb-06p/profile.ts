import { absent, hours, reading } from '@anju/contract'
import { zigbeeDevice } from '../../protocols/zigbee2mqtt/device.ts'
import { presenceIn } from '../../protocols/zigbee2mqtt/presence.ts'
import { defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = publishedOn('zigbee2mqtt/living room presence')

export default defineProfile({
  id: 'sonoff/snzb-06p',
  name: 'Presence sensor SNZB-06P',
  driver: 'mqtt',
  topic: 'zigbee2mqtt/NAME',
  models: ['SNZB-06P'],
  supervision: { reportEvery: hours(1), lostAfter: hours(4) },
  measures: {
    presence: { quantity: 'presence', name: 'Presence' },
    'link-quality': { quantity: 'link-quality', name: 'Link quality' },
  },
  events: {},
  walkTest: { do: 'Sit still in the room for two minutes, then leave it for five.', proves: 'presence' },
  wiring: ['On a USB supply, at chest height, away from fans and curtains.'],
  decode: zigbeeDevice({ points: ['link-quality'], more: presenceIn }),
  examples: [
    {
      when: 'somebody is there',
      input: says({ occupancy: true, illumination: 'bright', linkquality: 112 }),
      reads: { presence: reading(1), 'link-quality': reading(112) },
    },
    { when: 'nobody is there', input: says({ occupancy: false }), reads: { presence: reading(0) } },
    {
      when: 'nothing known after the bridge restarted',
      input: says({ occupancy: null, linkquality: 0 }),
      reads: { presence: absent('not-reported'), 'link-quality': reading(0) },
    },
    {
      when: 'a number where true or false belongs',
      input: says({ occupancy: 1 }),
      reads: { presence: absent('invalid') },
    },
    { when: 'the bridge no longer hears it', input: says({ state: 'offline' }, { under: 'availability' }), reads: {} },
    { when: 'cut off', input: says('{"occupancy":tr'), fails: 'payload-malformed' },
  ],
})
