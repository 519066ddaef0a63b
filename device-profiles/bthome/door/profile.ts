import { absent, hours, reading } from '@anju/contract'
import { BTHOME_OPTIONS, bthomeDevice } from '../../protocols/bthome-v2/device.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = publishedOn('home/OMG/BTtoMQTT/3C2EF5112233')

export default defineProfile({
  id: 'bthome/door',
  name: 'Door and window contact that speaks BTHome v2 (Bluetooth)',
  driver: 'mqtt',
  topic: 'home/GATEWAY/BTtoMQTT/ADDRESS',
  models: ['BTHome v2 door', 'BTHome v2 window', 'BTHome v2 opening', 'SBDW-002C'],
  supervision: { reportEvery: hours(12), lostAfter: hours(37) },
  measures: {
    contact: { quantity: 'contact', name: 'Contact' },
    illuminance: { quantity: 'illuminance', name: 'Illuminance' },
    battery: { quantity: 'battery-level', name: 'Battery level' },
  },
  events: { ...batteryLow('battery') },
  options: BTHOME_OPTIONS,
  walkTest: { do: 'Open the door and close it.', proves: 'contact' },
  wiring: [
    'A radio in the home hands on its service data: OpenMQTTGateway or Theengs, with advertisement data published.',
  ],
  decode: bthomeDevice({ points: ['contact', 'illuminance', 'battery'] }),
  examples: [
    {
      when: 'opened',
      input: says('44 00 0A 01 5F 05 08 52 00 2D 01'),
      reads: { contact: reading(0), illuminance: reading(210), battery: reading(95) },
    },
    { when: 'closed, as a door', input: says('44 00 0B 1A 00'), reads: { contact: reading(1) } },
    { when: 'neither open nor closed', input: says('44 00 0C 2D 02'), reads: { contact: absent('invalid') } },
    { when: 'nothing but its number', input: says('40 00 0D'), reads: {} },
    { when: 'another version', input: says('20 00 0D'), fails: 'frame-unknown' },
    { when: 'cut off', input: says('44 00 0C 2D'), fails: 'frame-malformed' },
    { when: 'half a byte', input: says('44 0'), fails: 'frame-malformed' },
  ],
})
