import { absent, DomainError, reading } from '@anju/contract'
import type { Cjt188Values } from '../protocols/cjt188/exchange.ts'
import { totalValues } from '../protocols/cjt188/values.ts'
import { bytesOfHex } from '../src/byte-reader.ts'
import { defineProfile } from '../src/profile.ts'
import { statusEvents, statusMeasures, statusOption, statusPoints, statusReadings } from './status.ts'
import { factory, knownFaults, pollEvery, supervision, wiring } from './usual.ts'

/** Water and gas: what they have in common, which is everything but the type. */
export function volumeMeter(meter: {
  readonly id: string
  readonly name: string
  readonly models: readonly string[]
  readonly meterType: number
  readonly quantity: 'water-volume' | 'gas-volume'
  readonly walkTest: string
}) {
  const { id, name, models, meterType, quantity } = meter
  const says = (data: string, type = meterType): Cjt188Values => ({ meterType: type, data: bytesOfHex(data) })
  const fine = { 'valve-open': reading(true), 'valve-fault': reading(false), 'battery-low': reading(false) }
  const settled = '00 00 00 00 2C'
  const noClock = '00 00 00 00 00 00 00'
  return defineProfile({
    id,
    name,
    driver: 'cjt188',
    serial: factory,
    models,
    supervision,
    measures: { volume: { quantity, name: 'Volume' }, ...statusMeasures },
    events: statusEvents,
    polls: [{ name: '901F', ask: { meterType }, every: pollEvery, points: ['volume', ...statusPoints] }],
    options: statusOption,
    walkTest: { do: meter.walkTest, proves: 'volume' },
    wiring,
    knownFaults,
    decode(message, options) {
      if (message.meterType !== meterType)
        throw new DomainError('frame-unknown', `meter type ${message.meterType.toString(16)} is none of ${id}`)
      const { total, status } = totalValues(message.data, 'volume')
      return { readings: { volume: total, ...statusReadings(status, options) }, events: [] }
    },
    examples: [
      {
        when: 'twenty litres short of three cubic metres, with a clock',
        input: says('98 02 00 00 2C 00 02 00 00 2C 59 54 16 19 08 17 20 00 00'),
        reads: { volume: reading(2.98), ...fine },
      },
      {
        when: 'all eight digits, and no clock',
        input: says(`78 56 34 12 2C ${settled} ${noClock} 00 FF`),
        reads: { volume: reading(123_456.78), ...fine },
      },
      {
        when: 'litres',
        input: says(`56 34 12 00 29 00 00 00 00 29 ${noClock} 00 00`),
        reads: { volume: reading(1.23456), ...fine },
      },
      {
        when: 'valve closed and battery low',
        input: says(`29 00 00 00 2C ${settled} ${noClock} 05 00`),
        reads: {
          volume: reading(0.29),
          'valve-open': reading(false),
          'valve-fault': reading(false),
          'battery-low': reading(true),
        },
      },
      {
        when: 'a valve that is stuck',
        input: says(`29 00 00 00 2C ${settled} ${noClock} 03 00`),
        reads: {
          volume: reading(0.29),
          'valve-open': absent('device-fault'),
          'valve-fault': reading(true),
          'battery-low': reading(false),
        },
      },
      {
        when: 'valve closed and battery low, in the other arrangement',
        input: says(`29 00 00 00 2C ${settled} ${noClock} 60 00`),
        options: { 'status-bits': 'top-bits' },
        reads: {
          volume: reading(0.29),
          'valve-open': reading(false),
          'valve-fault': reading(false),
          'battery-low': reading(true),
        },
      },
      {
        when: 'a valve that is stuck, in the other arrangement',
        input: says(`29 00 00 00 2C ${settled} ${noClock} C0 00`),
        options: { 'status-bits': 'top-bits' },
        reads: {
          volume: reading(0.29),
          'valve-open': absent('device-fault'),
          'valve-fault': reading(true),
          'battery-low': reading(false),
        },
      },
      {
        when: 'valve bits that mean nothing',
        input: says(`29 00 00 00 2C ${settled} ${noClock} 02 00`),
        reads: {
          volume: reading(0.29),
          'valve-open': absent('invalid'),
          'valve-fault': absent('invalid'),
          'battery-low': reading(false),
        },
      },
      {
        when: 'status bits nobody knows',
        input: says(`29 00 00 00 2C ${settled} ${noClock} 21 84`),
        options: { 'status-bits': 'unknown' },
        reads: {
          volume: reading(0.29),
          'valve-open': absent('not-supported'),
          'valve-fault': absent('not-supported'),
          'battery-low': absent('not-supported'),
        },
      },
      {
        when: 'a register filled with FF',
        input: says(`FF FF FF FF 2C ${settled} ${noClock} 00 00`),
        reads: { volume: absent('not-supported'), ...fine },
      },
      {
        when: 'a unit that is no volume',
        input: says(`29 00 00 00 05 ${settled} ${noClock} 00 00`),
        reads: { volume: absent('invalid'), ...fine },
      },
      {
        when: 'a nibble that is no digit',
        input: says(`0A 34 12 00 2C ${settled} ${noClock} 00 00`),
        reads: { volume: absent('invalid'), ...fine },
      },
      { when: 'a register cut off', input: says('29 00 00'), fails: 'frame-malformed' },
      {
        when: 'the answer of another kind of meter',
        input: says(`29 00 00 00 2C ${settled} ${noClock} 00 00`, 0x42),
        fails: 'frame-unknown',
      },
    ],
  })
}
