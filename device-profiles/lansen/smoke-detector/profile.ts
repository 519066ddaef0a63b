import { absent, hours, reading } from '@anju/contract'
import { BATTERY_WORDS, statusSays, statusSaysMoreThan, wmbusDevice } from '../../protocols/wmbusmeters-mqtt/device.ts'
import { defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = publishedOn('wmbusmeters/HallSmoke')
const detector = { _: 'telegram', media: 'smoke detector', meter: 'lansensm', name: 'HallSmoke', id: '00010204' }

export default defineProfile({
  id: 'lansen/smoke-detector',
  name: 'Smoke detector Lansen (wireless M-Bus, through wmbusmeters)',
  driver: 'mqtt',
  topic: 'wmbusmeters/NAME',
  models: ['lansensm', 'LAN-WMBUS-SMOKE'],
  supervision: { reportEvery: hours(6), lostAfter: hours(19) },
  measures: {
    smoke: { quantity: 'smoke', name: 'Smoke' },
    test: { quantity: 'self-test', name: 'Test button' },
    fault: { quantity: 'device-fault', name: 'Broken or worn out' },
    'battery-low': { quantity: 'battery-low', name: 'Battery low' },
  },
  events: {
    smoke: { class: 'hazard', from: 'level', of: 'smoke' },
    test: { class: 'info', from: 'level', of: 'test' },
    'device-fault': { class: 'technical', from: 'level', of: 'fault' },
    'battery-low': { class: 'technical', from: 'level', of: 'battery-low' },
  },
  walkTest: { do: 'Press its test button, then let the smoke of a test spray reach it.', proves: 'smoke' },
  wiring: ['On the ceiling, in the middle of the room; a radio stick for 868 MHz on the gateway.'],
  decode: wmbusDevice({
    points: ['smoke'],
    words: {
      test: statusSays('MANUAL_TEST'),
      fault: statusSaysMoreThan('SMOKE', 'MANUAL_TEST', ...BATTERY_WORDS),
      'battery-low': statusSays(...BATTERY_WORDS),
    },
  }),
  examples: [
    {
      when: 'all quiet',
      input: says({ ...detector, status: 'OK', async_msg_id_counter: 588 }),
      reads: { smoke: reading(0), test: reading(0), fault: reading(0), 'battery-low': reading(0) },
    },
    {
      when: 'it goes off with a low battery',
      input: says({ ...detector, status: 'LOW_BATTERY SMOKE' }),
      reads: { smoke: reading(1), test: reading(0), fault: reading(0), 'battery-low': reading(1) },
    },
    {
      when: 'somebody tests it',
      input: says({ ...detector, status: 'MANUAL_TEST' }),
      reads: { smoke: reading(0), test: reading(1), fault: reading(0), 'battery-low': reading(0) },
    },
    {
      when: 'its chamber is worn out',
      input: says({ ...detector, status: 'SMOKE_SENSOR_END_OF_LIFE' }),
      reads: { smoke: reading(0), test: reading(0), fault: reading(1), 'battery-low': reading(0) },
    },
    { when: 'a telegram without a status: nothing is known', input: says(detector), reads: {} },
    {
      when: 'a status that is null ends no alarm',
      input: says({ ...detector, status: null }),
      reads: { smoke: absent('not-reported') },
    },
    { when: 'no telegram', input: says({ status: 'SMOKE' }), fails: 'frame-unknown' },
    { when: 'cut off', input: says('{"media":"smo'), fails: 'payload-malformed' },
  ],
})
