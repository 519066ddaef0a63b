import * as fc from 'fast-check'
import { expect, expectTypeOf, test } from 'vitest'
import { bytesOfHex, hexOf } from '../../src/byte-reader.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import { registerMapById } from '../../src/register-maps.ts'
import * as everything from './encode.ts'
import { encodeRead, hearAnswer, type ModbusRead } from './encode.ts'
import { type ModbusFrame, modbusRtuFraming } from './framing.ts'
import { modbusRtuWith } from './tell.ts'

const modbusRtu = modbusRtuWith(registerMapById)

const read: ModbusRead = { unit: 1, function: 4, from: 0, count: 2 }
const frameOf = (hex: string): ModbusFrame => {
  const [found] = scanAll(modbusRtuFraming, bytesOfHex(hex))
  if (found?.is !== 'frame') throw new Error('no frame')
  return found.frame
}

test('a read is the frame of the books', () => {
  expect(hexOf(encodeRead({ unit: 17, function: 3, from: 0x6b, count: 3 }))).toBe('1103006B00037687')
})

test.for([
  [{ unit: 0 }, /unit/],
  [{ unit: 249 }, /unit/],
  [{ function: 5 }, /function/],
  [{ function: 6 }, /function/],
  [{ function: 16 }, /function/],
  [{ from: -1 }, /from/],
  [{ count: 0 }, /count/],
  [{ count: 126 }, /count/],
  [{ from: 0xffff, count: 2 }, /count/],
  [{ count: 1.5 }, /count/],
] as const)('%o is refused, naming the field', ([given, why]) => {
  expect(() => encodeRead({ ...read, ...given } as never)).toThrow(why)
})

test('a write cannot be built', () => {
  expectTypeOf<ModbusRead['function']>().toEqualTypeOf<3 | 4>()
  expect(Object.keys(everything).toSorted()).toEqual(['encodeRead', 'hearAnswer', 'wordsOf'])
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 248 }), fc.nat({ max: 255 }), fc.nat({ max: 65_000 }), (unit, code, from) => {
      const forged = { unit, function: code, from, count: 1, data: [0xff, 0], command: code } as never
      const build = () => encodeRead(forged)
      fc.pre(code !== 3 && code !== 4)
      expect(build).toThrow(/function/)
    }),
  )
})

test('an answer carries no register number: it is one only for the unit, function and length that were asked', () => {
  const answer = '01 04 04 43 66 33 34 1B 38'
  expect(hearAnswer(read, frameOf(answer))).toEqual({ is: 'answer', from: 0, words: Uint16Array.of(0x4366, 0x3334) })
  expect(hearAnswer({ ...read, unit: 2 }, frameOf(answer))).toMatchObject({ is: 'ignored' })
  expect(hearAnswer({ ...read, function: 3 }, frameOf(answer))).toMatchObject({ is: 'ignored' })
  expect(hearAnswer({ ...read, count: 4 }, frameOf(answer))).toMatchObject({ is: 'ignored' })
  expect(hearAnswer(read, frameOf(hexOf(encodeRead(read))))).toMatchObject({ is: 'ignored' })
  expect(hearAnswer({ ...read, unit: 17, function: 3 }, frameOf('11 83 04 41 36'))).toEqual({
    is: 'exception',
    code: 4,
  })
  expect(hearAnswer({ ...read, unit: 17 }, frameOf('11 83 04 41 36'))).toMatchObject({ is: 'ignored' })
})

test('what others write on the line is known for what it is', () => {
  // Two writes of the application protocol's own examples, §6.6 and §6.12, as unit 1.
  for (const [hex, command] of [
    ['01 06 00 01 00 03 98 0B', 'write_single_register'],
    ['01 10 00 01 00 02 04 00 0A 01 02 92 30', 'write_multiple_registers'],
  ] as const)
    expect(modbusRtu.read({ bytes: bytesOfHex(hex), topic: '' })).toMatchObject([
      { is: 'told', frame: { command, register: '0001', neverSentByGateway: true } },
    ])
})

test('a device that is no register map is refused, and says how one is written', () => {
  const bytes = bytesOfHex('01 04 04 43 66 33 34 1B 38')
  for (const device of ['acme/none', 'eastron/sdm120@0', 'eastron/sdm120@zzzz', '', '@0000'])
    expect(modbusRtu.read({ bytes, topic: '', device })).toMatchObject([{ is: 'refused', code: 'request-malformed' }])
  expect(modbusRtu.read({ bytes, topic: '', device: 'eastron/sdm120@0046' })).toMatchObject([
    { readings: [{ point: 'frequency', reading: { is: 'absent', why: 'implausible' } }] },
  ])
  expect(modbusRtu.read({ bytes, topic: '', device: 'eastron/sdm120@0500' })).toMatchObject([
    { is: 'refused', code: 'frame-unknown' },
  ])
})
