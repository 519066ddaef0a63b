import { hours, reading } from '@anju/contract'
import { ZIGBEE_DEVICE, zigbeeBehindTasmota } from '../../protocols/tasmota/device.ts'
import { switchWord } from '../../src/dialect-words.ts'
import { defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'
import { leakOf } from './codec.ts'

const says = publishedOn('tele/zbbridge')
const hears = (words: object) =>
  says({ ZbReceived: { '0x099F': { Device: '0x099F', Name: 'KitchenLeak', ...words } } }, { under: 'SENSOR' })
const options = { device: 'KitchenLeak' }

export default defineProfile({
  id: 'tasmota/zigbee-leak',
  name: 'Zigbee water leak sensor behind Tasmota',
  driver: 'mqtt',
  topic: 'tele/BRIDGE, or tele/BRIDGE/ADDRESS with SetOption89',
  models: ['IAS zone water sensor', 'SJCGQ11LM', 'TS0207', 'HS1WL'],
  supervision: { reportEvery: hours(6), lostAfter: hours(19) },
  measures: {
    'water-leak': { quantity: 'water-leak', name: 'Water leak' },
    tamper: { quantity: 'tamper', name: 'Tamper' },
    'battery-low': { quantity: 'battery-low', name: 'Battery low' },
    'link-quality': { quantity: 'link-quality', name: 'Link quality' },
  },
  events: {
    'water-leak': { class: 'hazard', from: 'level', of: 'water-leak' },
    tamper: { class: 'technical', from: 'level', of: 'tamper' },
    'battery-low': { class: 'technical', from: 'level', of: 'battery-low' },
  },
  options: { device: ZIGBEE_DEVICE },
  walkTest: { do: 'Lay it on a wet cloth until it has reported.', proves: 'water-leak' },
  wiring: ['Flat on the floor, under the tap or behind the machine; give it a name on the bridge (ZbName).'],
  decode: zigbeeBehindTasmota({
    points: ['tamper', 'link-quality'],
    words: { 'water-leak': leakOf, 'battery-low': switchWord('batteryLow') },
  }),
  examples: [
    {
      when: 'water, as the raw zone',
      options,
      input: hears({ '0500!00': '010000FF0000', LinkQuality: 70 }),
      reads: { 'water-leak': reading(1), tamper: reading(0), 'battery-low': reading(0), 'link-quality': reading(70) },
    },
    {
      when: 'dry again, opened, battery low',
      options,
      input: hears({ ZoneStatusChange: 12, Water: 0 }),
      reads: { 'water-leak': reading(0), tamper: reading(1), 'battery-low': reading(1) },
    },
    { when: 'only a sign of life', options, input: hears({ LinkQuality: 66 }), reads: { 'link-quality': reading(66) } },
    {
      when: 'another device behind the bridge',
      options,
      input: says({ ZbReceived: { '0x2916': { Water: 1 } } }, { under: 'SENSOR' }),
      reads: {},
    },
    { when: 'the last will of the bridge', options, input: says('Offline', { under: 'LWT' }), reads: {} },
    { when: 'a zone that is none', options, input: hears({ '0500!00': '0' }), fails: 'frame-malformed' },
    { when: 'cut off', options, input: says('{"ZbRec', { under: 'SENSOR' }), fails: 'payload-malformed' },
  ],
})
