import { absent, minutes, reading } from '@anju/contract'
import { electricityMeasures } from '../../src/electricity-measures.ts'
import { defineProfile } from '../../src/profile.ts'
import { everyReading, everyRegister, printed } from '../printed.ts'
import { decode } from './codec.ts'

export default defineProfile({
  id: 'iec62056/electricity',
  name: 'Electricity meter, IEC 62056-21 mode C (optical head or RS-485)',
  driver: 'iec62056-21',
  serial: { baud: 300, dataBits: 7, parity: 'even', stopBits: 1 },
  models: ['IEC 62056-21 mode C', 'IEC 1107'],
  supervision: { reportEvery: minutes(5), lostAfter: minutes(16) },
  measures: electricityMeasures,
  events: {},
  // A whole readout each time; one at 300 baud takes longer than a minute.
  polls: [{ name: 'readout', ask: 'readout', every: minutes(5), points: Object.keys(electricityMeasures) }],
  walkTest: { do: 'Switch a kettle on and wait for the next readout.', proves: 'active-power' },
  wiring: [
    'Put the optical head on the meter with its cable down; the port is 300 7E1, and the speed is changed by the gateway.',
    'Behind a TCP converter set to 300 7E1 the meter stays at 300 baud, and a readout takes a minute or two.',
    'Where several meters share a line, each needs the address that it prints as 0.0.0; alone it needs none.',
  ],
  decode,
  examples: [
    { when: 'every register', input: printed(true, ...everyRegister), reads: everyReading },
    {
      when: 'a meter that has one register',
      input: printed(true, '1-0:1.8.0*255(000123.4*kWh)'),
      reads: { 'active-energy': reading(123.4) },
    },
    {
      when: 'a register that is there and cannot be read',
      input: printed(true, '1.8.0(------*kWh)', '2.8.0(000001.2)'),
      reads: { 'active-energy': absent('invalid'), 'active-energy-reverse': absent('invalid') },
    },
    {
      when: 'earlier billing periods and an error register only',
      input: printed(true, 'F.F(00000001)', '1.8.0*03(060999.000*kWh)'),
      reads: {},
    },
    { when: 'no data set at all', input: printed(true, 'garbage'), fails: 'frame-malformed' },
  ],
})
