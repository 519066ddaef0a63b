import { definitionOf, isQuantity, seconds } from '@anju/contract'
import { describe, expect, test } from 'vitest'
import { encodeRead } from '../protocols/modbus-rtu/encode.ts'
import { likelyFrom, modbusProfile } from '../protocols/modbus-rtu/modbus-profile.ts'
import { float32Of, type RegisterMap, readRegisters, widthOf } from '../protocols/modbus-rtu/register-map.ts'
import { bytesOfHex } from './byte-reader.ts'
import { decodeWith } from './decode-with.ts'
import { registerMapById, registerMaps } from './register-maps.ts'

test('there are register maps, each with a name of its own', () => {
  expect(registerMaps.length).toBeGreaterThan(5)
  expect(new Set(registerMaps.map(({ id }) => id)).size).toBe(registerMaps.length)
  for (const map of registerMaps) expect(registerMapById(map.id)).toBe(map)
  expect(registerMapById('acme/none')).toBeUndefined()
})

test('an interval in a block is how often it is asked, and the shortest one is the meter’s sign of life', () => {
  const [map] = registerMaps
  if (!map) throw new Error('no maps')
  const blocks = [
    { from: 0x2000, count: 16, everyS: 10 },
    { from: 0x4000, count: 12 },
  ]
  const { polls, supervision } = modbusProfile({ ...map, blocks })
  expect(polls?.map(({ name, every }) => [name, every])).toEqual([
    ['2000', seconds(10)],
    ['4000', seconds(60)],
  ])
  expect(supervision).toEqual({ reportEvery: seconds(10), lostAfter: seconds(50) })
})

test('where an answer began is guessed by its length only where that is enough', () => {
  const dtsu = registerMapById('chint/dtsu666')
  if (!dtsu) throw new Error('no such map')
  expect(likelyFrom(dtsu, 20)).toBe(0x2006)
  // Four of its blocks are two registers long.
  expect(likelyFrom(dtsu, 2)).toBe(0x2006)
  expect(likelyFrom(dtsu, 4)).toBe(0x2006)
})

const wordsOfHex = (hex: string) => {
  const bytes = bytesOfHex(hex)
  return Uint16Array.from({ length: bytes.length / 2 }, (_, i) => ((bytes[i * 2] ?? 0) << 8) | (bytes[i * 2 + 1] ?? 0))
}

describe.for(registerMaps.map((map) => [map.id, map] as const))('%s', ([, map]) => {
  test('is well-formed', () => {
    expect(map.id).toMatch(/^[a-z0-9-]+\/[a-z0-9-]+$/)
    expect(map.models.length).toBeGreaterThan(0)
    expect(new Set(map.registers.map(({ point }) => point)).size).toBe(map.registers.length)
    for (const { point, quantity } of map.registers) {
      expect(point).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/)
      expect(isQuantity(quantity)).toBe(true)
      // A switch in a register is a word, not a measurement.
      expect(definitionOf(quantity).kind).toBeUndefined()
    }
    const used = map.registers.flatMap(({ at, format }) => Array.from({ length: widthOf(format) }, (_, i) => at + i))
    expect(new Set(used).size).toBe(used.length)
  })

  test('asks for every register, whole, in questions a meter answers', () => {
    for (const { from, count } of map.blocks)
      expect(encodeRead({ unit: 1, function: map.function, from, count })).toHaveLength(8)
    for (const { at, format } of map.registers)
      expect(map.blocks.filter(({ from, count }) => at >= from && at + widthOf(format) <= from + count)).toHaveLength(1)
  })

  test('holds nothing that JSON cannot, and is the same profile when read from a file', () => {
    const fromFile = JSON.parse(JSON.stringify(map)) as RegisterMap
    expect(fromFile).toEqual(map)
    const { decode: _, ...profile } = modbusProfile(fromFile)
    const { decode: __, ...known } = modbusProfile(map)
    expect(profile).toEqual(known)
  })

  test('is asked for whole blocks, and every point belongs to one', () => {
    const { polls = [], measures } = modbusProfile(map)
    expect(polls.map(({ ask }) => ask)).toEqual(
      map.blocks.map(({ from, count }) => ({ function: map.function, from, count })),
    )
    expect(polls.flatMap(({ points }) => points).toSorted()).toEqual(Object.keys(measures).toSorted())
  })

  test('has examples that read and examples that fail', () => {
    const kinds = map.examples.map((example) => 'reads' in example)
    expect(kinds).toContain(true)
    expect(kinds).toContain(false)
  })

  test.for(map.examples)('$when', (example) => {
    const attempt = decodeWith(() => readRegisters(map, example.from, wordsOfHex(example.words)), undefined)
    const readings = attempt.ok && Object.fromEntries(attempt.value.map(({ point, reading }) => [point, reading]))
    const code = attempt.ok ? undefined : attempt.error.code
    expect('reads' in example ? readings : code).toEqual('reads' in example ? example.reads : example.fails)
  })
})

test.for([
  ['4366 3333', 230.2],
  // One step of the float beside it: what the meter sent, and not rounded to what it may have meant.
  ['4366 3334', 230.20001],
  ['4369 6978', 233.41199],
  ['C2F6 E979', -123.456],
  ['0000 0000', 0],
  ['7F7F FFFF', 3.4028235e38],
  ['FF80 0000', Number.NEGATIVE_INFINITY],
  ['7FC0 0000', Number.NaN],
] as const)('the float %s is %d', ([hex, value]) => {
  const [high = 0, low = 0] = wordsOfHex(hex)
  expect(float32Of(high, low)).toBe(value)
})
