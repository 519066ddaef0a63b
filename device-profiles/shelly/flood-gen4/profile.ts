import { absent, hours, reading } from '@anju/contract'
import { notifies, shellyDevice } from '../../protocols/shelly-gen2/device.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'
import { hasFault } from './codec.ts'

const says = notifies('shellyfloodg4-a085e3c1b2d4')
const states = publishedOn('shellyfloodg4-a085e3c1b2d4')

export default defineProfile({
  id: 'shelly/flood-gen4',
  name: 'Flood sensor Shelly Flood Gen4',
  driver: 'mqtt',
  topic: 'SHELLY-ID',
  models: ['S4SN-0071A'],
  supervision: { reportEvery: hours(24), lostAfter: hours(72) },
  measures: {
    'water-leak': { quantity: 'water-leak', name: 'Water leak' },
    fault: { quantity: 'device-fault', name: 'Cable unplugged' },
    battery: { quantity: 'battery-level', name: 'Battery level' },
    'battery-voltage': { quantity: 'battery-voltage', name: 'Battery voltage' },
  },
  events: {
    'water-leak': { class: 'hazard', from: 'level', of: 'water-leak' },
    'device-fault': { class: 'technical', from: 'level', of: 'fault' },
    ...batteryLow('battery'),
  },
  walkTest: { do: 'Lay the cable on a wet cloth until it has reported.', proves: 'water-leak' },
  wiring: ['The sensing cable lies flat on the floor and is fully plugged in.'],
  decode: shellyDevice({ points: ['water-leak', 'battery', 'battery-voltage'], words: { fault: hasFault } }),
  examples: [
    {
      when: 'water',
      input: says({ 'flood:0': { id: 0, alarm: true, mute: false } }),
      reads: { 'water-leak': reading(1), fault: reading(0) },
    },
    {
      when: 'dry, its daily report',
      input: says(
        {
          'flood:0': { id: 0, alarm: false, mute: false },
          'devicepower:0': { id: 0, battery: { V: 2.9, percent: 88 }, external: { present: false } },
        },
        { method: 'NotifyFullStatus' },
      ),
      reads: { 'water-leak': reading(0), fault: reading(0), battery: reading(88), 'battery-voltage': reading(2.9) },
    },
    {
      when: 'the cable is unplugged: dry is not known',
      input: says({ 'flood:0': { id: 0, alarm: null, errors: ['cable_unplugged'] } }),
      reads: { 'water-leak': absent('not-reported'), fault: reading(1) },
    },
    { when: 'a report without the sensor', input: says({ wifi: { rssi: -60 } }), reads: {} },
    { when: 'asleep again: its last will', input: states('false', { under: 'online' }), reads: {} },
    { when: 'cut off', input: states('{"src":"shelly', { under: 'events/rpc' }), fails: 'payload-malformed' },
  ],
})
