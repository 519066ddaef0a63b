import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { bytesOfHex } from '../../src/byte-reader.ts'
import { validityOf } from './layout.ts'
import { smsPdu } from './tell.ts'

const stored = JSON.parse(await readFile(new URL('vectors.json', import.meta.url), 'utf8')) as {
  id: string
  input_hex: string
  expected: { ok: boolean }
}[]

test.for(stored.filter(({ expected }) => expected.ok))('$id, cut at any length, is refused', ({ input_hex: hex }) => {
  const bytes = bytesOfHex(hex)
  expect(smsPdu.read({ topic: '', bytes })).toMatchObject([{ is: 'told' }])
  for (let length = 0; length < bytes.byteLength; length++)
    expect(smsPdu.read({ topic: '', bytes: bytes.subarray(0, length) })).toMatchObject([{ is: 'refused' }])
})

test.for([
  [0, { validityMinutes: 5 }],
  [143, { validityMinutes: 720 }],
  [144, { validityMinutes: 750 }],
  [167, { validityMinutes: 1440 }],
  [168, { validityDays: 2 }],
  [196, { validityDays: 30 }],
  [197, { validityWeeks: 5 }],
  [255, { validityWeeks: 63 }],
] as const)('validity %d', ([raw, means]) => {
  expect(validityOf(raw)).toEqual(means)
})

const report = (status: string) => `00 06 05 05 81 05 31 F1 01 01 50 61 00 00 40 01 01 50 61 00 00 40 ${status}`
test.for([
  ['00', true, false],
  ['1F', true, false],
  ['30', false, false],
  ['45', false, true],
] as const)('a report of status %s', ([status, delivered, givenUp]) => {
  expect(smsPdu.read({ topic: '', bytes: bytesOfHex(report(status)) })).toMatchObject([
    { frame: { delivered, givenUp } },
  ])
})
