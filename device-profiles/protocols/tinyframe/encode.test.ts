import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { bytesOfHex, hexOf } from '../../src/byte-reader.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import * as everything from './encode.ts'
import { encodeReport, REPORTS } from './encode.ts'
import { MR60FDA2_DATA_BYTES_MAX, tinyFraming } from './framing.ts'

test.for([
  ['fall', true, '01 00 00 00 01 0E 02 F3 01 FE'],
  ['fall', false, '01 00 00 00 01 0E 02 F3 00 FF'],
  ['presence', true, '01 00 00 00 01 0F 09 F9 01 FE'],
] as const)('%s %s is the frame of the radar', ([report, value, hex]) => {
  expect(hexOf(encodeReport({ report, value }))).toBe(hexOf(bytesOfHex(hex)))
})

test('frames are numbered, and a number that is none is refused', () => {
  const [found] = scanAll(
    tinyFraming(MR60FDA2_DATA_BYTES_MAX),
    encodeReport({ id: 0xfffe, report: 'fall', value: true }),
  )
  expect(found).toMatchObject({ frame: { id: 0xfffe, type: 0x0e02 } })
  for (const id of [-1, 0x1_0000, 1.5, Number.NaN])
    expect(() => encodeReport({ id, report: 'fall', value: true })).toThrow(/id/)
})

test('what sets or resets a radar cannot be built', async () => {
  expect(Object.keys(everything).toSorted()).toEqual(['REPORTS', 'encodeReport'])
  expect(Object.values(REPORTS)).toEqual([0x0e02, 0x0f09])
  for (const report of ['init', '2110', 'constructor', '__proto__', 'toString'])
    expect(() => encodeReport({ report, value: true } as never)).toThrow(/neither fall nor presence/)

  const stored = JSON.parse(await readFile(new URL('vectors.json', import.meta.url), 'utf8')) as {
    input_hex: string
    expected: { must_never_be_sent_by_gateway?: true }
  }[]
  const forbidden = stored.filter(({ expected }) => expected.must_never_be_sent_by_gateway)
  expect(forbidden.length).toBeGreaterThan(0)
  const buildable = (['fall', 'presence'] as const).flatMap((report) =>
    [true, false].map((value) => hexOf(encodeReport({ report, value }))),
  )
  for (const { input_hex: hex } of forbidden) expect(buildable).not.toContain(hexOf(bytesOfHex(hex)))
})

test('a frame longer than the model’s is not waited for', () => {
  const long = bytesOfHex('01 00 00 00 1D 0E 06 EB')
  expect(scanAll(tinyFraming(MR60FDA2_DATA_BYTES_MAX), long)[0]).toMatchObject({ is: 'refused', reason: 'length' })
})
