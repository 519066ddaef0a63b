import { absent, reading } from '@anju/contract'
import { answered, well } from '../answered.ts'
import { batteryFed, mbusMeter, statusMeasures } from '../meter.ts'

export default mbusMeter({
  id: 'mbus/water',
  name: 'Water meter, M-Bus',
  models: ['M-Bus water meter', 'EN 13757-3 water meter'],
  ...batteryFed,
  measures: { volume: { quantity: 'water-volume', name: 'Water, total' }, ...statusMeasures },
  walkTest: { do: 'Draw ten litres of water and wait for the next readout.', proves: 'volume' },
  // Warm water, water, hot, cold and dual.
  media: [0x06, 0x07, 0x15, 0x16, 0x17],
  records: { volume: 'Volume' },
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
