import { absent, reading } from '@anju/contract'
import { BATTERY_WORDS, statusSays, wmbusDevice } from '../../protocols/wmbusmeters-mqtt/device.ts'
import { defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'
import { radioMeter } from '../radio-meter.ts'

const says = publishedOn('wmbusmeters/ColdWaterMeter')
const meter = { _: 'telegram', media: 'cold water', meter: 'itron', name: 'ColdWaterMeter', id: '23362098' }

export default defineProfile({
  id: 'wmbus/water-meter',
  name: 'Water meter (wireless M-Bus, through wmbusmeters)',
  models: ['itron', 'iperl', 'multical21', 'kamwater', 'izar', 'apator162', 'mkradio3', 'hydrus', 'lse_07_17'],
  ...radioMeter,
  measures: {
    volume: { quantity: 'water-volume', name: 'Water' },
    'battery-low': { quantity: 'battery-low', name: 'Battery low' },
  },
  events: { 'battery-low': { class: 'technical', from: 'level', of: 'battery-low' } },
  walkTest: { do: 'Draw ten litres of water.', proves: 'volume' },
  decode: wmbusDevice({ points: ['volume'], words: { 'battery-low': statusSays(...BATTERY_WORDS) } }),
  examples: [
    {
      when: 'a telegram',
      input: says({
        ...meter,
        status: 'OK',
        total_m3: 4.142,
        target_date: '2000-01-31',
        timestamp: '2026-03-09T12:00:00Z',
      }),
      reads: { volume: reading(4.142), 'battery-low': reading(0) },
    },
    {
      when: 'its battery is running out',
      input: says({ ...meter, status: 'POWER_LOW', total_m3: 5 }),
      reads: { volume: reading(5), 'battery-low': reading(1) },
    },
    {
      when: 'a register it does not fill is not 0',
      input: says({ ...meter, total_m3: null }),
      reads: { volume: absent('not-reported') },
    },
    { when: 'a telegram without registers', input: says({ ...meter }), reads: {} },
    { when: 'no telegram', input: says({ status: 'OK', total_m3: 5 }), fails: 'frame-unknown' },
    { when: 'cut off', input: says('{"media":"wat'), fails: 'payload-malformed' },
  ],
})
