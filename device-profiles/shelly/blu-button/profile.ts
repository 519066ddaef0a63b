import { hours, reading } from '@anju/contract'
import { BLU_DEVICE, bluDevice, bluPacket } from '../../protocols/shelly-gen2/blu.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'
import { behindGateway, cutOff, gateway, hears, says, script } from '../blu.ts'

const component = { device: 'bthomedevice:200' }

export default defineProfile({
  id: 'shelly/blu-button',
  name: 'SOS button Shelly BLU Button',
  ...behindGateway,
  models: ['SBBT-002C', 'SBBT-102C', 'SBBT-004CEU', 'SBBT-004CUS'],
  supervision: { reportEvery: hours(6), lostAfter: hours(19) },
  measures: { battery: { quantity: 'battery-level', name: 'Battery level' } },
  events: { 'sos-pressed': { class: 'life', from: 'edge' }, ...batteryLow('battery') },
  options: { device: BLU_DEVICE },
  walkTest: { do: 'Press the button once, in the farthest corner of the home.', proves: 'sos-pressed' },
  wiring: [
    'Within reach of a Shelly that acts as Bluetooth gateway, through no more than one wall.',
    'Turn the beacon mode on: without it nothing is heard between presses, and a dead button is not found.',
  ],
  knownFaults: [
    {
      firmware: 'any',
      fault: 'Unencrypted advertisements can be recorded and replayed; encrypt it where that matters.',
    },
  ],
  decode: bluDevice({ points: {}, isSos: true }),
  examples: [
    {
      when: 'pressed, handed on by a script',
      options: script,
      input: hears([bluPacket({ pid: 118, battery: 100, button: 1 })]),
      reads: { battery: reading(100) },
      events: ['sos-pressed'],
    },
    {
      when: 'pressed long, its third button',
      options: script,
      input: hears([bluPacket({ pid: 119, battery: 100, button: [0, 0, 4, 0] })]),
      reads: { battery: reading(100) },
      events: ['sos-pressed'],
    },
    {
      when: 'its beacon: no button',
      options: script,
      input: hears([bluPacket({ pid: 120, battery: 99, button: 0 })]),
      reads: { battery: reading(99) },
    },
    {
      when: 'another button behind the same gateway',
      options: script,
      input: hears([bluPacket({ pid: 7, battery: 80, button: 1, address: '00:11:22:33:44:55' })]),
      reads: {},
    },
    {
      when: 'pressed, handed on by the gateway itself',
      options: component,
      input: hears([{ component: 'bthomedevice:200', id: 200, event: 'single_push', idx: 0 }]),
      reads: {},
      events: ['sos-pressed'],
    },
    {
      when: 'another component of the same gateway',
      options: component,
      input: hears([{ component: 'bthomedevice:201', id: 201, event: 'single_push', idx: 0 }]),
      reads: {},
    },
    {
      when: 'what the gateway knows of it',
      options: component,
      input: says({
        'bthomedevice:200': { id: 200, rssi: -60, battery: 91, packet_id: 12, last_updated_ts: 1_736_603_800 },
      }),
      reads: { battery: reading(91) },
    },
    { when: 'the gateway itself', options: component, input: says({ wifi: { rssi: -50 } }), reads: {} },
    {
      when: 'the last will of the gateway',
      options: component,
      input: publishedOn(gateway)('false', { under: 'online' }),
      reads: {},
    },
    cutOff,
  ],
})
