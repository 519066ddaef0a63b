import {
  type Clock,
  days,
  errorCode,
  errorMessage,
  formatInstant,
  type Instant,
  type Millis,
  millis,
  minutes,
  seconds,
} from '@anju/contract'
import type { ErasedAmount, ErasureCertificate } from '@anju/contract/erasure'
import type { Actor, Database, Transaction } from '../../ports.ts'
import type { Log } from '../../uplink-ports.ts'
import type { TelemetryArchive, TimeRange } from '../archive.ts'
import { andThen, canonicalOf, nothingErased, sha256Of, sumOf } from './certificate.ts'
import { ERASURE_COLUMNS, type ErasureRow, type Late } from './erasures.ts'

const actor: Actor = { kind: 'system', part: 'erasure' }
const lookEvery = seconds(5)
/** As long as one turn may take before another server thinks that this one died: what is done twice is done once. */
const turnFor = minutes(5)
const retryAfter = minutes(1)
/** A clock of a home may be ahead; what it dates further than this is no sample of a home that goes on measuring. */
const aheadMax = days(1)

export interface CarryOutParts {
  readonly database: Database
  /** Every store that may hold samples. */
  readonly archives: readonly TelemetryArchive[]
  readonly clock: Clock
  readonly log: Pick<Log, 'info' | 'warn'>
  /** Chains it into the audit, in the transaction that certifies. */
  readonly certified: (tx: Transaction, certificate: ErasureCertificate, sha256: string) => Promise<void>
}

/** Erases what is due, whichever server asked for it; after a crash half-way another one, or this one, goes on. */
export function startErasing({ database, archives, clock, log, certified }: CarryOutParts) {
  let running: Promise<void> | undefined
  const stopped = new AbortController()

  async function work(): Promise<void> {
    while (!stopped.signal.aborted) {
      const [row] = await database.transaction(actor, (tx) => tx.query<ErasureRow & { now: Instant }>(TAKE, [turnFor]))
      if (!row) return
      try {
        await (row.state === 'begun' ? erase(row) : lookAgain(row))
      } catch (error) {
        log.warn({ err: error, erasure: row.id, code: errorCode(error) }, 'an erasure goes on later')
        await database.transaction(actor, (tx) =>
          tx.query(LATER, [row.id, row.state, retryAfter * Math.min(row.tries, 10)]),
        )
      }
    }
  }

  async function erase(row: ErasureRow & { readonly now: Instant }): Promise<void> {
    // Counted before anything is deleted, and only once: what a crash left half-erased was all there when it began.
    const held = row.held ?? (await count(row))
    if (row.held === null) await database.transaction(actor, (tx) => tx.query(HELD, [row.id, JSON.stringify(held)]))
    await eraseEverywhere(row)
    await database.transaction(actor, (tx) => tx.query(ERASED, [row.id, waitAfter(0)]))
    log.info({ erasure: row.id, samples: held.samples }, 'the measurements of a home are erased')
  }

  /** Before the look of this number: as long as the slowest store needs. Undefined when there is none. */
  function waitAfter(looks: number): Millis | undefined {
    const waits = archives.flatMap(({ looksAgainAfter }) => looksAgainAfter[looks] ?? [])
    return waits.length === 0 ? undefined : millis(Math.max(...waits))
  }

  /** What came back is erased; the last look certifies. */
  async function lookAgain(row: ErasureRow & { readonly now: Instant }): Promise<void> {
    const { earlier, found: known, looks } = row.late ?? { earlier: nothingErased, found: null, looks: [] }
    // Counted once, for the same reason.
    const found = known ?? (await count(row))
    const counted: Late = { earlier, found, looks }
    if (known === null && !(await noteLate(row, row.late, counted))) return
    await eraseEverywhere(row)
    const late: Late = { earlier: andThen(earlier, found), found: null, looks: [...looks, row.now] }
    const wait = waitAfter(late.looks.length)
    if (wait === undefined) return certify(row, late)
    await noteLate(row, counted, late, wait)
  }

  /** False when another server, which thought that this one had died, has come further. */
  function noteLate({ id }: ErasureRow, known: Late | null, late: Late, wait?: Millis): Promise<boolean> {
    return database.transaction(actor, async (tx) => {
      const noted = await tx.query(LATE, [id, known && JSON.stringify(known), JSON.stringify(late)])
      if (noted.length > 0 && wait !== undefined) await tx.query(NEXT_LOOK, [id, wait])
      return noted.length > 0
    })
  }

  async function certify(row: ErasureRow & { readonly now: Instant }, late: Late): Promise<void> {
    await database.transaction(actor, async (tx) => {
      const [mine] = await tx.query<ErasureRow>(
        `select ${ERASURE_COLUMNS} from telemetry_erasure where id = $1 and state = 'erased' for update`,
        [row.id],
      )
      if (!mine) return
      const [{ now, alarms } = { now: row.now, alarms: 0 }] = await tx.query<{ now: Instant; alarms: number }>(KEPT, [
        row.home,
      ])
      const stores = archives.map(({ id }) => id)
      const left = await tx.query<{ id: string }>(MOVED, [stores])
      const storesLeft = left.map(({ id }) => id)
      const certificate = certificateOf(mine, late, { now, alarms, stores, storesLeft })
      const canonical = canonicalOf(certificate)
      const sha256 = sha256Of(canonical)
      await tx.query(DONE, [row.id, canonical, sha256, now])
      await certified(tx, certificate, sha256)
    })
  }

  async function count(row: ErasureRow & { readonly now: Instant }): Promise<ErasedAmount> {
    const amounts: ErasedAmount[] = []
    for (const archive of archives) amounts.push(mutable(await archive.held(row.home, goesOn(row))))
    const [{ refused } = { refused: 0 }] = await database.transaction(actor, (tx) =>
      tx.query<{ refused: number }>(REFUSED, [row.home, row.until]),
    )
    return sumOf([...amounts, { ...nothingErased, buckets: [{ name: 'quarantine', values: refused }] }])
  }

  async function eraseEverywhere(row: ErasureRow & { readonly now: Instant }): Promise<void> {
    for (const archive of archives) await archive.erase(row.home, goesOn(row))
    await database.transaction(actor, (tx) => tx.query(ERASE_REFUSED, [row.home, row.until]))
  }

  const wake = () => {
    if (stopped.signal.aborted) return
    running ??= work()
      .catch((error: unknown) => {
        if (database.healthy) log.warn({ why: errorMessage(error) }, 'erasures are looked for later')
      })
      .finally(() => {
        running = undefined
      })
  }
  const timer = clock.every(lookEvery, wake)
  return {
    wake,
    /** Is not waited for: what is under way ends with its stores, and somebody goes on. */
    stop() {
      stopped.abort()
      timer.cancel()
    },
  }
}

/** The home goes on measuring meanwhile. */
const goesOn = ({ until, now }: { readonly until: Instant; readonly now: Instant }): TimeRange => ({
  from: until,
  to: Math.max(until, now) + aheadMax,
})

const mutable = ({ series, samples, buckets }: Awaited<ReturnType<TelemetryArchive['held']>>): ErasedAmount => ({
  series,
  samples,
  buckets: [...buckets],
})

interface Found {
  readonly now: Instant
  readonly alarms: number
  readonly stores: string[]
  readonly storesLeft: string[]
}

function certificateOf(
  row: ErasureRow,
  { earlier: cameBack, looks }: Late,
  { now, alarms, stores, storesLeft }: Found,
): ErasureCertificate {
  return {
    version: 1,
    id: row.id,
    centre: row.centre,
    home: row.home,
    requestedBy: row.requested_by,
    reason: row.reason,
    by: { person: row.person, name: row.person_name },
    askedAt: formatInstant(row.until),
    erasedAt: formatInstant(row.erased_at ?? now),
    lookedAgainAt: looks.map(formatInstant),
    certifiedAt: formatInstant(now),
    until: formatInstant(row.until),
    erased: row.held ?? nothingErased,
    stores,
    storesLeft,
    cameBack,
    kept: [
      { what: 'alarms', count: alarms },
      { what: 'household', count: null },
      { what: 'audit', count: null },
      { what: 'gateway', count: null },
      { what: 'backups', count: null },
    ],
  }
}

const TAKE = `
  update telemetry_erasure set turn_until = app_now() + $1 * interval '1 millisecond', tries = tries + 1
  where id = (
    select id from telemetry_erasure
    where state <> 'done' and due_at <= (select app_now()) and (turn_until is null or turn_until < (select app_now()))
    order by due_at, id for update skip locked limit 1)
  returning ${ERASURE_COLUMNS}, app_now() as now`
const LATER = `
  update telemetry_erasure set turn_until = null, due_at = app_now() + $3 * interval '1 millisecond'
  where id = $1 and state = $2`
const HELD = `update telemetry_erasure set held = $2::jsonb where id = $1 and held is null`
const LATE = `
  update telemetry_erasure set late = $3::jsonb
  where id = $1 and state = 'erased' and late is not distinct from $2::jsonb returning 1`
const NEXT_LOOK = `
  update telemetry_erasure set due_at = app_now() + $2 * interval '1 millisecond', turn_until = null, tries = 0
  where id = $1 and state = 'erased'`
const ERASED = `
  update telemetry_erasure set state = 'erased', erased_at = clock.now, due_at = clock.now + $2 * interval '1 millisecond',
    turn_until = null, tries = 0
  from (select app_now() as now) as clock where id = $1 and state = 'begun'`
const DONE = `
  update telemetry_erasure set state = 'done', certificate = $2, sha256 = $3, done_at = to_timestamp($4::float8 / 1000),
    turn_until = null
  where id = $1`
const KEPT = `select app_now() as now, (select count(*)::integer from alarm where home = $1) as alarms`
/** After a move back the server is not told of the store that was left, which may have what it had. */
const MOVED = `
  select id from (select source as id from telemetry_move union select target from telemetry_move) as moved
  where not id = any($1) order by id`
/** Messages of the home's gateways that could not be taken hold samples, too. */
const OF_HOME = `
  topic like '%telemetry' and at < to_timestamp($2::float8 / 1000) + interval '10 minutes'
  and gateway in (select id from gateway where home = $1)`
const REFUSED = `select count(*)::integer as refused from quarantine where ${OF_HOME}`
const ERASE_REFUSED = `delete from quarantine where ${OF_HOME}`
