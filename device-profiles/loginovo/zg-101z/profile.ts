import { absent, reading } from '@anju/contract'
import { zigbeeDevice } from '../../protocols/zigbee2mqtt/device.ts'
import { sosButton } from '../../protocols/zigbee2mqtt/sos-button.ts'
import { defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = publishedOn('zigbee2mqtt/bedside button')

export default defineProfile({
  id: 'loginovo/zg-101z',
  name: 'SOS button ZG-101Z',
  models: ['ZG-101Z'],
  ...sosButton,
  measures: {
    'battery-low': { quantity: 'battery-low', name: 'Battery low' },
    'link-quality': { quantity: 'link-quality', name: 'Link quality' },
  },
  events: {
    'sos-pressed': { class: 'life', from: 'edge' },
    'battery-low': { class: 'technical', from: 'level', of: 'battery-low' },
  },
  wiring: ['Beside the bed or worn; within reach of somebody who lies on the floor.'],
  // Two of its data points are presses; which of them a batch uses differs.
  decode: zigbeeDevice({
    points: ['battery-low', 'link-quality'],
    actions: { sos: 'sos-pressed', emergency: 'sos-pressed' },
  }),
  examples: [
    {
      when: 'pressed',
      input: says({ action: 'sos', battery_low: false, linkquality: 71 }),
      reads: { 'battery-low': reading(0), 'link-quality': reading(71) },
      events: ['sos-pressed'],
    },
    {
      when: 'pressed, a batch with the other word',
      input: says({ action: 'emergency', linkquality: 71 }),
      reads: { 'link-quality': reading(71) },
      events: ['sos-pressed'],
    },
    {
      when: 'pressed, the battery running out',
      input: says({ action: 'sos', battery_low: true }),
      reads: { 'battery-low': reading(1) },
      events: ['sos-pressed'],
    },
    { when: 'pressed, as text', input: says('sos', { under: 'action' }), reads: {}, events: ['sos-pressed'] },
    {
      when: 'announced again: nothing is known of the battery',
      input: says({ action: null, battery_low: null, linkquality: 0 }),
      reads: { 'battery-low': absent('not-reported'), 'link-quality': reading(0) },
    },
    { when: 'the empty action after a press', input: says({ action: '' }), reads: {} },
    { when: 'the bridge no longer hears it', input: says({ state: 'offline' }, { under: 'availability' }), reads: {} },
    { when: 'an action of another button', input: says({ action: 'double' }), fails: 'payload-malformed' },
    { when: 'cut off', input: says('{"action":"so'), fails: 'payload-malformed' },
  ],
})
