import { hours, reading } from '@anju/contract'
import { ZIGBEE_DEVICE, zigbeeBehindTasmota } from '../../protocols/tasmota/device.ts'
import { switchWord } from '../../src/dialect-words.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'
import { contactOf } from './codec.ts'

const says = publishedOn('tele/zbbridge')
const hears = (device: string, words: object) =>
  says({ ZbReceived: { [device]: { Device: '0x662E', Name: 'HallDoor', ...words, Endpoint: 1 } } }, { under: 'SENSOR' })
const options = { device: 'HallDoor' }

export default defineProfile({
  id: 'tasmota/zigbee-contact',
  name: 'Zigbee door and window contact behind Tasmota',
  driver: 'mqtt',
  topic: 'tele/BRIDGE, or tele/BRIDGE/ADDRESS with SetOption89',
  models: ['IAS zone contact', 'MCCGQ11LM', 'MCCGQ12LM', 'SNZB-04', 'TS0203'],
  supervision: { reportEvery: hours(6), lostAfter: hours(19) },
  measures: {
    contact: { quantity: 'contact', name: 'Contact' },
    tamper: { quantity: 'tamper', name: 'Tamper' },
    'battery-low': { quantity: 'battery-low', name: 'Battery low' },
    battery: { quantity: 'battery-level', name: 'Battery level' },
    'battery-voltage': { quantity: 'battery-voltage', name: 'Battery voltage' },
    'link-quality': { quantity: 'link-quality', name: 'Link quality' },
  },
  events: { tamper: { class: 'technical', from: 'level', of: 'tamper' }, ...batteryLow('battery') },
  options: { device: ZIGBEE_DEVICE },
  walkTest: { do: 'Open the door and close it.', proves: 'contact' },
  wiring: [
    'Give it a name on the bridge (ZbName) and write that name here: its short address changes when it joins again.',
  ],
  decode: zigbeeBehindTasmota({
    points: ['tamper', 'battery', 'battery-voltage', 'link-quality'],
    words: { contact: contactOf, 'battery-low': switchWord('batteryLow') },
  }),
  examples: [
    {
      when: 'opened',
      options,
      input: hears('0x662E', {
        '0500<00': '210000010000',
        ZoneStatusChange: 33,
        ZoneStatusChangeZone: 1,
        Contact: 1,
        LinkQuality: 157,
      }),
      reads: { contact: reading(0), tamper: reading(0), 'battery-low': reading(0), 'link-quality': reading(157) },
    },
    {
      when: 'closed, under its name (SetOption83)',
      options,
      input: hears('HallDoor', { ZoneStatusChange: 32, Contact: 0 }),
      reads: { contact: reading(1), tamper: reading(0), 'battery-low': reading(0) },
    },
    {
      when: 'opened, an early version that knows only the zone',
      options: { device: '0x662e' },
      input: says({ ZbReceived: { '0x662E': { '0500!00': '010000FF0000', LinkQuality: 70 } } }, { under: 'SENSOR' }),
      reads: { contact: reading(0), tamper: reading(0), 'battery-low': reading(0), 'link-quality': reading(70) },
    },
    {
      when: 'its battery',
      options,
      input: hears('0x662E', { BatteryVoltage: 2.995, BatteryPercentage: 98, LinkQuality: 88 }),
      reads: { battery: reading(98), 'battery-voltage': reading(2.995), 'link-quality': reading(88) },
    },
    {
      when: 'another device behind the bridge',
      options,
      input: says(
        { ZbReceived: { '0x2916': { Device: '0x2916', Temperature: 25.72, LinkQuality: 116 } } },
        { under: 'SENSOR' },
      ),
      reads: {},
    },
    { when: 'the bridge itself', options, input: says({ Uptime: '3T05:10:00' }, { under: 'STATE' }), reads: {} },
    { when: 'the last will of the bridge', options, input: says('Offline', { under: 'LWT' }), reads: {} },
    { when: 'no device', options, input: says({ ZbReceived: {} }, { under: 'SENSOR' }), fails: 'frame-unknown' },
    { when: 'cut off', options, input: says('{"ZbRec', { under: 'SENSOR' }), fails: 'payload-malformed' },
  ],
})
