import { readdirSync, readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesOfHex, hexOf } from './byte-reader.ts'
import { framePlaces } from './frame-places.ts'
import { scanAll } from './frame-scanner.ts'
import { protocolByName } from './protocols.ts'
import { profiles } from './registry.ts'
import type { Exchange, PolledWire } from './wire.ts'
import { type WireName, wireOf, wires } from './wires.ts'

/*
 * A command that changes a meter, a valve, a relay or a password cannot be built: not by any question a wire can be asked, not
 * by what an answer makes it ask next, and not by any encoder, whatever it is given.
 */
interface Vector {
  readonly id: string
  readonly protocol: string
  readonly input_hex?: string
  readonly input_text?: string
  readonly expected: { readonly must_never_be_sent_by_gateway?: boolean }
}
const root = new URL('../protocols/', import.meta.url)
const folders = readdirSync(root, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? [one.name] : []))
const vectorsOf = (folder: string) =>
  JSON.parse(readFileSync(new URL(`${folder}/vectors.json`, root), 'utf8')) as Vector[]

const forbidden = folders
  .flatMap(vectorsOf)
  .filter(({ expected }) => expected.must_never_be_sent_by_gateway)
  .map(({ id, protocol, input_hex: hex, input_text: text }) => {
    const bytes = hex === undefined ? new TextEncoder().encode(text) : bytesOfHex(hex)
    return { id, protocol, bytes, frames: framesIn(protocol, bytes) }
  })

/** The frames themselves, without what a receiver put around them; the whole where the protocol has no wire. */
function framesIn(protocol: string, bytes: Uint8Array): readonly string[] {
  const wire = Object.values(wires).find((one) => one.protocol === protocol)
  const places = wire ? framePlaces(wire.framing, bytes) : []
  const frames = places.map(({ offset, length }) => bytes.subarray(offset, offset + length))
  return (frames.length > 0 ? frames : [bytes]).map(hexOf)
}

/** Commands that the protocol's own reader finds in these bytes. */
const commandsIn = (protocol: string, bytes: Uint8Array) =>
  (protocolByName(protocol)?.read({ bytes, topic: '' }) ?? []).filter(
    (one) => one.is === 'told' && one.frame.neverSentByGateway === true,
  )
const isTold = (protocol: string, bytes: Uint8Array) =>
  (protocolByName(protocol)?.read({ bytes, topic: '' }) ?? []).some(({ is }) => is === 'told')

function expectHarmless(protocol: string, bytes: Uint8Array): void {
  expect(commandsIn(protocol, bytes)).toEqual([])
  const hex = hexOf(bytes)
  for (const { frames } of forbidden) for (const frame of frames) expect(hex).not.toContain(frame)
}

const sum = (bytes: readonly number[]) => bytes.reduce((total, byte) => (total + byte) & 0xff, 0)
const dlt645 = (control: number, ...data: number[]) => {
  const frame = [0x68, 0x61, 1, 0, 0, 0, 0, 0x68, control, data.length, ...data.map((byte) => (byte + 0x33) & 0xff)]
  return Uint8Array.of(...frame, sum(frame), 0x16)
}
test('the reader knows a command when it sees one', () => {
  expect(forbidden.length).toBeGreaterThan(3)
  for (const { id, protocol, bytes } of forbidden)
    expect([id, commandsIn(protocol, bytes).length]).toEqual([id, protocolByName(protocol) ? 1 : 0])
  for (const control of [0x08, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d])
    expect(commandsIn('dlt645-2007', dlt645(control, 0, 0, 0, 0))).toHaveLength(1)
  for (const control of [0x04, 0x08, 0x0a, 0x0c, 0x0f, 0x10])
    expect(commandsIn('dlt645-1997', dlt645(control, 0, 0))).toHaveLength(1)
  for (const hex of [
    '01 05 00 01 FF 00 DD FA',
    '01 06 00 01 00 03 98 0B',
    '01 0F 00 13 00 0A 02 CD 01 72 CB',
    '01 10 00 01 00 02 04 00 0A 01 02 92 30',
  ])
    expect(commandsIn('modbus-rtu', bytesOfHex(hex))).toHaveLength(1)
})

const byte = fc.nat({ max: 255 })
const word = fc.constantFrom(
  'data',
  'next',
  'address',
  'reset-link',
  'request',
  'read-out',
  'sign-off',
  'write',
  'valve',
)
/** Forged on purpose: whatever a caller puts beside a read must not end up in what is sent. */
const forged = fc.record(
  {
    ask: word,
    say: word,
    dialect: fc.constantFrom('2007', '1997'),
    address: fc.oneof(
      fc.constantFrom('000000000161', 'AAAAAAAAAAAA', '00000000000003', 'AAAAAAAAAAAAAA', '1'),
      byte,
      fc.string(),
    ),
    di: fc.oneof(fc.constantFrom('00010000', '04000501', '9010', 'A017', 'B611'), fc.string()),
    sequence: fc.oneof(byte, fc.anything()),
    meterType: fc.oneof(byte, fc.constantFrom(0x10, 0x20, 0x30)),
    unit: byte,
    function: fc.oneof(fc.constantFrom(3, 4, 5, 6, 15, 16), byte),
    from: fc.oneof(fc.nat({ max: 0xffff }), fc.integer()),
    count: fc.oneof(fc.nat({ max: 130 }), fc.integer()),
    turned: fc.anything(),
    baudCode: fc.oneof(fc.constantFrom('0', '5'), fc.string()),
    frameCountBit: fc.boolean(),
    report: fc.constantFrom('fall', 'presence'),
    control: byte,
    type: byte,
    command: fc.oneof(word, byte),
    password: fc.string(),
    data: fc.uint8Array({ maxLength: 12 }),
  },
  { requiredKeys: [] },
)
const hexText = (digits: number) => fc.stringMatching(new RegExp(`^[0-9A-F]{${digits}}$`))
/** What the profiles of this wire do ask, as it is and with more beside it, and everything else. */
function asksOf(name: WireName) {
  const own = profiles.flatMap(({ driver, polls }) =>
    driver === name ? (polls ?? []).map(({ ask }): unknown => ask) : [],
  )
  return fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...own) },
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...own), forged).map(([ask, more]) => withMore(ask, more)) },
    { weight: 2, arbitrary: forged },
    { weight: 2, arbitrary: fc.oneof(hexText(8), hexText(4)) },
    { weight: 1, arbitrary: fc.anything() },
  )
}
const withMore = (ask: unknown, more: object): unknown => (typeof ask === 'object' ? { ...ask, ...more } : ask)

/** What came of it, or nothing when it was refused: that is the other way to be harmless. */
function attempt<T>(build: () => T): T | undefined {
  try {
    return build()
  } catch {
    return undefined
  }
}

const polled = (Object.keys(wires) as WireName[]).flatMap((name): [WireName, PolledWire][] => {
  const wire = wireOf(name)
  return wire?.is === 'polled' ? [[name, wire]] : []
})

describe.for(polled)('%s', ([name, wire]) => {
  test('no question is a command, and nothing that an answer makes it say next', () => {
    let told = 0
    const check = (request: Uint8Array) => {
      expectHarmless(wire.protocol, request)
      if (isTold(wire.protocol, request)) told += 1
    }
    const anyAddress = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(wire.addressExample ?? '', 'AAAAAAAAAAAA', 'AAAAAAAAAAAAAA') },
      { weight: 1, arbitrary: fc.string() },
    )
    fc.assert(
      fc.property(asksOf(name), anyAddress, byte, fc.uint8Array({ maxLength: 8 }), (ask, address, control, extra) => {
        const asked = { address, ask, aloneOnBus: true, unanswered: control & 1, speedChanges: true }
        const exchange = attempt(() => wire.begin(asked))
        if (!exchange) return
        check(exchange.request)
        for (const next of saidNext(wire, exchange, control, extra)) check(next)
      }),
      { numRuns: 2_000 },
    )
    expect(told).toBeGreaterThan(100)
  })
})

/** Answers made of its own question, some of which say that more is to come. */
function saidNext(wire: PolledWire, exchange: Exchange, control: number, extra: Uint8Array): Uint8Array[] {
  const [own] = scanAll<unknown>(wire.framing, exchange.request)
  if (own?.is !== 'frame' || typeof own.frame !== 'object') return []
  const data = own.frame && 'data' in own.frame && own.frame.data instanceof Uint8Array ? own.frame.data : extra
  const said: Uint8Array[] = []
  // Answers of DL/T 645 (more follows, its sequel) and refusals of CJ/T 188 among them; the sequel ends with its number.
  for (const answer of [control | 0x80, 0xb1, 0xb2, 0xa1, 0xa2, 0xc1])
    for (const tail of [extra, Uint8Array.of(...extra, 1)]) {
      const frame = { ...own.frame, control: answer, kind: 'response', data: Uint8Array.of(...data, ...tail) }
      const heard = attempt(() => exchange.hear(frame))
      if (heard?.is === 'more') said.push(heard.request)
    }
  return said
}

test('some answers do make a wire ask on', () => {
  for (const [name, ask] of [
    ['dlt645-2007', '00010000'],
    ['dlt645-1997', '9010'],
    ['cjt188', { meterType: 0x10 }],
  ] as const) {
    const wire = wireOf(name)
    if (wire?.is !== 'polled') throw new Error(`${name} is not polled`)
    const exchange = wire.begin({ address: wire.addressExample ?? '', ask, aloneOnBus: false, speedChanges: false })
    const next = saidNext(wire, exchange, 0, Uint8Array.of(1, 2, 3, 4))
    expect(next.length).toBeGreaterThan(0)
    for (const request of next) expectHarmless(wire.protocol, request)
  }
})

const encoders = folders.filter((folder) => readdirSync(new URL(folder, root)).includes('encode.ts'))
test('there are encoders', () => {
  expect(encoders.length).toBeGreaterThan(5)
})
test.for(encoders)('no encoder of %s builds a command, whatever it is given', async (folder) => {
  const module = (await import(new URL(`${folder}/encode.ts`, root).href)) as Record<string, unknown>
  const names = new Set(vectorsOf(folder).map(({ protocol }) => protocol))
  const functions = Object.values(module).filter((one) => typeof one === 'function')
  let built = 0
  fc.assert(
    fc.property(
      fc.oneof(forged, fc.anything()),
      fc.oneof(forged, byte),
      fc.constantFrom(...functions),
      (one, two, build) => {
        const bytes = attempt((): unknown => build(one, two))
        if (!(bytes instanceof Uint8Array)) return
        built += 1
        for (const name of names) expectHarmless(name, bytes)
      },
    ),
    { numRuns: 3_000 },
  )
  expect(built).toBeGreaterThan(2)
})
