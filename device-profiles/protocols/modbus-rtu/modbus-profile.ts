import { seconds } from '@anju/contract'
import { bytesOfHex } from '../../src/byte-reader.ts'
import type { Driver, Measure, Poll, Profile } from '../../src/profile.ts'
import { type Register, type RegisterExample, type RegisterMap, readRegisters, widthOf } from './register-map.ts'

/** A meter that is nothing but its registers. */
export interface ModbusProfile extends Profile<'modbus-rtu'> {
  readonly map: RegisterMap
}

const usuallyEveryS = 60
/** Three questions without an answer, each with the time it may take. */
const graceS = 20

export function modbusProfile(map: RegisterMap): ModbusProfile {
  const everyS = map.blocks.map((block) => block.everyS ?? usuallyEveryS)
  const reportEveryS = Math.min(...everyS)
  return {
    id: map.id,
    name: map.name,
    driver: 'modbus-rtu',
    serial: { ...map.serial, dataBits: 8 },
    models: map.models,
    supervision: { reportEvery: seconds(reportEveryS), lostAfter: seconds(reportEveryS * 3 + graceS) },
    measures: Object.fromEntries(map.registers.map((register) => [register.point, measureOf(register)])),
    events: {},
    polls: map.blocks.map(
      ({ from, count }, i): Poll<'modbus-rtu'> => ({
        name: from.toString(16).padStart(4, '0').toUpperCase(),
        ask: { function: map.function, from, count },
        every: seconds(everyS[i] ?? usuallyEveryS),
        points: map.registers
          .filter(({ at, format }) => at >= from && at + widthOf(format) <= from + count)
          .map(({ point }) => point),
      }),
    ),
    walkTest: map.walkTest,
    wiring: map.wiring,
    ...(map.knownFaults && { knownFaults: map.knownFaults }),
    decode({ from, words }) {
      const points = readRegisters(map, from ?? likelyFrom(map, words.length), words)
      return { readings: Object.fromEntries(points.map(({ point, reading }) => [point, reading])), events: [] }
    },
    examples: map.examples.map(exampleOf),
    map,
  }
}

/** A bus master knows what it asked; of a frame from a capture it can only be guessed: the one block of that length, or the first. */
export const likelyFrom = ({ blocks }: RegisterMap, count: number): number => {
  const fitting = blocks.filter((block) => block.count === count)
  return (fitting.length === 1 ? fitting : blocks)[0]?.from ?? 0
}

export const isModbusProfile = (profile: { readonly driver: Driver }): profile is ModbusProfile =>
  profile.driver === 'modbus-rtu' && 'map' in profile

const measureOf = ({ point, quantity, name }: Register): Measure => ({ quantity, name: name ?? nameOf(point) })

/** `active-power-a`: Active power A. */
function nameOf(point: string): string {
  const words = point.replaceAll('-', ' ').replace(/ ([abc])$/, (phase) => phase.toUpperCase())
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function exampleOf(example: RegisterExample): ModbusProfile['examples'][number] {
  const { when, from } = example
  const input = { from, words: wordsOfHex(example.words) }
  return 'reads' in example ? { when, input, reads: example.reads } : { when, input, fails: example.fails }
}

function wordsOfHex(hex: string): Uint16Array {
  const bytes = bytesOfHex(hex)
  return Uint16Array.from({ length: bytes.length / 2 }, (_, i) => ((bytes[i * 2] ?? 0) << 8) | (bytes[i * 2 + 1] ?? 0))
}
