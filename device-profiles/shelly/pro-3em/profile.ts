import { absent, minutes, reading } from '@anju/contract'
import { notifies, shellyDevice } from '../../protocols/shelly-gen2/device.ts'
import { defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = notifies('shellypro3em-ece334f6a15c')
const states = publishedOn('shellypro3em-ece334f6a15c')

export default defineProfile({
  id: 'shelly/pro-3em',
  name: 'Three-phase meter Shelly Pro 3EM',
  driver: 'mqtt',
  topic: 'SHELLY-ID',
  models: ['SPEM-003CEBEU', 'SPEM-003CEBEU120', 'SPEM-003CEBEU400', 'S3EM-003CXCEU63'],
  supervision: { reportEvery: minutes(5), lostAfter: minutes(16) },
  measures: {
    'active-power': { quantity: 'active-power', name: 'Power' },
    'active-power-a': { quantity: 'active-power', name: 'Power of phase A' },
    'active-power-b': { quantity: 'active-power', name: 'Power of phase B' },
    'active-power-c': { quantity: 'active-power', name: 'Power of phase C' },
    'voltage-a': { quantity: 'electric-potential', name: 'Voltage of phase A' },
    'voltage-b': { quantity: 'electric-potential', name: 'Voltage of phase B' },
    'voltage-c': { quantity: 'electric-potential', name: 'Voltage of phase C' },
    'current-a': { quantity: 'electric-current', name: 'Current of phase A' },
    'current-b': { quantity: 'electric-current', name: 'Current of phase B' },
    'current-c': { quantity: 'electric-current', name: 'Current of phase C' },
    'active-energy': { quantity: 'active-energy-import', name: 'Energy taken' },
    'active-energy-reverse': { quantity: 'active-energy-export', name: 'Energy given back' },
  },
  events: {},
  walkTest: { do: 'Boil a kettle on each phase that is clamped.', proves: 'active-power' },
  wiring: [
    'By an electrician, in the distribution board: clamps with the arrow towards the load.',
    'A phase that is not connected is 0 V and not silent.',
  ],
  decode: shellyDevice({
    points: [
      'active-power',
      'active-power-a',
      'active-power-b',
      'active-power-c',
      'voltage-a',
      'voltage-b',
      'voltage-c',
      'current-a',
      'current-b',
      'current-c',
      'active-energy',
      'active-energy-reverse',
    ],
  }),
  examples: [
    {
      when: 'a home on the third phase',
      input: says({
        'em:0': {
          id: 0,
          a_voltage: 229.5,
          a_current: 0.028,
          a_act_power: 0,
          b_voltage: 0,
          b_current: 0.027,
          b_act_power: 0,
          c_voltage: 230.1,
          c_current: 3.215,
          c_act_power: 702.4,
          total_act_power: 702.4,
        },
      }),
      reads: {
        'active-power': reading(702.4),
        'active-power-a': reading(0),
        'active-power-b': reading(0),
        'active-power-c': reading(702.4),
        'voltage-a': reading(229.5),
        'voltage-b': reading(0),
        'voltage-c': reading(230.1),
        'current-a': reading(0.028),
        'current-b': reading(0.027),
        'current-c': reading(3.215),
      },
    },
    {
      when: 'its counters, on a topic of their own',
      input: states(
        { id: 0, c_total_act_energy: 95_884.06, total_act: 95_884.11, total_act_ret: 5_123.04 },
        { under: 'status/emdata:0' },
      ),
      reads: { 'active-energy': reading(95.88411), 'active-energy-reverse': reading(5.12304) },
    },
    {
      when: 'a phase that cannot be read',
      input: says({ 'em:0': { id: 0, a_voltage: null } }),
      reads: { 'voltage-a': absent('not-reported') },
    },
    { when: 'its last will', input: states('false', { under: 'online' }), reads: {} },
    { when: 'cut off', input: states('{"id":0,', { under: 'status/em:0' }), fails: 'payload-malformed' },
  ],
})
