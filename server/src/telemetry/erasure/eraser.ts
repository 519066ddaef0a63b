import { days, errorCode, type Instant, type Millis, millis, minutes } from '@anju/contract'
import type { ErasedAmount } from '@anju/contract/erasure'
import type { Actor, Database } from '../../ports.ts'
import type { Log } from '../../uplink-ports.ts'
import type { TelemetryArchive, TimeRange } from '../archive.ts'
import { andThen, nothingErased, sumOf } from './certificate.ts'
import { type Certified, certify } from './certify.ts'
import { ERASURE_COLUMNS, type ErasureRow, type Late } from './erasures.ts'

const actor: Actor = { kind: 'system', part: 'erasure' }
/** As long as one turn may take before another server thinks that this one died: what is done twice is done once. */
const turnFor = minutes(5)
const retryAfter = minutes(1)
/** A clock of a home may be ahead; what it dates further than this is no sample of a home that goes on measuring. */
const aheadMax = days(1)

export interface EraserParts {
  readonly database: Database
  /** Every store that may hold samples. */
  readonly archives: readonly TelemetryArchive[]
  readonly log: Log
  readonly certified: Certified
}

export interface Eraser {
  /**
   * The next step of the one that is due longest: it is erased, or looked for again, or certified. Of `only` it is erased, and
   * no more. False when there was nothing to do.
   */
  next(only?: string): Promise<boolean>
}

/** Takes turns with every other one, in whatever process: each step is one's, and after a crash another's. */
export function createEraser({ database, archives, log, certified }: EraserParts): Eraser {
  async function next(only?: string): Promise<boolean> {
    const [row] = await database.transaction(actor, (tx) =>
      tx.query<ErasureRow & { now: Instant }>(TAKE, [turnFor, only ?? null]),
    )
    if (!row) return false
    try {
      await (row.state === 'begun' ? erase(row) : lookAgain(row))
    } catch (error) {
      log.warn({ err: error, erasure: row.id, code: errorCode(error) }, 'an erasure goes on later')
      await database.transaction(actor, (tx) =>
        tx.query(LATER, [row.id, row.state, retryAfter * Math.min(row.tries, 10)]),
      )
    }
    return true
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
    if (wait === undefined)
      return database.transaction(actor, (tx) =>
        certify(
          tx,
          row,
          late,
          archives.map(({ id }) => id),
          certified,
        ),
      )
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

  return { next }
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

/** Of all that is due, or of one of them only as long as it is not erased. */
const TAKE = `
  update telemetry_erasure set turn_until = app_now() + $1 * interval '1 millisecond', tries = tries + 1
  where id = (
    select id from telemetry_erasure
    where state <> 'done' and due_at <= (select app_now()) and (turn_until is null or turn_until < (select app_now()))
      and ($2::text is null or (id = $2 and state = 'begun'))
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
/** Messages of the home's gateways that could not be taken hold samples, too. */
const OF_HOME = `
  topic like '%telemetry' and at < to_timestamp($2::float8 / 1000) + interval '10 minutes'
  and gateway in (select id from gateway where home = $1)`
const REFUSED = `select count(*)::integer as refused from quarantine where ${OF_HOME}`
const ERASE_REFUSED = `delete from quarantine where ${OF_HOME}`
