import { absent, hours, reading } from '@anju/contract'
import { zigbeeDevice } from '../../protocols/zigbee2mqtt/device.ts'
import { type Properties, switchIn } from '../../protocols/zigbee2mqtt/payload.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = publishedOn('zigbee2mqtt/bedroom detector')

export default defineProfile({
  id: 'frient/smszb-120',
  name: 'Smoke detector SMSZB-120',
  driver: 'mqtt',
  topic: 'zigbee2mqtt/NAME',
  models: ['SMSZB-120', '94430', 'Cavius 2103'],
  // How often it speaks where the bridge could bind only its battery is told nowhere; three days is the longest that a silent
  // detector may go unnoticed.
  supervision: { reportEvery: hours(24), lostAfter: hours(72) },
  measures: {
    smoke: { quantity: 'smoke', name: 'Smoke' },
    test: { quantity: 'self-test', name: 'Test button' },
    fault: { quantity: 'device-fault', name: 'Fault' },
    temperature: { quantity: 'temperature', name: 'Temperature' },
    battery: { quantity: 'battery-level', name: 'Battery level' },
    'battery-voltage': { quantity: 'battery-voltage', name: 'Battery voltage' },
    'link-quality': { quantity: 'link-quality', name: 'Link quality' },
  },
  events: {
    smoke: { class: 'hazard', from: 'level', of: 'smoke' },
    test: { class: 'info', from: 'level', of: 'test' },
    'device-fault': { class: 'technical', from: 'level', of: 'fault' },
    ...batteryLow('battery'),
  },
  walkTest: { do: 'Let the smoke of a test spray reach it until it sounds.', proves: 'smoke' },
  wiring: [
    'On the ceiling, in the middle of the room, 50 cm from any wall or lamp.',
    'It looks for a network on the Zigbee channels 11 to 24 only.',
  ],
  knownFaults: [
    {
      firmware: 'behind a bridge that could not bind all of it',
      fault: 'temperature and fault stay null: they are unknown, and it watches over smoke all the same',
    },
  ],
  decode: zigbeeDevice({
    points: ['smoke', 'test', 'temperature', 'battery', 'battery-voltage', 'link-quality'],
    more: faultIn,
  }),
  examples: [
    {
      when: 'all quiet, and half of it was never reported',
      input: says({
        battery: 100,
        battery_low: false,
        linkquality: 255,
        restore_reports: true,
        smoke: false,
        supervision_reports: true,
        test: false,
        update: { state: 'idle' },
        update_available: false,
        voltage: 3_200,
        alarm: null,
        fault: null,
        max_duration: null,
        reliability: null,
        temperature: null,
      }),
      reads: {
        smoke: reading(0),
        test: reading(0),
        fault: absent('not-reported'),
        temperature: absent('not-reported'),
        battery: reading(100),
        'battery-voltage': reading(3.2),
        'link-quality': reading(255),
      },
    },
    {
      when: 'it goes off',
      input: says({ smoke: true, battery_low: false, test: false, temperature: 24.06, linkquality: 69 }),
      reads: { smoke: reading(1), test: reading(0), temperature: reading(24.06), 'link-quality': reading(69) },
    },
    {
      when: 'its test button: no smoke',
      input: says({ smoke: false, test: true }),
      reads: { smoke: reading(0), test: reading(1) },
    },
    {
      when: 'its chamber is broken',
      input: says({ smoke: false, fault: true, reliability: 'unreliable_other' }),
      reads: { smoke: reading(0), fault: reading(1) },
    },
    {
      when: 'well, by a bridge that says property by property',
      input: says('false', { under: 'fault' }),
      reads: { fault: reading(0) },
    },
    {
      when: 'a word where true or false belongs',
      input: says({ smoke: 'true', fault: 'no_fault_detected' }),
      reads: { smoke: absent('invalid'), fault: absent('invalid') },
    },
    { when: 'only a sign of life', input: says({ linkquality: 10 }), reads: { 'link-quality': reading(10) } },
    { when: 'the bridge no longer hears it', input: says({ state: 'offline' }, { under: 'availability' }), reads: {} },
    { when: 'cut off', input: says('{"smoke":fal'), fails: 'payload-malformed' },
    { when: 'a list', input: says('[true]'), fails: 'payload-malformed' },
  ],
})

function faultIn(properties: Properties) {
  const fault = switchIn(properties, 'fault')
  return fault ? { fault } : {}
}
