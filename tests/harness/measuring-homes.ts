import { ABSENCES, type Absence, type GatewayId, parseReceipt, upTopic } from '@anju/contract'
import mqtt from 'mqtt'
import { ulid } from 'ulid'
import { until } from './wait.ts'

/**
 * The gateways' side of telemetry on a broker outside, in the test's hands: every home measures at its pace, keeps each message
 * until it is receipted, has at most sixteen under way, sends again what got no receipt, and sends nothing while it was told
 * to come back later.
 */
export interface MeasuringHomes {
  readonly figures: MeasuringFigures
  /** From now on each message carries so many bytes that the server does not understand, as a newer gateway's may. */
  pads(bytes: number): void
  /** No new measurements; what is there is delivered. */
  stopMeasuring(): void
  /** Resolves when everything measured up to this call is receipted. */
  caughtUp(withinMs: number): Promise<void>
  /** How many messages each home made: message `n` of home `h` holds `samplesOf(h, n)`. */
  readonly made: ReadonlyMap<GatewayId, number>
  close(): Promise<void>
}
export interface MeasuringFigures {
  messages: number
  receipted: number
  sentAgain: number
  /** Receipts that said to come back later. */
  heldBack: number
  readonly refused: string[]
}
export interface MeasuringOptions {
  readonly brokerUrl: string
  readonly gateways: readonly GatewayId[]
  readonly messagesPerS: number
  readonly sendAgainAfterMs: number
  /** Epoch ms of the first sample of every home. */
  readonly since: number
}
export interface SentSample {
  readonly at: number
  readonly value: number | null
  readonly absent: Absence | null
}

export const samplesPerMessage = 10
export const messageEveryMs = 1_000
const inFlightMax = 16
const turnMs = 50

/** What a home measures, by its number, the message's and nothing else: whoever reads it can tell whether it is right. */
export function samplesOf(since: number, home: number, message: number): SentSample[] {
  return Array.from({ length: samplesPerMessage }, (_, index) => {
    const count = message * samplesPerMessage + index
    const at = since + message * messageEveryMs + index * (messageEveryMs / samplesPerMessage)
    if (count % 37 === 5) return { at, value: null, absent: ABSENCES[count % ABSENCES.length] ?? 'invalid' }
    return { at, value: ((home * 311 + count * 7) % 5_000) / 10, absent: null }
  })
}

class Home {
  readonly number: number
  readonly gateway: GatewayId
  made = 0
  heldUntil = 0
  /** Unsettled, oldest first: message → its id and when it is to be sent (again). */
  readonly unsettled = new Map<number, { readonly id: string; dueAt: number; tries: number }>()
  readonly byId = new Map<string, number>()

  constructor(number: number, gateway: GatewayId) {
    this.number = number
    this.gateway = gateway
  }
}

export async function measuringHomes(options: MeasuringOptions): Promise<MeasuringHomes> {
  const { brokerUrl, gateways, messagesPerS, sendAgainAfterMs, since } = options
  const client = await mqtt.connectAsync(brokerUrl, { clientId: 'measuring-homes', reconnectPeriod: 200 })
  client.on('error', () => undefined)
  const homes = gateways.map((gateway, number) => new Home(number, gateway))
  const byGateway = new Map<string, Home>(homes.map((home) => [home.gateway, home]))
  const figures: MeasuringFigures = { messages: 0, receipted: 0, sentAgain: 0, heldBack: 0, refused: [] }
  let padding = ''
  let measuring = true

  client.on('message', (topic, payload) => {
    const home = byGateway.get(topic.split('/')[2] ?? '')
    const receipt = parseReceipt(payload)
    if (!home || !receipt.ok) return
    const { ids, refused = {}, retryAfterS } = receipt.value
    for (const id of ids) if (settle(home, id)) figures.receipted++
    for (const [id, code] of Object.entries(refused))
      if (settle(home, id)) figures.refused.push(`${home.gateway} ${code}`)
    if (retryAfterS === undefined) return
    figures.heldBack++
    home.heldUntil = Math.max(home.heldUntil, Date.now() + retryAfterS * 1_000)
    // It does not say which it did not take: all of them are offered again, and what is there already changes nothing.
    for (const waiting of home.unsettled.values()) if (waiting.tries > 0) waiting.dueAt = home.heldUntil
  })
  await client.subscribeAsync('anju/v1/+/down/receipt', { qos: 1 })

  function settle(home: Home, id: string): boolean {
    const message = home.byId.get(id)
    if (message === undefined) return false
    home.byId.delete(id)
    return home.unsettled.delete(message)
  }
  function send(home: Home, message: number, id: string): void {
    const [first] = samples(home, message)
    const values = samples(home, message)
    const series = {
      p: 'meter/power',
      u: 'W',
      t0: first?.at,
      dt: values.map(({ at }) => at - (first?.at ?? 0)),
      v: values.map(({ value }) => value),
      absent: Object.fromEntries(values.flatMap(({ absent }, index) => (absent ? [[index, absent]] : []))),
    }
    const [lowest = message] = home.unsettled.keys()
    const numbers = { boot: 1, seq: message + 1, pendingFrom: lowest + 1 }
    const payload = { id, ...numbers, sentAt: new Date().toISOString(), series: [series], padding }
    client.publish(upTopic(home.gateway, 'telemetry'), JSON.stringify(payload), { qos: 1 })
  }
  const samples = (home: Home, message: number) => samplesOf(since, home.number, message)

  const began = performance.now()
  function turn(): void {
    const due = measuring ? Math.floor(((performance.now() - began) * messagesPerS) / 1_000) : 0
    for (; figures.messages < due; figures.messages++) {
      const home = homes[figures.messages % homes.length] as Home
      const id = ulid()
      home.unsettled.set(home.made, { id, dueAt: 0, tries: 0 })
      home.byId.set(id, home.made++)
    }
    const now = Date.now()
    for (const home of homes) {
      if (home.heldUntil > now) continue
      let underWay = 0
      for (const [message, waiting] of home.unsettled) {
        if (++underWay > inFlightMax) break
        if (waiting.dueAt > now) continue
        if (waiting.tries > 0) figures.sentAgain++
        waiting.dueAt = now + sendAgainAfterMs * 2 ** waiting.tries++
        send(home, message, waiting.id)
      }
    }
  }
  const turning = setInterval(turn, turnMs)

  return {
    figures,
    pads(bytes) {
      padding = 'x'.repeat(bytes)
    },
    stopMeasuring() {
      measuring = false
    },
    async caughtUp(withinMs) {
      const upTo = homes.map(({ made }) => made)
      const settled = () =>
        homes.every(({ unsettled }, number) => {
          const [oldest = Number.POSITIVE_INFINITY] = unsettled.keys()
          return oldest >= (upTo[number] ?? 0)
        })
      await until('every home to have its receipts', settled, { withinMs })
    },
    get made() {
      return new Map(homes.map(({ gateway, made }) => [gateway, made]))
    },
    async close() {
      clearInterval(turning)
      await client.endAsync(true)
    },
  }
}
