import { absent, minutes, reading } from '@anju/contract'
import { esphomeDevice, objectOption, stateOf } from '../../protocols/esphome/device.ts'
import { defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = stateOf('fuse-box')
const options = {
  'active-power': 'sensor/total_power',
  'active-energy': 'sensor/total_energy',
  voltage: 'sensor/mains_voltage',
  current: 'sensor/mains_current',
}

export default defineProfile({
  id: 'esphome/energy',
  name: 'Energy meter or plug on ESPHome',
  driver: 'mqtt',
  topic: 'NODE',
  models: ['HLW8012 on ESPHome', 'BL0940 on ESPHome', 'PZEM-004T on ESPHome', 'pulse_meter on ESPHome'],
  supervision: { reportEvery: minutes(5), lostAfter: minutes(16) },
  measures: {
    'active-power': { quantity: 'active-power', name: 'Power' },
    'active-energy': { quantity: 'active-energy-import', name: 'Energy' },
    voltage: { quantity: 'electric-potential', name: 'Voltage' },
    current: { quantity: 'electric-current', name: 'Current' },
  },
  events: {},
  options: {
    'active-power': objectOption('the power in W', 'sensor'),
    'active-energy': objectOption('the energy in kWh', 'sensor'),
    voltage: objectOption('the voltage in V', 'sensor'),
    current: objectOption('the current in A', 'sensor'),
  },
  walkTest: { do: 'Boil a kettle on it.', proves: 'active-power' },
  wiring: [
    'Units are W, kWh, V and A; a sensor in Wh needs a multiply filter of 0.001.',
    'Give it a wifi_signal sensor every 60 s, so that a still home is told from a dead node.',
  ],
  decode: esphomeDevice({ 'active-power': {}, 'active-energy': {}, voltage: {}, current: {} }),
  examples: [
    {
      when: 'power',
      options,
      input: says('sensor/total_power', '1843.2'),
      reads: { 'active-power': reading(1_843.2) },
    },
    {
      when: 'energy',
      options,
      input: says('sensor/total_energy', '98.245'),
      reads: { 'active-energy': reading(98.245) },
    },
    { when: 'voltage', options, input: says('sensor/mains_voltage', '229.8'), reads: { voltage: reading(229.8) } },
    { when: 'current', options, input: says('sensor/mains_current', '8.021'), reads: { current: reading(8.021) } },
    {
      when: 'a chip that has not answered yet',
      options,
      input: says('sensor/total_power', 'nan'),
      reads: { 'active-power': absent('not-reported') },
    },
    { when: 'an object that nobody named', options, input: says('sensor/uptime', '86400'), reads: {} },
    { when: 'its last will', options, input: publishedOn('fuse-box')('offline', { under: 'status' }), reads: {} },
    { when: 'no number', options, input: says('sensor/total_power', '1843 W'), fails: 'frame-unknown' },
  ],
})
