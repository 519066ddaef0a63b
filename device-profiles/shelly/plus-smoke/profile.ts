import { absent, hours, reading } from '@anju/contract'
import { notifies, shellyDevice } from '../../protocols/shelly-gen2/device.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = notifies('shellyplussmoke-80646fd09ed4', 1.33)
const states = publishedOn('shellyplussmoke-80646fd09ed4')

export default defineProfile({
  id: 'shelly/plus-smoke',
  name: 'Smoke detector Shelly Plus Smoke',
  driver: 'mqtt',
  topic: 'SHELLY-ID',
  models: ['SNSN-0031Z'],
  // It wakes once a day; three days is the longest that a silent detector may go unnoticed.
  supervision: { reportEvery: hours(24), lostAfter: hours(72) },
  measures: {
    smoke: { quantity: 'smoke', name: 'Smoke' },
    battery: { quantity: 'battery-level', name: 'Battery level' },
    'battery-voltage': { quantity: 'battery-voltage', name: 'Battery voltage' },
  },
  events: { smoke: { class: 'hazard', from: 'level', of: 'smoke' }, ...batteryLow('battery') },
  walkTest: { do: 'Let the smoke of a test spray reach it.', proves: 'smoke' },
  wiring: [
    'On the ceiling, in the middle of the room, 50 cm from any wall or lamp.',
    'It joins the network only when it wakes: its alarm takes some seconds longer than its siren.',
  ],
  decode: shellyDevice({ points: ['smoke', 'battery', 'battery-voltage'] }),
  examples: [
    {
      when: 'it wakes, all quiet',
      input: says(
        {
          'devicepower:0': { id: 0, battery: { V: 2.99, percent: 97 } },
          'smoke:0': { id: 0, alarm: false, mute: false },
          sys: { wakeup_reason: { boot: 'deepsleep_wake', cause: 'periodic' }, wakeup_period: 86_400 },
        },
        { method: 'NotifyFullStatus' },
      ),
      reads: { smoke: reading(0), battery: reading(97), 'battery-voltage': reading(2.99) },
    },
    { when: 'it goes off', input: says({ 'smoke:0': { id: 0, alarm: true } }), reads: { smoke: reading(1) } },
    {
      when: 'muted while it smokes on',
      input: says({ 'smoke:0': { id: 0, alarm: true, mute: true } }),
      reads: { smoke: reading(1) },
    },
    {
      when: 'an alarm that is unknown',
      input: says({ 'smoke:0': { id: 0, alarm: null } }),
      reads: { smoke: absent('not-reported') },
    },
    {
      when: 'a word that is neither',
      input: says({ 'smoke:0': { alarm: 'no' } }),
      reads: { smoke: absent('invalid') },
    },
    { when: 'asleep again: its last will', input: states('false', { under: 'online' }), reads: {} },
    { when: 'cut off', input: states('{"src":"shelly', { under: 'events/rpc' }), fails: 'payload-malformed' },
  ],
})
