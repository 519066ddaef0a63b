import { expect, expectTypeOf, test } from 'vitest'
import { hexOf } from '../../src/byte-reader.ts'
import * as everything from './encode.ts'
import { encodeAsk, type MbusAsk } from './encode.ts'
import { mbus } from './tell.ts'

test.for([
  [{ ask: 'reset-link', address: 1 }, '1040014116'],
  [{ ask: 'data', address: 1, frameCountBit: false }, '105B015C16'],
  [{ ask: 'data', address: 254, frameCountBit: true }, '107BFE7916'],
] satisfies [MbusAsk, string][])('%o is the frame of the book', ([ask, hex]) => {
  expect(hexOf(encodeAsk(ask))).toBe(hex)
})

test.for([-1, 251, 253, 255, 1.5, Number.NaN])('address %d is refused', (address) => {
  expect(() => encodeAsk({ ask: 'data', address, frameCountBit: false })).toThrow(/address/)
})

test('user data cannot be sent to a meter', () => {
  expectTypeOf<MbusAsk['ask']>().toEqualTypeOf<'reset-link' | 'data'>()
  expect(Object.keys(everything)).toEqual(['encodeAsk'])
  for (const ask of ['send', 'write', 'set-address', 'constructor', '__proto__'])
    expect(() => encodeAsk({ ask, address: 1, control: 0x53, ci: 0x51, data: [1] } as never)).toThrow(/ask/)
  const built = [0, 1, 250, 254].flatMap((address) => [
    encodeAsk({ ask: 'reset-link', address, control: 0x53 } as never),
    encodeAsk({ ask: 'data', address, frameCountBit: 0x53 } as never),
  ])
  for (const bytes of built) expect(hexOf(bytes)).toMatch(/^10(?:40|5B|7B)[0-9A-F]{4}16$/)
})

test('a setting sent by others is known for what it is', () => {
  // SND_UD with CI 51 and record 01 7A 05: "your address is 5".
  const body = [0x53, 0x01, 0x51, 0x01, 0x7a, 0x05]
  const sum = body.reduce((total, byte) => total + byte, 0) & 0xff
  const bytes = Uint8Array.of(0x68, body.length, body.length, 0x68, ...body, sum, 0x16)
  expect(mbus.read({ bytes, topic: '' })).toMatchObject([
    { is: 'told', frame: { command: 'send_user_data', neverSentByGateway: true } },
  ])
})
