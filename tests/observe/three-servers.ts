import { encodeTime } from 'ulid'
import type { Api } from '../harness/api.ts'
import { aCluster, type Cluster } from '../harness/cluster.ts'
import { aMosquitto } from '../harness/mosquitto.ts'
import { type PressingHomes, pressingHomes } from '../harness/pressing-homes.ts'
import { aServer, type RunningServer } from '../harness/server.ts'
import { pause, slowness } from '../harness/wait.ts'
import { Expectations, type Observation, rounded, type Scale } from './observation.ts'

const scales = {
  // Beside other things on a small machine, where a process that starts takes a core from all others.
  short: { pressesPerS: 10, lengthMs: 36_000, killEveryMs: 10_000, gateways: 20, lateMaxMs: 1_000 * slowness },
  full: { pressesPerS: 50, lengthMs: 600_000, killEveryMs: 10_000, gateways: 100, lateMaxMs: 1_000 },
} as const
/** The standard policy's last step, the next centre, is asked after 120 s. */
const reachedAfterS = 130

/**
 * Three servers on one database and one broker; one of them is killed every ten seconds, while homes press and operators work.
 * Of every ten alarms four are taken and closed, one is taken and dropped (its lease runs out), five are left to the escalation
 * until it has gone through all of its steps; then whoever it reached takes and closes them.
 */
export const threeServers: Observation = {
  id: 'C-32',
  what: 'three servers, one killed every 10 s under 50 alarms/s: no alarm lost, doubled, or left past its deadline',
  async run(scale: Scale, say) {
    // `lateMaxMs`: a deadline may be met so much later than it says.
    const { pressesPerS, lengthMs, killEveryMs, gateways, lateMaxMs } = scales[scale]
    const expect = new Expectations()
    const cluster = await aCluster()
    const broker = await aMosquitto()
    const url = `mqtt://127.0.0.1:${broker.port}`
    const servers: RunningServer[] = []
    let homes: PressingHomes | undefined
    try {
      for (let n = 0; n < 3; n++) servers.push(await aServer({ cluster, env: { ANJU_MQTT_URL: url } }))
      const installer = await (servers[0] as RunningServer).logIn('installer')
      await cluster.query(`insert into console_presence select 'operators', id, '9999-01-01' from centre`)
      const ids: string[] = []
      for (let n = 0; n < gateways; n++) ids.push((await installer.registerGateway(`THREE-${n}`)).id)
      homes = await pressingHomes(url, ids)
      const operators = new Operators(servers, cluster)
      const overdue = new Overdue(cluster)
      const stopped = new AbortController()
      const working = Promise.all([
        operators.work(stopped.signal),
        overdue.watch(stopped.signal),
        press(homes, pressesPerS, stopped.signal),
      ])
      const kills = await killing(servers, lengthMs, killEveryMs, say)
      stopped.abort()
      await working
      const unsettled = await homes.settled(60_000)
      expect.that(unsettled === 0, `${unsettled} presses had no receipt a minute after the last`)
      const figures = {
        kills,
        presses: homes.presses.length,
        claims: operators.claims,
        ...(await accounts(cluster, homes, expect)),
        ...(await steps(cluster, lateMaxMs, expect)),
        ...overdue.figures(lateMaxMs, expect),
      }
      return { figures, wrong: expect.wrong }
    } finally {
      await homes?.close()
      for (const server of servers) await server.end()
      await broker.end()
      cluster.destroy()
    }
  },
}

async function press(homes: PressingHomes, perS: number, stopped: AbortSignal): Promise<void> {
  const began = performance.now()
  for (let n = 0; !stopped.aborted; n++) {
    homes.press()
    await pause(Math.max(0, began + ((n + 1) * 1_000) / perS - performance.now()))
  }
}

async function killing(
  servers: readonly RunningServer[],
  lengthMs: number,
  everyMs: number,
  say: (line: string) => void,
): Promise<number> {
  const began = performance.now()
  let kills = 0
  for (let next = everyMs; next <= lengthMs; next += everyMs) {
    await pause(Math.max(0, began + next - performance.now()))
    const victim = servers[kills % servers.length] as RunningServer
    await victim.kill()
    kills++
    await pause(2_000)
    await victim.start()
    if (kills % 6 === 0) say(`${kills} kills`)
  }
  return kills
}

/** Ids of alarms begin with the time at which they were made: what was made in the last so many seconds is greater. */
const idsFrom = (secondsAgo: number): string => encodeTime(Date.now() - secondsAgo * 1_000, 10)

/** Works by the API of whichever server answers; which alarm is next is read from the table, as no console could be as fast. */
class Operators {
  claims = 0
  readonly #servers: readonly RunningServer[]
  readonly #cluster: Cluster
  readonly #sessions = new Map<RunningServer, Promise<Api>>()
  readonly #seen = new Set<string>()

  constructor(servers: readonly RunningServer[], cluster: Cluster) {
    this.#servers = servers
    this.#cluster = cluster
  }

  async work(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      const fresh = await this.#cluster.query<{ id: string }>(
        `select id from alarm where id > $1 and class = 'life' and handling = 'new' order by id limit 200`,
        [idsFrom(10)],
      )
      const unseen = fresh.filter(({ id }) => !this.#seen.has(id))
      for (const { id } of unseen) this.#seen.add(id)
      const reached = await this.#cluster.query<{ id: string }>(
        `select id from alarm where id > $1 and id < $2 and class = 'life' and handling = 'new' order by id limit 100`,
        [idsFrom(reachedAfterS + 60), idsFrom(reachedAfterS)],
      )
      await Promise.all([
        ...unseen.map(({ id }) => this.#handle(id)),
        ...reached.map(({ id }) => this.#takeAndClose(id)),
      ])
      await pause(200)
    }
  }

  async #handle(id: string): Promise<void> {
    const fate = id.charCodeAt(id.length - 1) % 10
    if (fate === 4) await this.#claim(id)
    else if (fate < 4) await this.#takeAndClose(id)
  }

  async #claim(id: string): Promise<{ lease: { token: string } } | undefined> {
    const claimed = await this.#call<{ lease: { token: string } }>(id, 'claim', {})
    if (claimed) this.claims++
    return claimed
  }

  async #takeAndClose(id: string): Promise<void> {
    const claimed = await this.#claim(id)
    if (!claimed) return
    await this.#call(id, 'close', {
      lease: claimed.lease.token,
      disposition: { code: 'accidental', cause: 'pressed-by-mistake', outcome: 'no-help-needed' },
    })
  }

  /** Undefined when the server died meanwhile: then this operator's browser is gone, too. */
  async #call<T>(id: string, what: string, body: object): Promise<T | undefined> {
    const server = this.#servers[id.charCodeAt(id.length - 2) % this.#servers.length] as RunningServer
    try {
      const known = this.#sessions.get(server) ?? server.logIn()
      this.#sessions.set(server, known)
      const { status, body: answer } = await (await known).call<T>('POST', `/alarms/${id}/${what}`, body)
      return status === 200 ? answer : undefined
    } catch {
      this.#sessions.delete(server)
      return undefined
    }
  }
}

/** Looks at the rows as an outsider, many times a second: how long after its deadline the latest one still waits. */
class Overdue {
  readonly #cluster: Cluster
  readonly #max = { escalation: 0, lease: 0 }
  #looks = 0

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  async watch(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      const [row] = await this.#cluster.query<{ escalation: number; lease: number }>(
        // The first of each by its index: whoever looks must not take what is looked at.
        `select coalesce(extract(epoch from app_now() - (select min(due_at) from escalation where due_at is not null)), 0)::float8 * 1000 as escalation,
                coalesce(extract(epoch from app_now() - (select min(until) from alarm
                 where handling in ('claimed', 'in-progress', 'parked'))), 0)::float8 * 1000 as lease`,
      )
      this.#looks++
      this.#max.escalation = Math.max(this.#max.escalation, row?.escalation ?? 0)
      this.#max.lease = Math.max(this.#max.lease, row?.lease ?? 0)
      await pause(100)
    }
  }

  figures(lateMaxMs: number, expect: Expectations) {
    for (const [what, ms] of Object.entries(this.#max))
      expect.that(ms <= lateMaxMs, `a deadline of an ${what} was still waiting ${ms.toFixed(0)} ms after it`)
    return {
      'looks at the deadlines': this.#looks,
      'longest overdue escalation, ms': rounded(this.#max.escalation),
      'longest overdue lease, ms': rounded(this.#max.lease),
    }
  }
}

/** What homes were promised against what the centre has. */
async function accounts(cluster: Cluster, { presses }: PressingHomes, expect: Expectations) {
  const stored = await cluster.query<{ id: string; alarms: number }>(
    'select id, count(distinct alarm)::integer as alarms from event group by id',
  )
  const known = new Map(stored.map(({ id, alarms }) => [id, alarms]))
  const lost = presses.filter(({ id, receiptedAt }) => receiptedAt !== undefined && known.get(id) !== 1)
  const [doubled] = await cluster.query<{ n: number }>(
    `select count(*)::integer as n from (select 1 from alarm where type = 'sos-pressed' group by home, placement having count(*) > 1) as twice`,
  )
  const [alarms] = await cluster.query<{ n: number }>(
    `select count(*)::integer as n from alarm where type = 'sos-pressed'`,
  )
  expect.that(lost.length === 0, `${lost.length} receipted presses are in no alarm, ${lost[0]?.id}`)
  expect.that(doubled?.n === 0, `${doubled?.n} presses have two alarms`)
  expect.that(alarms?.n === presses.length, `${presses.length} presses, ${alarms?.n} alarms`)
  const ms = presses
    .map(({ sentAt, receiptedAt = Number.POSITIVE_INFINITY }) => receiptedAt - sentAt)
    .sort((a, b) => a - b)
  return {
    lost: lost.length,
    doubled: doubled?.n ?? -1,
    'receipt p50, ms': ms[Math.floor(ms.length / 2)] ?? -1,
    'receipt p99, ms': ms[Math.floor(ms.length * 0.99)] ?? -1,
  }
}

/** Each step of the centre's own track against the one before it: asked once, and when the first one's time was over. */
async function steps(cluster: Cluster, lateMaxMs: number, expect: Expectations) {
  const [row] = await cluster.query<{ asks: number; late: number; latest: number; twice: number; unattended: number }>(`
    with asks as (
      select alarm, round, step, wave, min(queued_at) as at, count(*) - count(distinct (recipient_kind, recipient, channel)) as twice
      from notification where track = 'centre' and purpose = 'alarm' group by alarm, round, step, wave
    ), pairs as (
      select asks.*, lead(at) over following as next_at, lead(asks.round) over following as next_round,
        (escalation.policy -> 'steps' -> asks.step -> 'waves' -> asks.wave ->> 'timeoutS')::float8 * 1000 as timeout_ms
      from asks join escalation on escalation.alarm = asks.alarm and escalation.track = 'centre'
      window following as (partition by asks.alarm order by asks.round, asks.step, asks.wave)
    ), late as (
      select extract(epoch from next_at - at)::float8 * 1000 - timeout_ms as ms from pairs where next_at is not null and next_round = round
    )
    select (select count(*)::integer from asks) as asks, (select count(*)::integer from late where ms > ${lateMaxMs}) as late,
      (select coalesce(max(ms), 0) from late) as latest, (select coalesce(sum(twice), 0)::integer from asks) as twice,
      (select count(*)::integer from alarm where class = 'life' and not exists (select from escalation where alarm = alarm.id)) as unattended`)
  expect.that((row?.asks ?? 0) > 0, 'nobody was asked')
  expect.that(row?.late === 0, `${row?.late} steps came more than ${lateMaxMs} ms late, the latest ${row?.latest} ms`)
  expect.that(row?.twice === 0, `${row?.twice} people were asked twice in one wave`)
  expect.that(row?.unattended === 0, `${row?.unattended} alarms without an escalation`)
  return { asks: row?.asks ?? 0, 'latest step, ms': rounded(row?.latest ?? -1), 'asked twice': row?.twice ?? -1 }
}
