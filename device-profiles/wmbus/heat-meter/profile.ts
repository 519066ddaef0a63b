import { absent, reading } from '@anju/contract'
import { wmbusDevice } from '../../protocols/wmbusmeters-mqtt/device.ts'
import { defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'
import { radioMeter } from '../radio-meter.ts'

const says = publishedOn('wmbusmeters/Heating')
const meter = { _: 'telegram', media: 'heat', meter: 'kamheat', name: 'Heating', id: '67676767' }

export default defineProfile({
  id: 'wmbus/heat-meter',
  name: 'Heat meter (wireless M-Bus, through wmbusmeters)',
  models: ['kamheat', 'vario411', 'sharky', 'sharky774', 'hydrocalm3', 'qheat', 'ultraheat'],
  ...radioMeter,
  measures: {
    energy: { quantity: 'heat-energy', name: 'Heat' },
    'active-power': { quantity: 'active-power', name: 'Heating power' },
    'supply-temperature': { quantity: 'temperature', name: 'Supply temperature' },
    'return-temperature': { quantity: 'temperature', name: 'Return temperature' },
  },
  events: {},
  walkTest: { do: 'Turn a radiator up for half an hour.', proves: 'active-power' },
  decode: wmbusDevice({ points: ['energy', 'active-power', 'supply-temperature', 'return-temperature'] }),
  examples: [
    {
      when: 'a telegram',
      input: says({ ...meter, power_kw: 1.9, status: 'OK', total_energy_consumption_kwh: 44, total_volume_m3: 0.99 }),
      reads: { energy: reading(44), 'active-power': reading(1_900) },
    },
    {
      when: 'one that tells its temperatures',
      input: says({
        ...meter,
        flow_temperature_c: 54.2,
        return_temperature_c: 38.7,
        current_power_consumption_kw: 0.4,
      }),
      reads: { 'active-power': reading(400), 'supply-temperature': reading(54.2), 'return-temperature': reading(38.7) },
    },
    {
      when: 'a register it does not fill is not 0',
      input: says({ ...meter, total_energy_consumption_kwh: null }),
      reads: { energy: absent('not-reported') },
    },
    { when: 'no telegram', input: says({ power_kw: 1.9 }), fails: 'frame-unknown' },
    { when: 'cut off', input: says('{"media":"he'), fails: 'payload-malformed' },
  ],
})
