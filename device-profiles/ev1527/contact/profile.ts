import { hours, reading } from '@anju/contract'
import { defineProfile } from '../../src/profile.ts'
import { code, keyOption } from '../keys.ts'
import { decode } from './codec.ts'

const other = { open: 'A', closed: 'E' }

export default defineProfile({
  id: 'ev1527/contact',
  name: '433 MHz door and window contact, EV1527',
  driver: 'rf433-portisch',
  serial: { baud: 19_200, dataBits: 8, parity: 'none', stopBits: 1 },
  models: ['EV1527', 'Kerui D026'],
  // It speaks when the door moves and never by itself: a door that nobody opens for three days is a silent contact.
  supervision: { reportEvery: hours(24), lostAfter: hours(72) },
  measures: { contact: { quantity: 'contact', name: 'Contact' } },
  options: {
    open: keyOption('open'),
    closed: keyOption('closed'),
    tamper: keyOption('tamper'),
    battery: keyOption('battery low'),
  },
  events: {
    tamper: { class: 'technical', from: 'edge' },
    'battery-low': { class: 'technical', from: 'edge' },
  },
  walkTest: { do: 'Open the door and close it.', proves: 'contact' },
  wiring: [
    'A Sonoff RF bridge with the Portisch firmware on a serial converter, 19200 8N1; the gateway only listens to it.',
    'Its address is five hex digits: open the door, and the gateway’s log names the sender that is not installed here.',
    'Buy one that also says closed, and copy its keys into the options where they are not E and 7.',
  ],
  decode,
  examples: [
    { when: 'the door opens', input: code(0xe), reads: { contact: reading(0) } },
    { when: 'the door is shut', input: code(0x7), reads: { contact: reading(1) } },
    {
      when: 'the door opens, on a contact with other keys',
      input: code(0xa),
      options: other,
      reads: { contact: reading(0) },
    },
    {
      when: 'the door is shut, on a contact with other keys',
      input: code(0xe),
      options: other,
      reads: { contact: reading(1) },
    },
    { when: 'its lid is off', input: code(0xb), reads: {}, events: ['tamper'] },
    { when: 'its cell runs low', input: code(0xf), reads: {}, events: ['battery-low'] },
    { when: 'a key nobody knows', input: code(0x3), reads: {} },
    { when: 'short and long alike', input: code(0xe, { longUs: 350 }), fails: 'frame-malformed' },
    { when: 'no pause behind the code', input: code(0xe, { syncUs: 900 }), fails: 'frame-malformed' },
  ],
})
