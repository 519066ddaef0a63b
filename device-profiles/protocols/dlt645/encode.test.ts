import * as fc from 'fast-check'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { bytesOfHex, hexOf } from '../../src/byte-reader.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import * as everything from './encode.ts'
import { type Dlt645Answer, type Dlt645Read, encodeAnswer, encodeRead, READ_CONTROLS } from './encode.ts'
import { type Dlt645Frame, dlt645Framing, WILDCARD } from './framing.ts'
import { readMessage } from './message.ts'

const hexDigits = Array.from({ length: 16 }, (_, digit) => digit.toString(16).toUpperCase())
const hex = (length: number) =>
  fc.array(fc.constantFrom(...hexDigits), { minLength: length, maxLength: length }).map((list) => list.join(''))

const onlyFrame = (bytes: Uint8Array): Dlt645Frame => {
  const [found, ...more] = scanAll(dlt645Framing, bytes)
  expect(more).toEqual([])
  if (found?.is !== 'frame') throw new Error('no frame')
  return found.frame
}

describe('a read', () => {
  test.for([
    [
      { dialect: '2007', ask: 'data', address: '000012345678', di: '02010100' },
      '68 78 56 34 12 00 00 68 11 04 33 34 34 35 C9 16',
    ],
    [
      { dialect: '2007', ask: 'data', address: '652022122018', di: '0201FF00' },
      '68 18 20 12 22 20 65 68 11 04 33 32 34 35 A4 16',
    ],
    [
      { dialect: '2007', ask: 'next', address: '123456789012', di: '03300001', sequence: 1 },
      '68 12 90 78 56 34 12 68 12 05 34 33 63 36 34 D1 16',
    ],
    [{ dialect: '2007', ask: 'address' }, '68 AA AA AA AA AA AA 68 13 00 DF 16'],
    [
      { dialect: '1997', ask: 'data', address: '010003635927', di: 'B611' },
      '68 27 59 63 03 00 01 68 01 02 44 E9 E7 16',
    ],
  ] satisfies [Dlt645Read, string][])('$0.dialect $0.ask is the frame of the books', ([read, hex]) => {
    expect(hexOf(encodeRead(read))).toBe(hexOf(bytesOfHex(`FE FE FE FE ${hex}`)))
  })

  test.for([
    [{ dialect: '2007', ask: 'data', address: '12345', di: '02010100' }, /address/],
    [{ dialect: '2007', ask: 'data', address: '12345678901A', di: '02010100' }, /address/],
    [{ dialect: '2007', ask: 'data', address: '000000000161', di: 'B611' }, /di/],
    [{ dialect: '2007', ask: 'data', address: '000000000161', di: '0201zz00' }, /di/],
    [{ dialect: '1997', ask: 'data', address: '000000000161', di: '02010100' }, /di/],
    [{ dialect: '2007', ask: 'next', address: '000000000161', di: '02010100', sequence: 256 }, /sequence/],
    [{ dialect: '2007', ask: 'next', address: '000000000161', di: '02010100', sequence: 0.5 }, /sequence/],
  ] satisfies [Dlt645Read, RegExp][])('$0 is refused, naming the field', ([read, why]) => {
    expect(() => encodeRead(read)).toThrow(
      expect.objectContaining({ code: 'request-malformed', message: expect.stringMatching(why) as string }) as Error,
    )
  })
})

describe('a write cannot be built', () => {
  const writes2007 = [0x03, 0x08, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d]
  const writes1997 = [0x04, 0x08, 0x0a, 0x0c, 0x0f, 0x10]

  test('the type has no word for one', () => {
    expectTypeOf<Dlt645Read['ask']>().toEqualTypeOf<'data' | 'next' | 'address'>()
    expectTypeOf<Dlt645Answer['say']>().toEqualTypeOf<'data' | 'next' | 'address' | 'error'>()
    // @ts-expect-error a read does not choose its control code
    const forged: Dlt645Read = { dialect: '2007', ask: 'data', address: '000000000161', di: '00010000', control: 0x1c }
    expect(onlyFrame(encodeRead(forged)).control).toBe(0x11)
  })

  test('the module lets nobody else make a frame', () => {
    expect(Object.keys(everything).toSorted()).toEqual(['READ_CONTROLS', 'addressBytes', 'encodeAnswer', 'encodeRead'])
    const controls = Object.values(READ_CONTROLS).flatMap((dialect): number[] => Object.values(dialect))
    expect(controls.toSorted((a, b) => a - b)).toEqual([0x01, 0x02, 0x11, 0x12, 0x13])
  })

  test.for(['write', 'control', 'relay', 'reset', 'constructor', '__proto__', 'toString'])(
    'not by asking for %s',
    (ask) => {
      for (const dialect of ['2007', '1997', '1999'])
        for (const di of ['00010000', 'B611'])
          expect(() => encodeRead({ dialect, ask, address: '000000000161', di } as never)).toThrow(/ask|di/)
    },
  )

  test('whatever is asked, the frame is a read of its dialect', () => {
    const digits = fc
      .array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 12 })
      .map((list) => list.join(''))
    const address = fc.oneof(digits, fc.constant(WILDCARD))
    const read: fc.Arbitrary<Dlt645Read> = fc.oneof(
      fc.record({ dialect: fc.constant('2007' as const), ask: fc.constant('data' as const), address, di: hex(8) }),
      fc.record({
        dialect: fc.constant('2007' as const),
        ask: fc.constant('next' as const),
        address,
        di: hex(8),
        sequence: fc.integer({ min: 0, max: 255 }),
      }),
      fc.constant({ dialect: '2007' as const, ask: 'address' as const }),
      fc.record({
        dialect: fc.constant('1997' as const),
        ask: fc.constantFrom('data' as const, 'next' as const),
        address,
        di: hex(4),
      }),
    )
    fc.assert(
      fc.property(read, (given) => {
        const frame = onlyFrame(encodeRead(given))
        expect(given.dialect === '2007' ? writes2007 : writes1997).not.toContain(frame.control)
        expect(readMessage(given.dialect, frame)).toMatchObject({ is: 'request' })
      }),
    )
  })
})

test('what a simulated meter says is never an order', () => {
  const answers: Dlt645Answer[] = [
    { dialect: '2007', say: 'data', address: '000000000161', di: '00010000', data: Uint8Array.of(0x26, 0, 0, 0) },
    {
      dialect: '1997',
      say: 'data',
      address: '000000000161',
      di: '9010',
      data: Uint8Array.of(0x26, 0, 0, 0),
      more: true,
    },
    { dialect: '2007', say: 'next', address: '000000000161', di: '0001FF00', data: new Uint8Array(4), sequence: 1 },
    { dialect: '2007', say: 'address', address: '000000000161' },
    { dialect: '2007', say: 'error', to: 'data', address: '000000000161', errorByte: 2 },
  ]
  const frames = answers.map((answer) => onlyFrame(encodeAnswer(answer)))
  expect(frames.map(({ control }) => control)).toEqual([0x91, 0xa1, 0x92, 0x93, 0xd1])
  expect(hexOf(encodeAnswer(answers[0] as Dlt645Answer))).toBe('6861010000000068910833333433593333338A16')
})
