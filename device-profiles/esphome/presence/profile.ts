import { absent, minutes, reading } from '@anju/contract'
import { esphomeDevice, objectOption, stateOf } from '../../protocols/esphome/device.ts'
import { defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = stateOf('living-room-radar')
const options = {
  presence: 'binary_sensor/presence',
  motion: 'binary_sensor/moving_target',
  illuminance: 'sensor/illuminance',
}

export default defineProfile({
  id: 'esphome/presence',
  name: 'Presence or motion sensor on ESPHome',
  driver: 'mqtt',
  topic: 'NODE',
  models: ['LD2410 on ESPHome', 'LD2450 on ESPHome', 'PIR on ESPHome', 'Apollo MSR-2', 'Everything Presence One'],
  supervision: { reportEvery: minutes(5), lostAfter: minutes(16) },
  measures: {
    presence: { quantity: 'presence', name: 'Presence' },
    motion: { quantity: 'motion', name: 'Motion' },
    illuminance: { quantity: 'illuminance', name: 'Illuminance' },
  },
  events: {},
  options: {
    presence: objectOption('the object that tells presence', 'binary_sensor'),
    motion: objectOption('the object that tells movement', 'binary_sensor'),
    illuminance: objectOption('the light sensor', 'sensor'),
  },
  walkTest: { do: 'Sit still in the room for two minutes, then leave it for five.', proves: 'presence' },
  wiring: ['Give it a wifi_signal sensor every 60 s, so that a still home is told from a dead node.'],
  decode: esphomeDevice({ presence: {}, motion: {}, illuminance: {} }),
  examples: [
    {
      when: 'somebody is there',
      options,
      input: says('binary_sensor/presence', 'ON'),
      reads: { presence: reading(1) },
    },
    { when: 'nobody moves', options, input: says('binary_sensor/moving_target', 'OFF'), reads: { motion: reading(0) } },
    {
      when: 'how light it is',
      options,
      input: says('sensor/illuminance', '108.5'),
      reads: { illuminance: reading(108.5) },
    },
    {
      when: 'a light sensor that has no value',
      options,
      input: says('sensor/illuminance', 'nan'),
      reads: { illuminance: absent('not-reported') },
    },
    { when: 'its radio: a sign of life', options, input: says('sensor/wifi_signal', '-61'), reads: {} },
    {
      when: 'its last will',
      options,
      input: publishedOn('living-room-radar')('offline', { under: 'status' }),
      reads: {},
    },
    {
      when: 'a line of its log',
      options,
      input: publishedOn('living-room-radar')('[D][binary_sensor:036]', { under: 'debug' }),
      reads: {},
    },
    {
      when: 'a command to it',
      options,
      input: publishedOn('living-room-radar')('ON', { under: 'switch/led/command' }),
      reads: {},
    },
    { when: 'neither on nor off', options, input: says('binary_sensor/presence', 'maybe'), fails: 'frame-unknown' },
    { when: 'no topic of a node', options, input: publishedOn('living-room-radar')('ON'), fails: 'frame-unknown' },
  ],
})
