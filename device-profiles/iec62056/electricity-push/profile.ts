import { absent, minutes, reading } from '@anju/contract'
import { electricityMeasures } from '../../src/electricity-measures.ts'
import { defineProfile } from '../../src/profile.ts'
import { decode } from '../electricity/codec.ts'
import { everyReading, everyRegister, printed } from '../printed.ts'

export default defineProfile({
  id: 'iec62056/electricity-push',
  name: 'Electricity meter, IEC 62056-21 mode D (speaks by itself)',
  driver: 'iec62056-21-push',
  serial: { baud: 2_400, dataBits: 7, parity: 'even', stopBits: 1 },
  models: ['IEC 62056-21 mode D'],
  supervision: { reportEvery: minutes(1), lostAfter: minutes(5) },
  measures: electricityMeasures,
  events: {},
  walkTest: { do: 'Switch a kettle on.', proves: 'active-power' },
  wiring: [
    'Put the optical head on the meter; the port is 2400 7E1 unless the manual of the meter says 9600.',
    'Nothing is sent to the meter, so the head needs no transmitter.',
  ],
  knownFaults: [
    {
      firmware: 'all',
      fault: 'No check stands behind the data: a message with one line that is no register is refused as a whole.',
    },
  ],
  decode,
  examples: [
    { when: 'every register', input: printed(false, ...everyRegister), reads: everyReading },
    {
      when: 'a register that is there and cannot be read',
      input: printed(false, '1-0:1.8.0*255(------*kWh)', '1-0:16.7.0*255(000317*W)'),
      reads: { 'active-energy': absent('invalid'), 'active-power-net': reading(317) },
    },
    {
      when: 'one line spoilt on the way',
      input: printed(false, '1.8.0(061561.289*kWh)', '2.8.0(000174.21'),
      fails: 'frame-malformed',
    },
  ],
})
