import { hours, reading } from '@anju/contract'
import { BTHOME_OPTIONS, bthomeDevice } from '../../protocols/bthome-v2/device.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'
import { isPressed } from './codec.ts'

const says = publishedOn('home/OMG/BTtoMQTT/B43522F53DA4')
const packet = (servicedata: string) =>
  says({ id: 'B4:35:22:F5:3D:A4', rssi: -66, servicedata, servicedatauuid: '0xfcd2' })
// Key and address of the example in the public test data of BTHome, nobody's device.
const encrypted = { key: '90bffd73cb6b26ef58a7a8eba9232036', mac: 'B4:35:22:F5:3D:A4' }

export default defineProfile({
  id: 'bthome/sos-button',
  name: 'SOS button that speaks BTHome v2 (Bluetooth)',
  driver: 'mqtt',
  topic: 'home/GATEWAY/BTtoMQTT/ADDRESS',
  models: ['BTHome v2 button', 'SBBT-002C', 'SBBT-004CEU'],
  supervision: { reportEvery: hours(6), lostAfter: hours(19) },
  measures: { battery: { quantity: 'battery-level', name: 'Battery level' } },
  events: { 'sos-pressed': { class: 'life', from: 'edge' }, ...batteryLow('battery') },
  options: BTHOME_OPTIONS,
  walkTest: { do: 'Press the button once, in the farthest corner of the home.', proves: 'sos-pressed' },
  wiring: [
    'A radio in the home hands on its service data: OpenMQTTGateway or Theengs, with advertisement data published.',
    'Encrypt it and enter key and address: an open button can be recorded and played again.',
  ],
  knownFaults: [
    {
      firmware: 'some Shelly buttons',
      fault: 'A hold is sent as FE, which BTHome does not know: only the release is heard.',
    },
  ],
  decode: bthomeDevice({ points: ['battery'], events: isPressed }),
  examples: [
    {
      when: 'pressed',
      input: packet('44 00 52 01 64 3A 01'),
      reads: { battery: reading(100) },
      events: ['sos-pressed'],
    },
    { when: 'its beacon: no button', input: packet('44 00 23 01 5E 3A 00'), reads: { battery: reading(94) } },
    {
      when: 'pressed, encrypted',
      options: encrypted,
      input: packet('45 0A EB 84 46 7F 85 BA 01 00 00 31 88 78 8C'),
      reads: { battery: reading(100) },
      events: ['sos-pressed'],
    },
    { when: 'the third of three buttons', input: says('40 3A 00 3A 00 3A 03'), reads: {}, events: ['sos-pressed'] },
    {
      when: 'the packet of another address on a shared topic',
      options: { mac: '00:11:22:33:44:55' },
      input: packet('44 00 52 01 64 3A 01'),
      reads: {},
    },
    {
      when: 'open, though a key is set: anybody could have sent it',
      options: encrypted,
      input: packet('44 00 52 01 64 3A 01'),
      fails: 'frame-malformed',
    },
    {
      when: 'encrypted, one bit turned',
      options: encrypted,
      input: packet('45 0B EB 84 46 7F 85 BA 01 00 00 31 88 78 8C'),
      fails: 'frame-checksum',
    },
    {
      when: 'encrypted, and no key is known',
      input: packet('45 0A EB 84 46 7F 85 BA 01 00 00 31 88 78 8C'),
      fails: 'frame-malformed',
    },
    {
      when: 'another service',
      input: says({ servicedata: '10', servicedatauuid: '0xfe95' }),
      fails: 'payload-malformed',
    },
    { when: 'cut off', input: packet('44 00 52 01'), fails: 'frame-malformed' },
  ],
})
