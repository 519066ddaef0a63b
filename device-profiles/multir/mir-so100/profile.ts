import { absent, hours, reading } from '@anju/contract'
import { zigbeeDevice } from '../../protocols/zigbee2mqtt/device.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = publishedOn('zigbee2mqtt/hall button')

export default defineProfile({
  id: 'multir/mir-so100',
  name: 'SOS button MIR-SO100',
  driver: 'mqtt',
  topic: 'zigbee2mqtt/NAME',
  models: ['MIR-SO100'],
  supervision: { reportEvery: hours(6), lostAfter: hours(19) },
  measures: {
    battery: { quantity: 'battery-level', name: 'Battery level' },
    'link-quality': { quantity: 'link-quality', name: 'Link quality' },
  },
  events: { 'sos-pressed': { class: 'life', from: 'edge' }, ...batteryLow('battery') },
  walkTest: { do: 'Press the button once.', proves: 'sos-pressed' },
  wiring: ['Within reach of somebody who lies on the floor, or worn.'],
  // Whoever presses an emergency button means it, however long and often.
  decode: zigbeeDevice({
    points: ['battery', 'link-quality'],
    actions: { single: 'sos-pressed', double: 'sos-pressed', hold: 'sos-pressed' },
  }),
  examples: [
    {
      when: 'pressed',
      input: says({ action: 'single', battery: 51.5, linkquality: 192 }),
      reads: { battery: reading(51.5), 'link-quality': reading(192) },
      events: ['sos-pressed'],
    },
    { when: 'pressed twice', input: says({ action: 'double' }), reads: {}, events: ['sos-pressed'] },
    { when: 'held', input: says({ action: 'hold' }), reads: {}, events: ['sos-pressed'] },
    { when: 'pressed, as text', input: says('single', { under: 'action' }), reads: {}, events: ['sos-pressed'] },
    {
      when: 'announced again: nothing is known of the battery',
      input: says({ action: null, battery: null }),
      reads: { battery: absent('not-reported') },
    },
    { when: 'the bridge no longer hears it', input: says({ state: 'offline' }, { under: 'availability' }), reads: {} },
    { when: 'an action of another button', input: says({ action: 'single_left' }), fails: 'payload-malformed' },
    { when: 'cut off', input: says('{"action":"sin'), fails: 'payload-malformed' },
  ],
})
