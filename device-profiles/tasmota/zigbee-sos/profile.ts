import { hours, reading } from '@anju/contract'
import { ZIGBEE_DEVICE, zigbeeBehindTasmota } from '../../protocols/tasmota/device.ts'
import { switchWord } from '../../src/dialect-words.ts'
import { defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = publishedOn('tele/zbbridge')
const hears = (words: object) =>
  says({ ZbReceived: { '0x1FAB': { Device: '0x1FAB', Name: 'BedSos', ...words } } }, { under: 'SENSOR' })
const options = { device: 'BedSos' }

export default defineProfile({
  id: 'tasmota/zigbee-sos',
  name: 'Zigbee SOS button behind Tasmota',
  driver: 'mqtt',
  topic: 'tele/BRIDGE, or tele/BRIDGE/ADDRESS with SetOption89',
  models: ['IAS zone personal emergency device', 'SOS-EM', 'SOS-EF-3.0', 'FNB56-SOS03FB1.5'],
  supervision: { reportEvery: hours(6), lostAfter: hours(19) },
  measures: {
    tamper: { quantity: 'tamper', name: 'Tamper' },
    'battery-low': { quantity: 'battery-low', name: 'Battery low' },
    'link-quality': { quantity: 'link-quality', name: 'Link quality' },
  },
  events: {
    'sos-pressed': { class: 'life', from: 'edge' },
    tamper: { class: 'technical', from: 'level', of: 'tamper' },
    'battery-low': { class: 'technical', from: 'level', of: 'battery-low' },
  },
  options: { device: ZIGBEE_DEVICE },
  walkTest: { do: 'Press the button once.', proves: 'sos-pressed' },
  wiring: ['Beside the bed or worn; give it a name on the bridge (ZbName).'],
  decode: zigbeeBehindTasmota({
    points: ['tamper', 'link-quality'],
    words: { 'battery-low': switchWord('batteryLow') },
    // The bridge tells a change of the zone as it comes and repeats none, so each is a press.
    events: ({ frame }) => (frame.alarm === true || frame.action === 'emergency' ? ['sos-pressed'] : []),
  }),
  examples: [
    {
      when: 'pressed',
      options,
      input: hears({ '0500<00': '020000000000', ZoneStatusChange: 2, LinkQuality: 131 }),
      reads: { tamper: reading(0), 'battery-low': reading(0), 'link-quality': reading(131) },
      events: ['sos-pressed'],
    },
    {
      when: 'let go, battery low',
      options,
      input: hears({ ZoneStatusChange: 8 }),
      reads: { tamper: reading(0), 'battery-low': reading(1) },
    },
    { when: 'only a sign of life', options, input: hears({ LinkQuality: 66 }), reads: { 'link-quality': reading(66) } },
    {
      when: 'another button behind the bridge',
      options,
      input: says({ ZbReceived: { '0x2916': { ZoneStatusChange: 2 } } }, { under: 'SENSOR' }),
      reads: {},
    },
    { when: 'the last will of the bridge', options, input: says('Offline', { under: 'LWT' }), reads: {} },
    { when: 'cut off', options, input: says('{"ZbRec', { under: 'SENSOR' }), fails: 'payload-malformed' },
  ],
})
