import { absent, minutes, reading } from '@anju/contract'
import { zigbeeDevice } from '../../protocols/zigbee2mqtt/device.ts'
import { defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'
import { switchedOn } from './codec.ts'

const says = publishedOn('zigbee2mqtt/kettle')

export default defineProfile({
  id: 'tuya/ts011f-plug',
  name: 'Plug with power TS011F',
  driver: 'mqtt',
  topic: 'zigbee2mqtt/NAME',
  models: ['TS011F_plug_1', 'TS011F_plug_2', 'TS011F_plug_3', 'BW-SHP15', 'A1Z'],
  // The bridge asks most of them once a minute; those that report by themselves do within the half hour.
  supervision: { reportEvery: minutes(30), lostAfter: minutes(95) },
  measures: {
    'active-power': { quantity: 'active-power', name: 'Power' },
    'active-energy': { quantity: 'active-energy-import', name: 'Energy' },
    voltage: { quantity: 'electric-potential', name: 'Voltage' },
    current: { quantity: 'electric-current', name: 'Current' },
    switch: { quantity: 'switched-on', name: 'Switched on' },
    'link-quality': { quantity: 'link-quality', name: 'Link quality' },
  },
  events: {},
  walkTest: { do: 'Boil the kettle on it.', proves: 'active-power' },
  wiring: [
    'Behind the kettle, the rice cooker or the television: what a person uses every day.',
    'Child lock on, and nothing on it that must never lose power.',
  ],
  decode: zigbeeDevice({
    points: ['active-power', 'active-energy', 'voltage', 'current', 'link-quality'],
    more: switchedOn,
  }),
  examples: [
    {
      when: 'the kettle boils',
      input: says({ state: 'ON', power: 1843, current: 8.02, voltage: 230, energy: 12.34, linkquality: 160 }),
      reads: {
        switch: reading(1),
        'active-power': reading(1_843),
        current: reading(8.02),
        voltage: reading(230),
        'active-energy': reading(12.34),
        'link-quality': reading(160),
      },
    },
    {
      when: 'switched off',
      input: says({ state: 'OFF', power: 0 }),
      reads: { switch: reading(0), 'active-power': reading(0) },
    },
    {
      when: 'nothing known after the bridge restarted',
      input: says({ state: null, power: null }),
      reads: { switch: absent('not-reported'), 'active-power': absent('not-reported') },
    },
    { when: 'a state that is neither', input: says({ state: 'TOGGLE' }), reads: { switch: absent('invalid') } },
    { when: 'somebody switches it', input: says({ state: 'OFF' }, { under: 'set' }), reads: {} },
    { when: 'the bridge no longer hears it', input: says({ state: 'offline' }, { under: 'availability' }), reads: {} },
    { when: 'cut off', input: says('{"power":18'), fails: 'payload-malformed' },
  ],
})
