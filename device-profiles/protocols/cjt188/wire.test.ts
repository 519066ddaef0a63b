import { expect, test } from 'vitest'
import { hexOf } from '../../src/byte-reader.ts'
import type { Asked } from '../../src/wire.ts'
import type { Cjt188Frame } from './framing.ts'
import { type Cjt188Ask, cjt188Wire } from './wire.ts'

const address = '00000805000001'
const values = [0x29, 0, 0, 0, 0x2c]

const begin = (given: Partial<Asked<Cjt188Ask>> = {}) => {
  const asked = { address, ask: { meterType: 0x10 }, aloneOnBus: false, speedChanges: false, ...given }
  const exchange = cjt188Wire.begin(asked)
  const number = exchange.request.at(-3) ?? 0
  const answer = (data: readonly number[], more: Partial<Cjt188Frame> = {}) =>
    exchange.hear({ meterType: 0x10, address, control: 0x81, data: Uint8Array.from(data), ...more })
  return { exchange, number, answer }
}

test('a question is a read of the current values, numbered through', () => {
  const [first, second] = [begin(), begin()]
  expect(hexOf(first.exchange.request)).toMatch(/^FEFEFE68100100000508000001031F90....16$/)
  expect(second.number).toBe((first.number + 1) & 0xff)
})

test.for([
  [0x1f, 0x90],
  [0x90, 0x1f],
] as const)('an answer counts with its identifier as %i %i', ([first, second]) => {
  const { number, answer } = begin()
  expect(answer([first, second, number, ...values])).toEqual({
    is: 'answer',
    message: { meterType: 0x10, data: Uint8Array.from(values) },
  })
})

test('what is another meter’s, another question’s, another identifier’s or our own echo is no answer', () => {
  const { number, answer } = begin()
  const good = [0x1f, 0x90, number, ...values]
  expect(answer(good, { address: '00000805000002' })).toMatchObject({ is: 'ignored' })
  expect(answer([0x1f, 0x90, (number + 255) & 0xff, ...values])).toMatchObject({ is: 'ignored' })
  expect(answer([0xd1, 0x20, number, ...values])).toMatchObject({ is: 'ignored' })
  expect(answer([0x1f, 0x90])).toMatchObject({ is: 'ignored' })
  expect(answer([0x81, 0x0a, number], { control: 0x83 })).toMatchObject({ is: 'ignored' })
  expect(answer([0x1f, 0x90, number], { control: 0x01 })).toMatchObject({ is: 'ignored' })
  expect(answer(good)).toMatchObject({ is: 'answer' })
})

test('who is alone on the line may be asked as whoever it is', () => {
  const wildcard = 'AAAAAAAAAAAAAA'
  const alone = begin({ address: wildcard, aloneOnBus: true })
  expect(alone.answer([0x1f, 0x90, alone.number, ...values])).toMatchObject({ is: 'answer' })
  const notAlone = begin({ address: wildcard })
  expect(notAlone.answer([0x1f, 0x90, notAlone.number, ...values])).toMatchObject({ is: 'ignored' })
})

test('after a silence the identifier is turned round, and after a refusal too, before the meter counts as refusing', () => {
  expect(hexOf(begin({ unanswered: 1 }).exchange.request)).toMatch(/0103901F/)
  const { number, answer } = begin()
  const refuses = () => answer([number, 0, 2], { control: 0xc1 })
  expect(answer([(number + 255) & 0xff, 0, 2], { control: 0xc1 })).toMatchObject({ is: 'ignored' })
  const again = refuses()
  expect(again.is === 'more' && hexOf(again.request)).toMatch(/0103901F/)
  expect(refuses()).toEqual({ is: 'refused', why: 'device-fault' })
})

test.for(['1', '0000080500000A', '000008050000012', '', undefined])('%o is no address', (given) => {
  expect(cjt188Wire.addressProblem(given)).toMatch(/14 digits/)
})
test.for([address, 'AAAAAAAAAAAAAA'])('%s is one', (given) => {
  expect(cjt188Wire.addressProblem(given)).toBeUndefined()
})

const frame = (control: number, ...data: number[]): Cjt188Frame => ({
  meterType: 0x10,
  address,
  control,
  data: Uint8Array.from(data),
})

test('only the current values are a message; an address, a refusal and a question are none', () => {
  expect(cjt188Wire.messageOf(frame(0x81, 0x90, 0x1f, 7, ...values))).toEqual({
    meterType: 0x10,
    data: Uint8Array.from(values),
  })
  expect(cjt188Wire.messageOf(frame(0x83, 0x81, 0x0a, 0))).toBeUndefined()
  expect(cjt188Wire.messageOf(frame(0xc1, 7, 0, 2))).toBeUndefined()
  expect(cjt188Wire.messageOf(frame(0x01, 0x1f, 0x90, 7))).toBeUndefined()
  expect(cjt188Wire.words(frame(0xc1, 7, 0, 2))).toMatchObject({ abnormal: true, meterType: 'cold_water' })
})
