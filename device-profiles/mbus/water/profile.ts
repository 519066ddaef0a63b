import { absent, minutes, reading } from '@anju/contract'
import { defineProfile } from '../../src/profile.ts'
import { answered } from '../answered.ts'
import { mbusDecoder, statusMeasures } from '../meter.ts'

const measures = { volume: { quantity: 'water-volume', name: 'Water, total' }, ...statusMeasures } as const
/** Warm water, water, hot, cold and dual. */
const media = [0x06, 0x07, 0x15, 0x16, 0x17]
const well = { 'battery-low': reading(0), 'device-fault': reading(0) }

export default defineProfile({
  id: 'mbus/water',
  name: 'Water meter, M-Bus',
  driver: 'mbus',
  serial: { baud: 2_400, dataBits: 8, parity: 'even', stopBits: 1 },
  models: ['M-Bus water meter', 'EN 13757-3 water meter'],
  supervision: { reportEvery: minutes(15), lostAfter: minutes(50) },
  measures,
  events: {
    'battery-low': { class: 'technical', from: 'level', of: 'battery-low' },
    'device-fault': { class: 'technical', from: 'level', of: 'device-fault' },
  },
  // Many run on a battery that is reckoned for a few readouts an hour.
  polls: [{ name: 'data', ask: 'data', every: minutes(15), points: Object.keys(measures) }],
  walkTest: { do: 'Draw ten litres of water and wait for the next readout.', proves: 'volume' },
  wiring: [
    'Two wires, either way round, to an M-Bus level converter; the factory speed is 2400 8E1.',
    "Give each meter a primary address of its own with its maker's tool: new ones all have 0.",
    'The address 254 is for a meter that hangs alone on its line.',
  ],
  decode: mbusDecoder({ measures, media, records: { volume: 'Volume' } }),
  examples: [
    { when: '2.850 m³', input: [answered('07', '0C 13 50 28 00 00')], reads: { volume: reading(2.85), ...well } },
    {
      when: 'litres as a binary number, and last year behind it',
      input: [answered('16', '04 13 D2 04 00 00 44 13 E8 03 00 00')],
      reads: { volume: reading(1.234), ...well },
    },
    {
      when: 'the volume in a second telegram',
      input: [answered('07', '0C 78 78 56 34 12 1F'), answered('07', '0C 13 50 28 00 00')],
      reads: { volume: reading(2.85), ...well },
    },
    {
      when: 'a digit that is none',
      input: [answered('07', '0C 13 5A 28 00 00')],
      reads: { volume: absent('invalid'), ...well },
    },
    {
      when: 'a value that the meter calls one of an error',
      input: [answered('07', '3C 13 50 28 00 00', '08')],
      reads: { volume: absent('device-fault'), 'battery-low': reading(0), 'device-fault': reading(1) },
    },
    {
      when: 'a low battery',
      input: [answered('07', '0C 13 50 28 00 00', '04')],
      reads: { volume: reading(2.85), 'battery-low': reading(1), 'device-fault': reading(0) },
    },
    {
      when: 'the volume of last year and a maximum only',
      input: [answered('07', '4C 13 50 28 00 00 1C 13 50 28 00 00')],
      reads: well,
    },
    { when: 'a gas meter', input: [answered('03', '0C 13 50 28 00 00')], fails: 'frame-unknown' },
    { when: 'a record cut off', input: [answered('07', '0C 13 50 28 00')], fails: 'frame-malformed' },
  ],
})
