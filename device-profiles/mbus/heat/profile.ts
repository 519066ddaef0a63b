import { absent, reading } from '@anju/contract'
import { answered, well } from '../answered.ts'
import { batteryFed, mbusMeter, statusMeasures } from '../meter.ts'

export default mbusMeter({
  id: 'mbus/heat',
  name: 'Heat meter, M-Bus',
  models: ['M-Bus heat meter', 'EN 13757-3 heat meter'],
  ...batteryFed,
  // The water that carries the heat is not water that somebody used: its volume is left out.
  measures: {
    'heat-energy': { quantity: 'heat-energy', name: 'Heat, total' },
    'supply-temperature': { quantity: 'temperature', name: 'Temperature, supply' },
    'return-temperature': { quantity: 'temperature', name: 'Temperature, return' },
    ...statusMeasures,
  },
  walkTest: { do: 'Open a radiator and wait for the next readout.', proves: 'supply-temperature' },
  // Heat at the outlet and the inlet, and meters that count heat and cooling.
  media: [0x04, 0x0c, 0x0d],
  records: {
    'heat-energy': 'Energy',
    'supply-temperature': 'Flow temperature',
    'return-temperature': 'Return temperature',
  },
  examples: [
    {
      when: '3412 kWh, 68.5 °C out and 41.2 °C back',
      input: [answered('04', '0C 06 12 34 00 00 0C 13 50 28 00 00 0A 5A 85 06 0A 5E 12 04')],
      reads: {
        'heat-energy': reading(3_412),
        'supply-temperature': reading(68.5),
        'return-temperature': reading(41.2),
        ...well,
      },
    },
    {
      when: '1 MJ steps: 7.2 GJ are 2000 kWh',
      input: [answered('0C', '04 0E 20 1C 00 00')],
      reads: { 'heat-energy': reading(2_000), ...well },
    },
    {
      when: 'a sensor that is broken',
      input: [answered('04', '0C 06 12 34 00 00 02 5A 00 80 3A 5E 12 04', '08')],
      reads: {
        'heat-energy': reading(3_412),
        'supply-temperature': absent('invalid'),
        'return-temperature': absent('device-fault'),
        'battery-low': reading(0),
        'device-fault': reading(1),
      },
    },
    { when: 'a water meter', input: [answered('07', '0C 13 50 28 00 00')], fails: 'frame-unknown' },
    { when: 'a record cut off', input: [answered('04', '0C 06 12 34 00')], fails: 'frame-malformed' },
  ],
})
