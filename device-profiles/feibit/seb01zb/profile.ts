import { absent, reading } from '@anju/contract'
import { zigbeeDevice } from '../../protocols/zigbee2mqtt/device.ts'
import { sosButton } from '../../protocols/zigbee2mqtt/sos-button.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = publishedOn('zigbee2mqtt/toilet button')

export default defineProfile({
  id: 'feibit/seb01zb',
  name: 'SOS button SEB01ZB',
  models: ['SEB01ZB', 'FNB56-SOS03FB1.5'],
  ...sosButton,
  measures: {
    battery: { quantity: 'battery-level', name: 'Battery level' },
    tamper: { quantity: 'tamper', name: 'Tamper' },
    'link-quality': { quantity: 'link-quality', name: 'Link quality' },
  },
  events: {
    'sos-pressed': { class: 'life', from: 'edge' },
    tamper: { class: 'technical', from: 'level', of: 'tamper' },
    ...batteryLow('battery'),
  },
  wiring: [
    'Within reach of somebody who lies on the floor.',
    'In zigbee2mqtt set filtered_cache to sos for this device, or the bridge repeats the press with every battery report.',
  ],
  knownFaults: [
    {
      firmware: 'any',
      fault: 'The press is a state that the bridge repeats until the button tells that it was let go.',
    },
  ],
  // As a level, a second press would be lost while the first is not taken back: a press told twice is a second look, a press
  // that is lost is a life.
  decode: zigbeeDevice({
    points: ['battery', 'tamper', 'link-quality'],
    happened: ({ sos }) => (sos === true ? ['sos-pressed'] : []),
  }),
  examples: [
    {
      when: 'pressed',
      input: says({ sos: true, tamper: false, battery_low: false, battery: 100, linkquality: 55 }),
      reads: { battery: reading(100), tamper: reading(0), 'link-quality': reading(55) },
      events: ['sos-pressed'],
    },
    {
      when: 'let go',
      input: says({ sos: false, tamper: false, linkquality: 55 }),
      reads: { tamper: reading(0), 'link-quality': reading(55) },
    },
    { when: 'taken off the wall', input: says({ sos: false, tamper: true }), reads: { tamper: reading(1) } },
    {
      when: 'nothing known after the bridge restarted',
      input: says({ sos: null, tamper: null, battery: null }),
      reads: { battery: absent('not-reported'), tamper: absent('not-reported') },
    },
    { when: 'the bridge no longer hears it', input: says({ state: 'offline' }, { under: 'availability' }), reads: {} },
    { when: 'cut off', input: says('{"sos":tr'), fails: 'payload-malformed' },
  ],
})
