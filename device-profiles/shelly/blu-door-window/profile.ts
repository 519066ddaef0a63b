import { absent, reading } from '@anju/contract'
import { BLU_DEVICE, bluDevice, bluPacket, bluSensor } from '../../protocols/shelly-gen2/blu.ts'
import { defineProfile } from '../../src/profile.ts'
import { cutOff, hears, lightSensor, says, script } from '../blu.ts'

const component = { device: 'bthomedevice:200', contact: 'bthomesensor:201', illuminance: 'bthomesensor:202' }

export default defineProfile({
  id: 'shelly/blu-door-window',
  name: 'Door and window contact Shelly BLU Door/Window',
  models: ['SBDW-002C', 'SBDW-102C'],
  ...lightSensor,
  measures: {
    contact: { quantity: 'contact', name: 'Contact' },
    ...lightSensor.measures,
  },
  options: { device: BLU_DEVICE, contact: bluSensor('opening'), illuminance: bluSensor('light sensor') },
  walkTest: { do: 'Open the door and close it.', proves: 'contact' },
  wiring: [
    'Magnet and sensor at most 15 mm apart, mark to mark; within reach of a Shelly that acts as Bluetooth gateway.',
    'Turn the beacon mode on, so that a closed door is heard too.',
  ],
  decode: bluDevice({ points: { contact: 'opening', illuminance: 'number' } }),
  examples: [
    {
      when: 'opened',
      options: script,
      input: hears([bluPacket({ pid: 44, battery: 95, illuminance: 210, window: 1, rotation: 0 })]),
      reads: { contact: reading(0), illuminance: reading(210), battery: reading(95) },
    },
    {
      when: 'closed',
      options: script,
      input: hears([bluPacket({ pid: 45, window: 0 })]),
      reads: { contact: reading(1) },
    },
    {
      when: 'opened, told by the gateway itself',
      options: component,
      input: says({ 'bthomesensor:201': { id: 201, value: true, last_updated_ts: 1_736_603_800 } }),
      reads: { contact: reading(0) },
    },
    {
      when: 'dusk, told by the gateway itself',
      options: component,
      input: says({ 'bthomesensor:202': { id: 202, value: 3 }, 'bthomedevice:200': { id: 200, battery: 94 } }),
      reads: { illuminance: reading(3), battery: reading(94) },
    },
    {
      when: 'never heard since the gateway started',
      options: component,
      input: says({ 'bthomesensor:201': { id: 201, value: null } }),
      reads: { contact: absent('not-reported') },
    },
    {
      when: 'another door behind the same gateway',
      options: script,
      input: hears([bluPacket({ pid: 3, window: 1, address: '00:11:22:33:44:55' })]),
      reads: {},
    },
    { when: 'another sensor', options: component, input: says({ 'bthomesensor:209': { value: true } }), reads: {} },
    cutOff,
  ],
})
