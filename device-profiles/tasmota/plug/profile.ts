import { absent, minutes, reading } from '@anju/contract'
import { tasmotaDevice } from '../../protocols/tasmota/device.ts'
import { defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = publishedOn('tele/kettle')

export default defineProfile({
  id: 'tasmota/plug',
  name: 'Plug with power on Tasmota',
  driver: 'mqtt',
  topic: 'tele/NAME',
  models: ['Tasmota with an energy chip', 'Sonoff POW R2', 'Gosund SP111', 'Nous A1T', 'Athom Plug V2'],
  // TelePeriod is 300 s from the factory.
  supervision: { reportEvery: minutes(5), lostAfter: minutes(16) },
  measures: {
    'active-power': { quantity: 'active-power', name: 'Power' },
    'active-energy': { quantity: 'active-energy-import', name: 'Energy' },
    voltage: { quantity: 'electric-potential', name: 'Voltage' },
    current: { quantity: 'electric-current', name: 'Current' },
    'power-factor': { quantity: 'power-factor', name: 'Power factor' },
    switch: { quantity: 'switched-on', name: 'Switched on' },
  },
  events: {},
  walkTest: { do: 'Boil the kettle on it.', proves: 'active-power' },
  wiring: [
    'Behind the kettle, the rice cooker or the television: what a person uses every day.',
    'PowerDelta 105 tells a change of 5 W at once, besides the report every TelePeriod.',
  ],
  decode: tasmotaDevice({
    points: ['active-power', 'active-energy', 'voltage', 'current', 'power-factor', 'switch'],
  }),
  examples: [
    {
      when: 'the kettle boils',
      input: says(
        {
          Time: '2026-03-09T12:00:00',
          ENERGY: {
            TotalStartTime: '2025-10-25T15:22:04',
            Total: 98.245,
            Yesterday: 1.204,
            Today: 0.556,
            Period: 9,
            Power: 1843,
            ApparentPower: 1850,
            ReactivePower: 160,
            Factor: 1,
            Voltage: 230,
            Current: 8.021,
          },
        },
        { under: 'SENSOR' },
      ),
      reads: {
        'active-power': reading(1_843),
        'active-energy': reading(98.245),
        voltage: reading(230),
        current: reading(8.021),
        'power-factor': reading(1),
      },
    },
    {
      when: 'its state, a sign of life',
      input: says(
        { Time: '2026-03-09T12:00:00', Uptime: '3T05:10:00', POWER: 'ON', Wifi: { RSSI: 72 } },
        { under: 'STATE' },
      ),
      reads: { switch: reading(1) },
    },
    {
      when: 'a value that its chip does not give',
      input: says({ ENERGY: { Power: null } }, { under: 'SENSOR' }),
      reads: { 'active-power': absent('not-reported') },
    },
    { when: 'its last will', input: says('Offline', { under: 'LWT' }), reads: {} },
    {
      when: 'somebody switches it',
      input: publishedOn('cmnd/kettle')('TOGGLE', { under: 'POWER' }),
      reads: {},
    },
    { when: 'cut off', input: says('{"ENERGY":{"Pow', { under: 'SENSOR' }), fails: 'payload-malformed' },
    { when: 'no word of Tasmota', input: says('maybe', { under: 'LWT' }), fails: 'frame-unknown' },
  ],
})
