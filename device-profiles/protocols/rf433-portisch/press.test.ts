import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { bytesOfHex } from '../../src/byte-reader.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import { portischFraming } from './framing.ts'
import { PressFilter, pressKey } from './press.ts'
import { rf433Portisch } from './tell.ts'

const stored = JSON.parse(await readFile(new URL('vectors.json', import.meta.url), 'utf8')) as {
  id: string
  input_hex: string
}[]
const keyOf = (hex: string) => {
  const [found] = scanAll(portischFraming, bytesOfHex(hex))
  return found?.is === 'frame' ? pressKey(found.frame) : undefined
}
const read = (hex: string) => rf433Portisch.read({ bytes: bytesOfHex(hex), topic: '' })

test('repeats of one press are one press, also when one pulse length was measured as two', () => {
  const presses = stored.filter(({ id }) => ['rf-b1-3buckets', 'rf-b1-4buckets-b', 'rf-b1-repeat'].includes(id))
  const keys = new Set(presses.map(({ input_hex: hex }) => keyOf(hex)))
  expect(presses.length).toBe(3)
  expect([...keys]).toEqual([expect.stringMatching(/^pulses [012]{36}$/)])
})

test('another code is another press, and so is the same code at another key', () => {
  const first = 'AA B1 03 07 F9 01 24 37 DC 01 01 01 01 01 01 10 10 01 01 01 01 10 10 10 10 01 02 55'
  const other = 'AA B1 03 07 F9 01 24 37 DC 01 01 01 01 01 10 10 10 01 01 01 01 10 10 10 10 01 02 55'
  expect(keyOf(first)).not.toBe(keyOf(other))
  expect(keyOf('AA A4 2C 24 01 2C 03 84 AB CD E1 55')).not.toBe(keyOf('AA A4 2C 24 01 2C 03 84 AB CD E2 55'))
  // Jitter is no other press.
  expect(keyOf('AA A4 2C 24 01 2C 03 84 AB CD E1 55')).toBe(keyOf('AA A4 2C 20 01 30 03 80 AB CD E1 55'))
})

test('a burst is one press; the next press is a new one', () => {
  const filter = new PressFilter()
  const burst = Array.from({ length: 20 }, (_, i) => filter.hear('a', 1_000 + i * 45))
  expect(burst).toEqual(['press', ...Array.from({ length: 19 }, () => 'repeat')])
  expect(filter.hear('b', 1_100)).toBe('press')
  expect(filter.hear('a', 1_000 + 19 * 45 + 999)).toBe('repeat')
  expect(filter.hear('a', 1_000 + 19 * 45 + 999 + 1_000)).toBe('press')
})

test('what is remembered is bounded, and the newest is never what is forgotten', () => {
  const filter = new PressFilter()
  for (let i = 0; i < 10_000; i++) filter.hear(`neighbour ${i}`, i)
  expect(filter.hear('neighbour 9999', 10_000)).toBe('repeat')
  expect(filter.hear('neighbour 9936', 10_000)).toBe('repeat')
  expect(filter.hear('neighbour 9935', 10_000)).toBe('press')
})

test.for([
  ['AA A0 55', { kind: 'A0_ack' }],
  ['AA A4 2C 24 01 2C 03 84 AB CD E1 55', { kind: 'A4_code', code: 'ABCDE1', id: 'ABCDE', key: 1, syncUs: 11_300 }],
  ['AA A6 06 01 D0 F9 32 11 55 55', { kind: 'A6_sniffed', protocol: 1, data: 'D0F9321155' }],
  // Newer firmware marks carrier-on pulses with the top bit of the nibble.
  ['AA B1 02 01 2C 03 84 81 90 55', { kind: 'B1_bucket', bucketsUs: [300, 900], symbols: '8190' }],
  ['AA B0 05 01 08 01 2C 00 55', { kind: 'B0_transmit', command: 'transmit', neverSentByGateway: true }],
] as const)('%s', ([hex, frame]) => {
  expect(read(hex)).toMatchObject([{ is: 'told', frame, readings: [], events: [] }])
})

test.for([
  ['a pulse of a length that was not given', 'AA B1 02 01 2C 03 84 02 55', 'end-byte'],
  ['no lengths', 'AA B1 00 55', 'length'],
  ['nine lengths', 'AA B1 09 55', 'length'],
  ['a code with a byte too many', 'AA A4 2C 24 01 2C 03 84 AB CD E1 00 55', 'end-byte'],
  ['pulses that do not end', 'AA B1 02 01 2C 03 84 01 01', 'incomplete'],
] as const)('%s is refused', ([, hex, reason]) => {
  expect(read(hex)[0]).toMatchObject({ is: 'refused', reason })
})
