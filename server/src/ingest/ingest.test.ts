import { DomainError, encode, gatewayId, type Receipt, type UpKind, upTopic } from '@anju/contract'
import { beforeEach, expect, test } from 'vitest'
import type { EventIntake, EventOutcome } from '../ports.ts'
import { Ingest, type IngestParts } from './ingest.ts'

const gateway = gatewayId('gw-one')
const ID = '01J0000000000000000000000A'
const OTHER = '01J0000000000000000000000B'
const at = '2026-03-01T08:00:00.000Z'
const press = {
  specversion: '1.0',
  id: ID,
  type: 'anju.sos-pressed',
  source: '/gateways/gw-one',
  subject: 'bathroom-sos',
  time: at,
  data: {
    boot: 1,
    lane: 'life',
    seq: 1,
    pendingFrom: 1,
    sentAt: at,
    class: 'life',
    device: 'sos-1',
    heardAt: at,
    storedAt: at,
    elapsedMs: 5,
  },
}
const health = {
  id: ID,
  boot: 3,
  seq: 1,
  sentAt: at,
  uptimeS: 5,
  queue: { life: 0, technical: 0, telemetry: 0 },
  clock: { synced: true, offsetMs: 0 },
  power: 'mains',
  links: [],
  devices: [],
}

let said: { kind: string; message: Receipt }[]
let quarantined: string[]
let presence: string[]
let outcome: (id: string) => EventOutcome
let room: boolean
let ingest: Ingest

beforeEach(() => {
  said = []
  quarantined = []
  presence = []
  room = true
  outcome = (id) => ({ event: id as EventOutcome['event'], outcome: 'committed' })
  const intake: EventIntake = { commit: async (batch) => batch.map(({ message }) => outcome(message.id)) }
  ingest = new Ingest({ ...parts(), intake })
})

function parts(): Omit<IngestParts, 'intake'> {
  return {
    downlink: { send: (_gateway, kind, message) => void said.push({ kind, message: message as Receipt }) },
    telemetry: { accept: () => room, retryAfterS: 5 },
    presence: {
      heard: () => void presence.push('heard'),
      health: (_gateway, { boot }) => void presence.push(`health ${boot}`),
      lost: (_gateway, { boot }) => void presence.push(`lost ${boot}`),
    },
    quarantine: { put: (_gateway, topic, code, why) => void quarantined.push(`${topic} ${code}: ${why}`) },
    gaps: { see: () => undefined, answered: (_gateway, { command, ok }) => void presence.push(`${command} ${ok}`) },
  }
}

const give = (kind: UpKind | undefined, payload: unknown, topic = upTopic(gateway, kind ?? 'event')) =>
  ingest.handle({ gateway, kind, topic, payload: Buffer.isBuffer(payload) ? payload : encode(payload) })

test('an event is receipted and may be acknowledged once it is committed', async () => {
  expect(await give('event', press)).toBe(true)
  expect(said).toEqual([{ kind: 'receipt', message: { ids: [ID] } }])
})

test('a duplicate is receipted again: its first receipt was lost', async () => {
  outcome = (id) => ({ event: id as EventOutcome['event'], outcome: 'duplicate' })
  expect(await give('event', press)).toBe(true)
  expect(said).toEqual([{ kind: 'receipt', message: { ids: [ID] } }])
  expect(ingest.counters).toMatchObject({ eventsCommitted: 0, eventsDuplicate: 1 })
})

test('while the store is away an event is neither acknowledged nor receipted', async () => {
  outcome = () => {
    throw new DomainError('store-unavailable', 'away')
  }
  expect(await give('event', press)).toBe(false)
  expect(said).toEqual([])
})

test('what the intake refuses is refused by receipt, acknowledged, and kept', async () => {
  outcome = (id) => ({ event: id as EventOutcome['event'], outcome: 'refused', code: 'home-unknown' })
  expect(await give('event', press)).toBe(true)
  expect(said).toEqual([{ kind: 'receipt', message: { ids: [], refused: { [ID]: 'home-unknown' } } }])
  expect(quarantined).toHaveLength(1)
})

test.for([
  { what: 'no JSON', payload: Buffer.from(`{"id":"${ID}", oops`), code: 'message-malformed', id: ID },
  { what: 'a missing field', payload: { ...press, subject: undefined }, code: 'message-malformed', id: ID },
  {
    what: 'another gateway as its source',
    payload: { ...press, source: '/gateways/gw-two' },
    code: 'gateway-mismatch',
    id: ID,
  },
  {
    what: 'an oversized one with its id in front',
    payload: { ...press, id: OTHER, data: { ...press.data, pad: 'x'.repeat(300_000) } },
    code: 'message-oversized',
    id: OTHER,
  },
  { what: 'nothing at all', payload: Buffer.alloc(0), code: 'message-malformed', id: undefined },
] as const)('an event that is $what is refused, counted and kept, at once', async ({ payload, code, id }) => {
  expect(give('event', payload)).toBe(true)
  await Promise.resolve()
  expect(ingest.counters.refused.get(code)).toBe(1)
  expect(quarantined[0]).toContain(code)
  expect(said).toEqual(id ? [{ kind: 'receipt', message: { ids: [], refused: { [id]: code } } }] : [])
})

test.for([
  ['anju/v1/gw-one/up/gossip', 'topic-unknown'],
  ['elsewhere', 'topic-unknown'],
  ['anju/v1/gw-two/up/event', 'gateway-mismatch'],
] as const)('a message on %s is %s', ([topic, code]) => {
  expect(give(undefined, press, topic)).toBe(true)
  expect(quarantined[0]).toMatch(new RegExp(`^${topic} ${code}`))
})

test('refusals of one moment share a receipt', async () => {
  void give('event', { ...press, subject: 1 })
  void give('event', { ...press, id: OTHER, subject: 1 })
  await Promise.resolve()
  expect(said.map(({ message }) => Object.keys(message.refused ?? {}))).toEqual([[ID, OTHER]])
})

test('telemetry is acknowledged at once; without room its gateway is told when to come back', async () => {
  expect(give('telemetry', { any: 'thing' })).toBe(true)
  room = false
  expect(give('telemetry', { any: 'thing' })).toBe(true)
  await Promise.resolve()
  expect(said).toEqual([{ kind: 'receipt', message: { ids: [], retryAfterS: 5 } }])
  expect(ingest.counters).toMatchObject({ telemetryMessages: 2, telemetryPushedBack: 1 })
})

test('heartbeats, last wills and answers to commands reach who asked for them', () => {
  void give('health', health)
  void give('health', { boot: 3, lost: true })
  void give('result', { command: ID, ok: false, error: 'gone' })
  void give('config', { hash: 'abc' })
  expect(presence).toEqual(['health 3', 'lost 3', `${ID} false`, 'heard'])
  void give('health', { ...health, power: 'sun' })
  expect(quarantined[0]).toContain('/power')
})

test('after closing no event is taken, so none is acknowledged that nobody commits', async () => {
  await ingest.close()
  expect(await give('event', press)).toBe(false)
})

test('the end of something never travels beside its beginning', async () => {
  const flights: string[][] = []
  const landings: (() => void)[] = []
  const intake: EventIntake = {
    async commit(batch) {
      flights.push(batch.map(({ message }) => message.id))
      await new Promise<void>((resolve) => landings.push(resolve))
      return batch.map(({ message }) => outcome(message.id))
    },
  }
  const inOrder = new Ingest({ ...parts(), intake })
  const smoke = { ...press, type: 'anju.smoke', data: { ...press.data, class: 'hazard' } }
  const over = { ...smoke, id: OTHER, data: { ...smoke.data, seq: 2, phase: 'returned' } }
  const verdicts = [smoke, over].map((event) =>
    inOrder.handle({ gateway, kind: 'event', topic: upTopic(gateway, 'event'), payload: encode(event) }),
  )
  expect(flights).toEqual([[ID]])
  landings.shift()?.()
  expect(await verdicts[0]).toBe(true)
  await expect.poll(() => flights).toEqual([[ID], [OTHER]])
  landings.shift()?.()
  expect(await verdicts[1]).toBe(true)
})
