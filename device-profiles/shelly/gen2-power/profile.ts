import { absent, minutes, reading } from '@anju/contract'
import { CHANNEL, inChannel, notifies, shellyDevice } from '../../protocols/shelly-gen2/device.ts'
import { defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = notifies('shellyplusplugs-80646fc9f5a4')
const states = publishedOn('shellyplusplugs-80646fc9f5a4')

export default defineProfile({
  id: 'shelly/gen2-power',
  name: 'Shelly plug, switch or meter with power (second generation and later)',
  driver: 'mqtt',
  topic: 'SHELLY-ID',
  models: [
    'SNPL-00112EU',
    'S3PL-00112EU',
    'SNSW-001P16EU',
    'S3SW-001P16EU',
    'SNSW-102P16EU',
    'SPSW-104PE16EU',
    'SNPM-001PCEU16',
    'S3PM-001PCEU16',
    'SPEM-002CEBEU50',
  ],
  // Its energy counter moves on every minute, also at 0 W.
  supervision: { reportEvery: minutes(5), lostAfter: minutes(16) },
  measures: {
    'active-power': { quantity: 'active-power', name: 'Power' },
    'active-energy': { quantity: 'active-energy-import', name: 'Energy' },
    voltage: { quantity: 'electric-potential', name: 'Voltage' },
    current: { quantity: 'electric-current', name: 'Current' },
    frequency: { quantity: 'frequency', name: 'Frequency' },
    switch: { quantity: 'switched-on', name: 'Switched on' },
  },
  events: {},
  options: { channel: CHANNEL },
  walkTest: { do: 'Boil the kettle on it.', proves: 'active-power' },
  wiring: [
    'MQTT on, with RPC status notifications and generic status update.',
    'Behind the kettle, the rice cooker or the television: what a person uses every day.',
  ],
  decode: shellyDevice({
    points: ['active-power', 'active-energy', 'voltage', 'current', 'frequency', 'switch'],
    nameOf: inChannel,
  }),
  examples: [
    {
      when: 'the kettle boils',
      input: says({
        'switch:0': {
          id: 0,
          output: true,
          source: 'button',
          apower: 1843.2,
          voltage: 229.8,
          freq: 50,
          current: 8.021,
          aenergy: { total: 12_345.678, by_minute: [30_720, 0, 0], minute_ts: 1_736_603_760 },
          temperature: { tC: 48.4, tF: 119.2 },
        },
      }),
      reads: {
        'active-power': reading(1_843.2),
        'active-energy': reading(12.345678),
        voltage: reading(229.8),
        current: reading(8.021),
        frequency: reading(50),
        switch: reading(1),
      },
    },
    {
      when: 'only what changed',
      input: says({ 'switch:0': { id: 0, output: false, source: 'MQTT' } }),
      reads: { switch: reading(0) },
    },
    {
      when: 'its state on its own topic',
      input: states({ id: 0, output: true, apower: 0 }, { under: 'status/switch:0' }),
      reads: { 'active-power': reading(0), switch: reading(1) },
    },
    {
      when: 'the second channel of one with two',
      options: { channel: '1' },
      input: says({ 'switch:0': { id: 0, apower: 5 }, 'switch:1': { id: 1, apower: 60.1 } }),
      reads: { 'active-power': reading(60.1) },
    },
    {
      when: 'a meter without a switch',
      input: says({ 'pm1:0': { id: 0, apower: 21.4, voltage: 231.1 } }),
      reads: { 'active-power': reading(21.4), voltage: reading(231.1) },
    },
    {
      when: 'a value that it does not have',
      input: says({ 'switch:0': { id: 0, apower: null } }),
      reads: { 'active-power': absent('not-reported') },
    },
    { when: 'its radio, a sign of life', input: says({ wifi: { rssi: -51 } }), reads: {} },
    { when: 'its last will', input: states('false', { under: 'online' }), reads: {} },
    {
      when: 'somebody switches it',
      input: states({ id: 1, src: 'user', method: 'Switch.Set', params: { on: true } }, { under: 'rpc' }),
      reads: {},
    },
    { when: 'cut off', input: states('{"src":"shelly', { under: 'events/rpc' }), fails: 'payload-malformed' },
    { when: 'no notification', input: states({ hello: 1 }, { under: 'events/rpc' }), fails: 'frame-unknown' },
  ],
})
