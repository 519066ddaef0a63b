import { type Clock, type ErrorCode, type GatewayId, millis, type Timer } from '@anju/contract'
import type { Actor, Database, GatewayDirectory } from '../ports.ts'
import type { Log, Quarantine } from '../uplink-ports.ts'
import type { IngestCounters } from './counters.ts'

const actor: Actor = { kind: 'system', part: 'quarantine' }
const writeEvery = millis(500)
const waitingRowsMax = 2_000
const sampleBytesMax = 4_096
const topicCharsMax = 256
const nothing = Buffer.alloc(0)
/** Of each gateway the newest are kept: a broken one cannot fill the disk. */
export const rowsPerGatewayMax = 100

interface Row {
  readonly gateway: GatewayId
  readonly topic: string
  readonly code: ErrorCode
  readonly why: string
  readonly sample: Buffer
  readonly payloadBytes: number
}

export interface QuarantineParts {
  readonly database: Database
  readonly directory: GatewayDirectory
  readonly counters: IngestCounters
  /** Whether what was measured in this home was ever erased. */
  readonly wasErased: (home: string) => boolean
  readonly clock: Clock
  readonly log: Log
}

/** Keeps the first bytes of what was refused. What waits is bounded: under a flood the newest are counted, not kept. */
export class StoredQuarantine implements Quarantine {
  readonly #database: Database
  readonly #directory: GatewayDirectory
  readonly #counters: IngestCounters
  readonly #wasErased: QuarantineParts['wasErased']
  readonly #log: Log
  readonly #timer: Timer
  #waiting: Row[] = []
  #writing: Promise<void> | undefined

  constructor({ database, directory, counters, wasErased, clock, log }: QuarantineParts) {
    this.#database = database
    this.#directory = directory
    this.#counters = counters
    this.#wasErased = wasErased
    this.#log = log
    this.#timer = clock.every(writeEvery, () => void this.flush())
  }

  put(gateway: GatewayId, topic: string, code: ErrorCode, why: string, payload: Uint8Array): void {
    if (this.#waiting.length >= waitingRowsMax) {
      this.#counters.quarantineDropped++
      return
    }
    this.#waiting.push({
      gateway,
      topic: topic.slice(0, topicCharsMax),
      code,
      why,
      sample: Buffer.from(payload.subarray(0, sampleBytesMax)),
      payloadBytes: payload.byteLength,
    })
  }

  /** Never rejects: what cannot be written now is tried again with the next. */
  async flush(): Promise<void> {
    if (this.#writing || this.#waiting.length === 0) return
    const rows = this.#waiting
    this.#waiting = []
    this.#writing = this.#write(rows)
      .catch((error: unknown) => {
        this.#log.warn({ err: error, rows: rows.length }, 'the quarantine is written later')
        this.#waiting = [...rows, ...this.#waiting].slice(0, waitingRowsMax)
      })
      .finally(() => {
        this.#writing = undefined
      })
    await this.#writing
  }

  async close(): Promise<void> {
    this.#timer.cancel()
    await this.#writing
    await this.flush()
  }

  /**
   * What cannot be understood does not say when it was measured, and a gateway may come back after weeks with what was erased:
   * of such a home there is noted that it sent something and why it was refused, and none of it.
   */
  #mayKeep({ topic }: Row, home: string): boolean {
    return !topic.endsWith('telemetry') || !this.#wasErased(home)
  }

  async #write(rows: readonly Row[]): Promise<void> {
    const homes = await Promise.all(rows.map(async ({ gateway }) => this.#directory.homeOf(gateway)))
    // Of a gateway that nobody knows there is no centre to show it to; it was counted.
    const known = rows.flatMap((row, index) => {
      const place = homes[index]
      if (!place) return []
      return [{ ...row, centre: place.centre, sample: this.#mayKeep(row, place.home) ? row.sample : nothing }]
    })
    if (known.length === 0) return
    await this.#database.transaction(actor, async (tx) => {
      await tx.query(INSERT, [
        known.map(({ centre }) => centre),
        known.map(({ gateway }) => gateway),
        known.map(({ topic }) => storable(topic)),
        known.map(({ code }) => code),
        known.map(({ why }) => storable(why)),
        known.map(({ sample }) => sample.toString('hex')),
        known.map(({ payloadBytes }) => payloadBytes),
      ])
      await tx.query(TRIM, [[...new Set(known.map(({ gateway }) => gateway))], rowsPerGatewayMax])
    })
  }
}

/** PostgreSQL's text holds no NUL and no half of a surrogate pair. */
const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed()

const INSERT = `
  insert into quarantine (centre, gateway, at, topic, code, why, sample, payload_bytes)
  select centre, gateway, now, topic, code, why, decode(sample, 'hex'), payload_bytes
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::integer[])
    with ordinality as given(centre, gateway, topic, code, why, sample, payload_bytes, place), app_now() as now
  order by place`
const TRIM = `
  delete from quarantine where id in (
    select id from (select id, row_number() over (partition by gateway order by id desc) as age
                    from quarantine where gateway = any($1)) as kept
    where age > $2)`
