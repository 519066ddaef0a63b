import { readdir, readFile } from 'node:fs/promises'
import {
  type Parsed,
  parseCommand,
  parseEvent,
  parseHandling,
  parseHealth,
  parseLastWill,
  parseReceipt,
  parseRefill,
  parseReportedConfig,
  parseResult,
  parseTelemetry,
} from '@anju/contract'
import { describe, expect, test } from 'vitest'

/** One message of version 1, as it was sent or might be. A released example is never changed: new ones are added. */
interface Example {
  readonly when: string
  /** The message, or `text` when it is not even JSON. */
  readonly payload?: unknown
  readonly text?: string
  /** The code it must be refused with, and words its reason must hold: the field. */
  readonly refused?: string
  readonly why?: string
}
interface Stored {
  readonly message: string
  readonly examples: readonly Example[]
}

const PARSERS: Readonly<Record<string, (payload: Uint8Array) => Parsed<unknown>>> = {
  event: parseEvent,
  telemetry: parseTelemetry,
  health: parseHealth,
  lastWill: parseLastWill,
  result: parseResult,
  config: parseReportedConfig,
  receipt: parseReceipt,
  handling: parseHandling,
  command: parseCommand,
  refill: parseRefill,
}

const folder = new URL('v1/', import.meta.url)
const files = (await readdir(folder)).filter((name) => name.endsWith('.json'))
const stored = await Promise.all(
  files.map(async (name) => JSON.parse(await readFile(new URL(name, folder), 'utf8')) as Stored),
)

test('there are stored examples of every message, good and refused', () => {
  expect(files.length).toBeGreaterThanOrEqual(Object.keys(PARSERS).length)
  expect(new Set(stored.map(({ message }) => message))).toEqual(new Set(Object.keys(PARSERS)))
  const one = (wanted: 'good' | 'refused') =>
    stored.filter(({ examples }) => examples.some(({ refused }) => (wanted === 'refused') === (refused !== undefined)))
  expect(one('good')).toEqual(stored)
  expect(one('refused')).toEqual(stored)
  const names = stored.flatMap(({ message, examples }) => examples.map(({ when }) => `${message}: ${when}`))
  expect(new Set(names).size).toBe(names.length)
})

describe.for(stored.map((one) => [one.message, one] as const))('%s, version 1', ([message, { examples }]) => {
  test.for(examples)('$when', (example) => {
    const text = example.text ?? JSON.stringify(example.payload)
    const parsed = PARSERS[message]?.(new TextEncoder().encode(text))
    const { refused, why = '', payload } = example
    expect(parsed).toMatchObject(refused === undefined ? { ok: true, value: payload } : { ok: false, code: refused })
    // A refusal that does not name the field helps nobody; a good message comes through whole.
    expect(parsed?.ok ? parsed.value : payload).toEqual(payload)
    expect(parsed?.ok === false ? parsed.why : '').toContain(why)
    expect(why === '').toBe(refused === undefined)
  })
})
