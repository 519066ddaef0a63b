import { readFile } from 'node:fs/promises'
import { expect, expectTypeOf, test } from 'vitest'
import { bytesOfHex, hexOf } from '../../src/byte-reader.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import * as everything from './encode.ts'
import { ANY_ADDRESS, type Cjt188Read, encodeRead } from './encode.ts'
import { cjt188Framing } from './framing.ts'

const address = '00000000000003'

test('a read is a frame of its own framing, addressed and summed', () => {
  const data = encodeRead({ ask: 'data', meterType: 0x10, address: '78330011223344', sequence: 7 })
  expect(scanAll(cjt188Framing, data)).toEqual([
    {
      is: 'frame',
      frame: { meterType: 0x10, address: '78330011223344', control: 0x01, data: Uint8Array.of(0x1f, 0x90, 7) },
    },
  ])
  const [found] = scanAll(cjt188Framing, encodeRead({ ask: 'address' }))
  expect(found).toMatchObject({ frame: { meterType: 0xaa, address: ANY_ADDRESS, control: 0x03 } })
})

test.for([
  [{ ask: 'data', meterType: 0x10, address: '123', sequence: 0 }, /address/],
  [{ ask: 'data', meterType: 0x10, address: '0000000000000A', sequence: 0 }, /address/],
  [{ ask: 'data', meterType: 256, address, sequence: 0 }, /meterType/],
  [{ ask: 'data', meterType: 0x10, address, sequence: -1 }, /sequence/],
] satisfies [Cjt188Read, RegExp][])('%o is refused, naming the field', ([read, why]) => {
  expect(() => encodeRead(read)).toThrow(why)
})

test('a valve command cannot be built', async () => {
  expectTypeOf<Cjt188Read['ask']>().toEqualTypeOf<'data' | 'address'>()
  expect(Object.keys(everything).toSorted()).toEqual(['ANY_ADDRESS', 'ANY_TYPE', 'encodeRead'])
  for (const ask of ['write', 'valve', 'valve_open', 'constructor', '__proto__'])
    expect(() => encodeRead({ ask, meterType: 0x30, address, sequence: 0, control: 4 } as never)).toThrow(/ask/)

  const stored = JSON.parse(await readFile(new URL('vectors.json', import.meta.url), 'utf8')) as {
    input_hex: string
    expected: { must_never_be_sent_by_gateway?: true }
  }[]
  const forbidden = stored.filter(({ expected }) => expected.must_never_be_sent_by_gateway)
  expect(forbidden.length).toBeGreaterThan(2)
  // Whatever a caller forges beside a read, the frame stays a read: none of its fields chooses the control code or the data.
  for (const { input_hex: hex } of forbidden) {
    const [found] = scanAll(cjt188Framing, bytesOfHex(hex))
    const frame = found?.is === 'frame' ? found.frame : undefined
    expect([0x04, 0x15, 0x2a]).toContain(frame?.control)
    for (let sequence = 0; sequence < 256; sequence++) {
      const built = encodeRead({ ...frame, ask: 'data', meterType: 0x30, address, sequence } as never)
      expect(hexOf(built.subarray(3))).toMatch(/^683003000000000000010[0-9A-F]1F90/)
    }
  }
})
