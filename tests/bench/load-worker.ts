import { performance } from 'node:perf_hooks'
import { assertNever, downFilter, gatewayId, upTopic } from '@anju/contract'
import { type RawClient, type RawCredentials, type RawTarget, rawConnect } from '../harness/raw-mqtt.ts'
import { percentile } from './figures.ts'
import { press, type Speaker, speaker, telemetry } from './messages.ts'

/**
 * The load: a process of its own that plays many gateways, told what to do by its parent. It measures from the moment a
 * message is handed to the socket to the moment its PUBACK (telemetry) or its receipt (events) is here.
 */
export type Order =
  | { do: 'connect'; target: RawTarget; gateways: readonly RawCredentials[]; listening: boolean }
  /** Each connection keeps `window` messages unacknowledged. */
  | { do: 'flood'; what: 'telemetry'; window: number; ms: number }
  /** A steady rate over all connections together. */
  | { do: 'pace'; what: 'telemetry'; perSecond: number; ms: number }
  /** Presses: a steady rate, or so many waiting for their receipt at any time. */
  | { do: 'press'; perSecond?: number; inFlight?: number; ms: number }
  | { do: 'close' }
export interface Done {
  readonly sent: number
  readonly acked: number
  readonly receipted: number
  readonly refused: number
  readonly ms: number
  readonly p50Ms: number
  readonly p99Ms: number
}

interface Line {
  readonly client: RawClient
  readonly topic: Buffer
  readonly pressTopic: Buffer
  readonly speaker: Speaker
}
let lines: Line[] = []
const drainMsMax = 10_000
const connectingAtOnce = 50

async function connect({ target, gateways, listening }: Extract<Order, { do: 'connect' }>): Promise<Done> {
  const queue = [...gateways]
  const connectSome = async () => {
    for (let one = queue.pop(); one; one = queue.pop()) {
      const client = await rawConnect(target, one)
      const id = gatewayId(one.clientId)
      if (listening) await client.subscribe(downFilter(id))
      client.onClose = (why) => fail(`${id}: ${why}`)
      lines.push({
        client,
        topic: Buffer.from(upTopic(id, 'telemetry')),
        pressTopic: Buffer.from(upTopic(id, 'event')),
        speaker: speaker(id),
      })
    }
  }
  await Promise.all(Array.from({ length: connectingAtOnce }, connectSome))
  return nothing
}
const nothing: Done = { sent: 0, acked: 0, receipted: 0, refused: 0, ms: 0, p50Ms: 0, p99Ms: 0 }

function fail(why: string): void {
  if (lines.length > 0) process.send?.({ error: why })
}

async function flood({ window, ms }: Extract<Order, { do: 'flood' }>): Promise<Done> {
  let sent = 0
  let acked = 0
  let running = true
  const send = (line: Line) => {
    sent += 1
    line.client.publish(line.topic, telemetry(line.speaker).payload)
  }
  for (const line of lines)
    line.client.onAck = () => {
      acked += 1
      if (running) send(line)
    }
  const start = performance.now()
  for (const line of lines) for (let i = 0; i < window; i++) send(line)
  await wait(ms)
  const took = performance.now() - start
  const counted = acked
  running = false
  await drained(() => acked >= sent)
  return { ...nothing, sent, acked: counted, ms: took }
}

/** Calls `send` so often a second, catching up after a late timer, for `ms`. */
function steadily(perSecond: number, ms: number, send: () => void): Promise<void> {
  return new Promise((resolve) => {
    const start = performance.now()
    let count = 0
    const turn = () => {
      const now = performance.now() - start
      const due = Math.floor((Math.min(now, ms) * perSecond) / 1_000)
      for (; count < due; count++) send()
      if (now >= ms) resolve()
      else setTimeout(turn, perSecond > 500 ? 2 : 1)
    }
    turn()
  })
}

async function pace({ perSecond, ms }: Extract<Order, { do: 'pace' }>): Promise<Done> {
  let sent = 0
  let acked = 0
  for (const line of lines)
    line.client.onAck = () => {
      acked += 1
    }
  const start = performance.now()
  await steadily(perSecond, ms, () => {
    const line = lines[sent++ % lines.length]
    line?.client.publish(line.topic, telemetry(line.speaker).payload)
  })
  const took = performance.now() - start
  await drained(() => acked >= sent)
  return { ...nothing, sent, acked, ms: took }
}

async function pressing({ perSecond, inFlight, ms }: Extract<Order, { do: 'press' }>): Promise<Done> {
  const waiting = new Map<string, { readonly at: number; readonly seq: number }>()
  const took: number[] = []
  let sent = 0
  let acked = 0
  let refused = 0
  let running = true
  const send = (line: Line | undefined) => {
    if (!line) return
    const { payload, id, seq } = press(line.speaker)
    waiting.set(id, { at: performance.now(), seq })
    sent += 1
    line.client.publish(line.pressTopic, payload)
  }
  for (const line of lines) {
    line.client.onAck = () => {
      acked += 1
    }
    line.client.onMessage = (payload) => {
      const receipt = JSON.parse(payload.toString()) as { ids?: string[]; refused?: Record<string, string> }
      const now = performance.now()
      refused += Object.keys(receipt.refused ?? {}).length
      for (const id of receipt.ids ?? []) {
        const from = waiting.get(id)
        if (!from) continue
        waiting.delete(id)
        line.speaker.unsettled.delete(from.seq)
        took.push(now - from.at)
        if (running && inFlight) send(line)
      }
    }
  }
  const start = performance.now()
  if (inFlight) {
    for (let i = 0; i < inFlight; i++) send(lines[i % lines.length])
    await wait(ms)
  } else await steadily(perSecond ?? 100, ms, () => send(lines[sent % lines.length]))
  const elapsed = performance.now() - start
  const inTime = took.length
  running = false
  await drained(() => waiting.size === 0)
  const [p50Ms, p99Ms] = took.length > 0 ? [percentile(took, 0.5), percentile(took, 0.99)] : [0, 0]
  return { sent, acked, receipted: inFlight ? inTime : took.length, refused, ms: elapsed, p50Ms, p99Ms }
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Waits for what is still on the way; a broker that lost something must not stop the benchmark, its figures show it. */
async function drained(done: () => boolean): Promise<void> {
  const end = performance.now() + drainMsMax
  while (!done() && performance.now() < end) await wait(5)
}

function obey(order: Order): Promise<Done> {
  switch (order.do) {
    case 'connect':
      return connect(order)
    case 'flood':
      return flood(order)
    case 'pace':
      return pace(order)
    case 'press':
      return pressing(order)
    case 'close': {
      const closing = lines
      lines = []
      for (const { client } of closing) client.close()
      return Promise.resolve(nothing)
    }
    default:
      return assertNever(order)
  }
}

process.on('message', (order: Order) => {
  obey(order).then(
    (done) => process.send?.({ done }),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
  )
})
process.once('disconnect', () => process.exit(0))
