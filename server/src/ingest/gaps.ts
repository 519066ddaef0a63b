import {
  type Clock,
  formatInstant,
  type GatewayId,
  type Lane,
  minutes,
  plus,
  type Random,
  type RefillCommand,
  type ResultMessage,
  seconds,
  type Timer,
} from '@anju/contract'
import { ulid } from 'ulid'
import { LaneProgress, missingOf, type Run } from '../domain/sequence.ts'
import type { Actor, Database, Downlink, GatewayDirectory, HeardEvent } from '../ports.ts'
import type { GapFinder, Log } from '../uplink-ports.ts'
import type { IngestCounters } from './counters.ts'

const actor: Actor = { kind: 'system', part: 'refill' }
const lanesMax = 200_000
const waitingMax = 1_000
/** One command asks for no more; what is longer is asked for piece by piece. */
const seqsPerCommandMax = 1_000
const piecesMax = 16
const answerWithin = minutes(10)
const triesMax = 3
const lookEvery = seconds(30)

interface Suspicion {
  readonly gateway: GatewayId
  readonly boot: number
  readonly lane: Lane
  readonly run: Run
}
interface GapRow {
  gateway: GatewayId
  boot: number
  lane: Lane
  from_seq: number
  to_seq: number
  tries: number
  command: string | null
}

/**
 * Notices what a gateway believes settled and we do not have (a restored backup, a lost disk), asks for it once, and records
 * what cannot be had. Everything here is beside the alarm's path: `see` only notes.
 */
export class Gaps implements GapFinder {
  readonly #database: Database
  readonly #directory: GatewayDirectory
  readonly #downlink: Downlink
  readonly #clock: Clock
  readonly #random: Random
  readonly #counters: IngestCounters
  readonly #log: Log
  readonly #lanes = new Map<string, LaneProgress>()
  readonly #suspicions: Suspicion[] = []
  readonly #timer: Timer
  #work: Promise<void> | undefined
  #tasks = 0

  constructor({ database, directory, downlink, clock, random, log }: GapParts, counters: IngestCounters) {
    this.#database = database
    this.#directory = directory
    this.#downlink = downlink
    this.#clock = clock
    this.#random = random
    this.#counters = counters
    this.#log = log
    this.#timer = clock.every(lookEvery, () => this.#start(() => this.#lookAgain()))
    // It may be a backup that came back: what has arrived is looked up in it anew.
    database.onHealth((healthy) => {
      if (healthy) this.#lanes.clear()
    })
  }

  see({ gateway, message: { data } }: HeardEvent): void {
    const key = keyOf(gateway, data.boot, data.lane)
    let progress = this.#lanes.get(key)
    if (!progress) {
      if (this.#lanes.size >= lanesMax) this.#lanes.delete(this.#lanes.keys().next().value ?? '')
      // From the first number on: what came before our start is in the table, and is looked up there before anything is asked.
      progress = new LaneProgress(0)
      this.#lanes.set(key, progress)
    }
    for (const run of progress.see(data.seq, data.pendingFrom)) this.suspect(gateway, data.boot, data.lane, run)
  }

  /** A run that may be missing. A telemetry gap is only recorded: gateways keep no settled telemetry. */
  suspect(gateway: GatewayId, boot: number, lane: Lane, run: Run): void {
    if (this.#suspicions.length >= waitingMax) return this.#putOff({ gateway, boot, lane, run })
    this.#suspicions.push({ gateway, boot, lane, run })
    this.#start(() => this.#examine())
  }

  /** Its lane is told anew with the next message on it. Of telemetry there is nothing to ask for: only the record is lost. */
  #putOff({ gateway, boot, lane }: Suspicion): void {
    this.#counters.gapsPutOff++
    this.#lanes.delete(keyOf(gateway, boot, lane))
  }

  answered(gateway: GatewayId, { command, ok }: ResultMessage): void {
    this.#start(async () => {
      await this.#database.transaction(actor, (tx) =>
        tx.query(
          // After a yes the numbers are on their way: they are counted when they had time to arrive.
          `update sequence_gap set state = case when $3 then state else 'unfillable' end,
                                   due_at = case when $3 then app_now() + interval '1 minute' end
           where command = $1 and gateway = $2 and state = 'asked'`,
          [command, gateway, ok],
        ),
      )
    })
  }

  async close(): Promise<void> {
    this.#timer.cancel()
    await this.#work
  }

  /** One thing at a time. What fails is tried again by the clock: the rows say what is open. */
  #start(task: () => Promise<void>): void {
    if (this.#tasks >= waitingMax) return
    this.#tasks++
    this.#work = (this.#work ?? Promise.resolve())
      .then(task)
      .finally(() => this.#tasks--)
      .catch((error: unknown) => this.#log.warn({ err: error }, 'gaps are looked at later'))
  }

  async #examine(): Promise<void> {
    for (let next = this.#suspicions.shift(); next; next = this.#suspicions.shift())
      try {
        await this.#examineOne(next)
      } catch (error) {
        this.#putOff(next)
        throw error
      }
  }

  async #examineOne(suspicion: Suspicion): Promise<void> {
    const { gateway, boot, lane, run } = suspicion
    const centre = (await this.#directory.homeOf(gateway))?.centre
    if (!centre) return
    const fillable = lane !== 'telemetry'
    const missing = fillable ? await this.#missing(suspicion) : [run]
    for (const piece of missing.flatMap(pieces).slice(0, piecesMax)) {
      const command = fillable ? this.#newId() : null
      const state = fillable ? 'asked' : 'unfillable'
      const recorded = await this.#database.transaction(actor, (tx) =>
        tx.query(RECORD, [gateway, boot, lane, piece.from, piece.to, centre, state, command]),
      )
      if (command && recorded.length > 0) this.#ask(gateway, command, boot, lane, piece)
    }
  }

  /** What of a run neither arrived nor was given up before. */
  async #missing({ gateway, boot, lane, run }: Suspicion): Promise<readonly Run[]> {
    const present = await this.#database.transaction(actor, (tx) =>
      tx.query<{ seq: number }>(PRESENT, [gateway, boot, lane, run.from, run.to], 'gap-present'),
    )
    return missingOf(
      run,
      present.map(({ seq }) => seq),
    )
  }

  async #lookAgain(): Promise<void> {
    const due = await this.#database.transaction(actor, async (tx) => {
      const rows = await tx.query<GapRow>(DUE, [100])
      for (const row of rows) {
        const present = await tx.query(PRESENT_EVENTS, [row.gateway, row.boot, row.lane, row.from_seq, row.to_seq])
        const filled = present.length >= row.to_seq - row.from_seq + 1
        const state = filled ? 'filled' : row.tries >= triesMax ? 'unfillable' : 'asked'
        row.command = state === 'asked' ? this.#newId() : null
        await tx.query(SETTLE, [row.gateway, row.boot, row.lane, row.from_seq, state, row.command])
      }
      return rows
    })
    for (const { gateway, command, boot, lane, from_seq, to_seq } of due)
      if (command) this.#ask(gateway, command, boot, lane, { from: from_seq, to: to_seq })
  }

  #ask(gateway: GatewayId, id: string, boot: number, lane: Lane, { from, to }: Run): void {
    const expiresAt = formatInstant(plus(this.#clock.now(), answerWithin))
    const command: RefillCommand = { id, kind: 'refill', boot, lane, from, to, expiresAt }
    this.#counters.gapsAsked++
    this.#downlink.send(gateway, 'command', command)
  }

  #newId(): string {
    return ulid(this.#clock.now(), () => this.#random.uniform())
  }
}

const keyOf = (gateway: GatewayId, boot: number, lane: Lane): string => `${gateway}/${boot}/${lane}`

export interface GapParts {
  readonly database: Database
  readonly directory: GatewayDirectory
  readonly downlink: Downlink
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

function pieces({ from, to }: Run): Run[] {
  const runs: Run[] = []
  for (let start = from; start <= to && runs.length < piecesMax; start += seqsPerCommandMax)
    runs.push({ from: start, to: Math.min(to, start + seqsPerCommandMax - 1) })
  return runs
}

// The primary key of `event` begins with the gateway: this reads one gateway's rows, off the alarm's path.
const PRESENT_EVENTS = `
  select seq from event where gateway = $1 and boot = $2 and lane = $3 and seq between $4 and $5`
const PRESENT = `${PRESENT_EVENTS}
  union
  select generate_series(greatest(from_seq, $4::bigint), least(to_seq, $5::bigint)) from sequence_gap
  where gateway = $1 and boot = $2 and lane = $3 and from_seq <= $5 and to_seq >= $4`
const RECORD = `
  insert into sequence_gap (gateway, boot, lane, from_seq, to_seq, centre, state, found_at, command, tries, due_at)
  select $1, $2, $3, $4, $5, $6, $7, now, $8::text, 1, case when $8::text is not null then now + interval '${answerWithin} ms' end
  from app_now() as now
  on conflict do nothing returning from_seq`
const DUE = `
  select gateway, boot, lane, from_seq, to_seq, tries, command from sequence_gap
  where due_at <= (select app_now()) order by due_at limit $1 for update skip locked`
const SETTLE = `
  update sequence_gap set state = $5, command = coalesce($6, command), tries = tries + 1,
    due_at = case when $5 = 'asked' then app_now() + interval '${answerWithin} ms' end
  where gateway = $1 and boot = $2 and lane = $3 and from_seq = $4`
