import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { vectors } from '../vectors.ts'

const folder = new URL('../../../../device-profiles/protocols/', import.meta.url)
const protocols = (await readdir(folder, { withFileTypes: true })).filter((one) => one.isDirectory())
const stored: Entry[] = []
for (const { name } of protocols)
  stored.push(...(JSON.parse(await readFile(new URL(`${name}/vectors.json`, folder), 'utf8')) as Entry[]))

interface Entry {
  id: string
  protocol: string
  expected: Record<string, unknown>
  [key: string]: unknown
}

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'anju-vectors-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

async function judged(entries: readonly object[] | string) {
  const path = join(dir, 'vectors.json')
  await writeFile(path, typeof entries === 'string' ? entries : JSON.stringify(entries))
  const lines: string[] = []
  const exit = await vectors([path], (line) => lines.push(line))
  return { exit, lines }
}

test('every stored frame means what its vector says', async () => {
  expect(protocols.length).toBeGreaterThan(26)
  expect(stored.length).toBeGreaterThan(60)
  const { exit, lines } = await judged(stored)
  expect(lines.filter((line) => !line.startsWith('pass '))).toEqual([`${stored.length} passed, 0 failed, 0 unjudged`])
  expect(exit).toBe(0)
})

/** The expectation with one leaf turned into something else that could have been meant. */
function wrongs(value: unknown): unknown[] {
  if (typeof value === 'number') return [value + 1, nextPrinted(value), null]
  if (typeof value === 'boolean') return [!value]
  if (value === '') return ['0']
  if (typeof value === 'string') return [`${value}0`, value.slice(1)]
  if (value === null) return [0, 1, true]
  if (Array.isArray(value) && value.length === 0) return [['one too many']]
  if (Array.isArray(value))
    return [value.slice(1), ...value.flatMap((one, i) => wrongs(one).map((wrong) => value.with(i, wrong)))]
  return Object.entries(value as object).flatMap(([key, one]) =>
    wrongs(one).map((wrong) => ({ ...(value as object), [key]: wrong })),
  )
}
/** The next number printed with as many digits: 1426.80 would be written 1426.8 and promise less. */
function nextPrinted(value: number): number {
  const step = 10 ** -decimals(value)
  const [next = Number.NaN] = [1, 2]
    .map((count) => Number((value + count * step).toFixed(decimals(value))))
    .filter((given) => decimals(given) === decimals(value))
  return next
}
const decimals = (value: number): number => String(value).split('.')[1]?.length ?? 0

describe.for(stored.map((entry) => [entry.id, entry] as const))('%s', ([, entry]) => {
  test('comes out as fail when its expectation is wrong', async () => {
    const changed = (wrongs(entry.expected) as Record<string, unknown>[])
      // An unknown word for an error, an event or a quality is not ours to judge; a known one is tested below.
      .filter((expected) => !['error', 'event', 'quality', 'eep'].some((key) => expected[key] !== entry.expected[key]))
      // The records of a vector are some of the frame's: one fewer is not wrong.
      .filter(({ records }) => countOf(records) === countOf(entry.expected.records))
      // Nor is the name of a device that we have no register map for.
      .filter(({ as }) => profileOf(as) === profileOf(entry.expected.as))
      .map((expected, i) => ({ ...entry, id: `${entry.id}-${i}`, expected }))
    expect(changed.length).toBeGreaterThan(0)
    const { exit, lines } = await judged(changed)
    expect(lines.slice(0, -1).filter((line) => !line.startsWith('fail '))).toEqual([])
    expect(exit).toBe(1)
  })
})

const countOf = (records: unknown): number => (Array.isArray(records) ? records.length : 0)
const profileOf = (as: unknown): unknown =>
  typeof as === 'object' && as !== null && 'profile' in as ? as.profile : null

const byId = (id: string): Entry => {
  const entry = stored.find((one) => one.id === id)
  if (!entry) throw new Error(`no vector ${id}`)
  return entry
}

test.for([
  ['dlt07-bad-checksum', { ok: false, error: 'incomplete' }],
  ['dlt07-incomplete', { ok: false, error: 'checksum' }],
  ['dlt698-not-645', { ok: false, error: 'checksum' }],
  ['tf-neg-trigger', { ok: false, error: 'checksum' }],
  ['z2m-sos-empty-action', { ok: true, event: 'sos' }],
  ['z2m-sos-emergency', { ok: true, event: null }],
  ['z2m-button-double-key', { ok: true, event: 'button_single_right' }],
] as const)('%s does not pass for another known word', async ([id, expected]) => {
  const { exit } = await judged([{ ...byId(id), expected }])
  expect(exit).toBe(1)
})

const voltageOf = (printed: string) => JSON.stringify([byId('dlt07-voltage-224v4')]).replace('224.4', printed)

test('a number is compared to half the last digit printed', async () => {
  expect((await judged(voltageOf('224'))).exit).toBe(0)
  expect((await judged(voltageOf('224.40'))).exit).toBe(0)
  expect((await judged(voltageOf('224.0'))).exit).toBe(1)
  expect((await judged(voltageOf('224.41'))).exit).toBe(1)
})

test('what the table does not know is unjudged, with its keys, and never a pass', async () => {
  const entry = byId('dlt07-energy-026')
  const { exit, lines } = await judged([
    { ...entry, id: 'a', expected: { ...entry.expected, phase_angle: 3, constructor: 1 } },
    { ...entry, id: 'b', protocol: 'acme-9000' },
    { ...entry, id: 'c', expected: { crc16: 5 } },
    { ...byId('dlt07-bad-checksum'), id: 'd', expected: { ok: false, error: 'sunspots' } },
  ])
  expect(lines).toEqual([
    'unjudged a phase_angle constructor',
    'unjudged b (no decoder yet)',
    'unjudged c ok',
    'unjudged d error="sunspots"',
    '0 passed, 0 failed, 4 unjudged',
  ])
  expect(exit).toBe(0)
})

test('a wrong value beside an unknown key is still a fail', async () => {
  const entry = byId('dlt07-energy-026')
  const expected = { ...entry.expected, energy_forward_active_kwh: 0.27, phase_angle: 3 }
  expect((await judged([{ ...entry, expected }])).lines[0]).toBe(
    'fail dlt07-energy-026 energy_forward_active_kwh: 0.26, not 0.27',
  )
})

test.for([
  ['{}', /not a list/],
  ['[]', /no vectors/],
  ['[1]', /entry 0: not an object/],
  ['[{"id":"x"}]', /x: protocol/],
  ['[{"id":"x","protocol":"p"}]', /x: expected/],
  ['[{"id":"x","protocol":"p","expected":{}}]', /x: none of input_hex/],
  ['[', /JSON/],
] as const)('a file that is none: %s', async ([text, why]) => {
  const { exit, lines } = await judged(text)
  expect(lines).toEqual([expect.stringMatching(why)])
  expect(exit).toBe(2)
})
