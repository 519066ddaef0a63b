import * as fc from 'fast-check'
import { expect, expectTypeOf, test } from 'vitest'
import { hexOf } from '../../src/byte-reader.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import * as everything from './encode.ts'
import { encodeSend, type Iec62056Send, readIdentification } from './encode.ts'
import { iec62056Framing } from './framing.ts'

test.for([
  [{ say: 'request' }, '2F3F210D0A'],
  [{ say: 'request', address: '45678903' }, '2F3F3435363738393033210D0A'],
  [{ say: 'read-out', baudCode: '5' }, '063035300D0A'],
  [{ say: 'sign-off' }, '0142300371'],
] satisfies [Iec62056Send, string][])('%o is the message of the book', ([send, hex]) => {
  expect(hexOf(encodeSend(send))).toBe(hex)
})

test.for([
  [{ say: 'request', address: '1!\r\n' }, /address/],
  [{ say: 'request', address: '/'.repeat(3) }, /address/],
  [{ say: 'request', address: '1'.repeat(33) }, /address/],
  [{ say: 'read-out', baudCode: '7' }, /baudCode/],
  [{ say: 'read-out', baudCode: '51' }, /baudCode/],
  [{ say: 'read-out', baudCode: '5\n' }, /baudCode/],
  [{ say: 'read-out', baudCode: 'A' }, /baudCode/],
] satisfies [Iec62056Send, RegExp][])('%o is refused, naming the field', ([send, why]) => {
  expect(() => encodeSend(send)).toThrow(
    expect.objectContaining({ code: 'request-malformed', message: expect.stringMatching(why) as string }) as Error,
  )
})

test('a password, a write or the programming mode cannot be built', () => {
  expectTypeOf<Iec62056Send['say']>().toEqualTypeOf<'request' | 'read-out' | 'sign-off'>()
  expect(Object.keys(everything).toSorted()).toEqual(['encodeSend', 'readIdentification'])
  for (const say of ['password', 'write', 'programming', 'P', 'constructor', '__proto__'])
    expect(() => encodeSend({ say, command: 'P', data: '(1234567)' } as never)).toThrow(/say/)
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.constantFrom('request', 'read-out', 'sign-off'), (address, code, say) => {
      const forged = { say, address, baudCode: code, command: 'P', type: '1', option: '051' } as never
      let bytes: Uint8Array
      try {
        bytes = encodeSend(forged)
      } catch {
        return
      }
      expect(hexOf(bytes)).toMatch(/^(?:2F3F(?:[2-7][0-9A-F])*210D0A|06303[0-6]300D0A|0142300371)$/)
      expect(scanAll(iec62056Framing, bytes).map(({ is }) => is)).toEqual(['frame'])
    }),
    { numRuns: 500 },
  )
})

test('the identification says the maker and the speed it offers', () => {
  expect(readIdentification('LGZ4ZMF100AC.M26')).toEqual({
    maker: 'LGZ',
    baudCode: '4',
    baud: 4_800,
    model: 'ZMF100AC.M26',
  })
  // Mode D meters put no speed of mode C there: nothing to switch to.
  expect(readIdentification('ESYQ3DB')).not.toHaveProperty('baud')
  for (const wrong of ['', 'LG', 'L1Z5x', `ABC5${'x'.repeat(61)}`])
    expect(() => readIdentification(wrong)).toThrow(/ident/)
})
