import { absent, DomainError, reading } from '@anju/contract'
import type { Cjt188Values } from '../../protocols/cjt188/exchange.ts'
import { heatValues } from '../../protocols/cjt188/values.ts'
import { bytesOfHex } from '../../src/byte-reader.ts'
import { defineProfile } from '../../src/profile.ts'
import { statusEvents, statusMeasures, statusOption, statusPoints, statusReadings } from '../status.ts'
import { factory, knownFaults, pollEvery, supervision, wiring } from '../usual.ts'

const meterType = 0x20
const says = (data: string, type = meterType): Cjt188Values => ({ meterType: type, data: bytesOfHex(data) })
const fine = { 'valve-open': reading(true), 'valve-fault': reading(false), 'battery-low': reading(false) }
/** Power and flow of a heating that is off, supply 45.67 °C, return 32.10 °C, 2761 h, no clock, status. */
const off = '00 00 00 00 17 00 00 00 00 35'
const behind = '67 45 00 10 32 00 61 27 00 00 00 00 00 00 00 00 00 00'

export default defineProfile({
  id: 'cjt188/heat',
  name: 'Heat meter, CJ/T 188',
  driver: 'cjt188',
  serial: factory,
  models: ['CJ/T 188 type 20'],
  supervision,
  measures: {
    'heat-energy': { quantity: 'heat-energy', name: 'Heat energy' },
    volume: { quantity: 'water-volume', name: 'Volume' },
    'supply-temperature': { quantity: 'temperature', name: 'Supply temperature' },
    'return-temperature': { quantity: 'temperature', name: 'Return temperature' },
    ...statusMeasures,
  },
  events: statusEvents,
  polls: [
    {
      name: '901F',
      ask: { meterType },
      every: pollEvery,
      points: ['heat-energy', 'volume', 'supply-temperature', 'return-temperature', ...statusPoints],
    },
  ],
  options: statusOption,
  walkTest: { do: 'Open a radiator and feel the supply pipe grow warm.', proves: 'supply-temperature' },
  wiring: [...wiring, 'The supply sensor sits in the pipe that comes in, the return sensor in the one that goes out.'],
  knownFaults: [
    ...knownFaults,
    { firmware: 'some', fault: 'puts each unit before its value: told apart by which side holds legal units' },
  ],
  decode(message, options) {
    if (message.meterType !== meterType)
      throw new DomainError('frame-unknown', `meter type ${message.meterType.toString(16)} is no heat meter`)
    const { total, heat, status } = heatValues(message.data)
    return {
      readings: {
        'heat-energy': heat?.energyKwh ?? absent('invalid'),
        volume: total,
        'supply-temperature': heat?.supplyC ?? absent('invalid'),
        'return-temperature': heat?.returnC ?? absent('invalid'),
        ...statusReadings(status, options),
      },
      events: [],
    }
  },
  examples: [
    {
      when: 'units before their values',
      input: says(
        '05 19 28 53 00 05 19 28 53 00 17 00 00 00 00 35 00 00 00 00 2C 42 33 18 00 03 19 00 10 19 00 61 27 00 26 57 23 31 03 15 20 00 01',
      ),
      reads: {
        'heat-energy': reading(5_328.19),
        volume: reading(1_833.42),
        'supply-temperature': reading(19.03),
        'return-temperature': reading(19.1),
        ...fine,
      },
    },
    {
      when: 'units behind their values, as the standard has them',
      input: says(`00 00 00 00 05 56 34 12 00 05 ${off} 42 33 18 00 2C ${behind}`),
      reads: {
        'heat-energy': reading(1_234.56),
        volume: reading(1_833.42),
        'supply-temperature': reading(45.67),
        'return-temperature': reading(32.1),
        ...fine,
      },
    },
    {
      when: 'gigajoules',
      input: says(`00 00 00 00 11 56 34 00 00 11 ${off} 42 33 18 00 2C ${behind}`),
      reads: {
        'heat-energy': reading(34_560 / 3.6),
        volume: reading(1_833.42),
        'supply-temperature': reading(45.67),
        'return-temperature': reading(32.1),
        ...fine,
      },
    },
    {
      when: 'no legal unit on either side',
      input: says(`00 00 00 00 7F 56 34 12 00 7F ${off} 42 33 18 00 2C ${behind}`),
      reads: {
        'heat-energy': absent('invalid'),
        volume: absent('invalid'),
        'supply-temperature': reading(45.67),
        'return-temperature': reading(32.1),
        ...fine,
      },
    },
    {
      when: 'a sensor that is torn off',
      input: says(`00 00 00 00 05 56 34 12 00 05 ${off} 42 33 18 00 2C FF FF FF ${behind.slice(9)}`),
      reads: {
        'heat-energy': reading(1_234.56),
        volume: reading(1_833.42),
        'supply-temperature': absent('invalid'),
        'return-temperature': reading(32.1),
        ...fine,
      },
    },
    {
      when: 'an answer cut off in its temperatures',
      input: says(`00 00 00 00 05 56 34 12 00 05 ${off} 42 33 18 00 2C 67 45`),
      fails: 'frame-malformed',
    },
    {
      when: 'the answer of a cold meter',
      input: says(`00 00 00 00 05 56 34 12 00 05 ${off} 42 33 18 00 2C ${behind}`, 0x21),
      fails: 'frame-unknown',
    },
  ],
})
