import { type CentreId, type Clock, type HomeId, type Instant, seconds } from '@anju/contract'
import { dutyLooksEvery, isSameGap, nextGap } from '../domain/roster/duty.ts'
import type { Means } from '../domain/roster/ways.ts'
import type { Actor, Database, Transaction } from '../ports.ts'
import { startRounds } from '../rounds.ts'
import { gapsOfCentre } from './readiness.ts'

/** It must see whether the centre next door has somebody on duty; of that nothing but the gap is told. */
const WATCH: Actor = { kind: 'system', part: 'readiness' }
/** Looking is cheap; what is waited for stands in the rows. */
const lookEvery = seconds(30)
const centresPerTurnMax = 20

/** That nobody of a centre is on duty for a time, as it is said first, or that it is so no more. */
export interface DutyWord {
  readonly centre: CentreId
  readonly home: HomeId
  readonly phase: 'raised' | 'returned'
  /** As since when it is known: the same words twice are one event. */
  readonly at: Instant
}

export interface DutyWatchParts {
  readonly database: Database
  readonly means: Means
  /** Makes an alarm of it, or ends it; told again where it is not certain that it was. */
  readonly tell: (words: readonly DutyWord[]) => Promise<void>
  readonly clock: Clock
  readonly log: { error(detail: object, message: string): void }
}

export interface DutyWatch {
  /** Looks at the centres that are due, and tells what has changed. */
  look(): Promise<void>
  stop(): Promise<void>
}

/**
 * Looks ahead once an hour whether somebody of each centre can be reached, and tells when for some hours nobody can: in time for
 * somebody to be asked. A centre that plans no shifts has said nothing of who is on duty when.
 */
export function startDutyWatch({ database, means, tell, clock, log }: DutyWatchParts): DutyWatch {
  async function look(): Promise<void> {
    await database.transaction(WATCH, async (tx) => {
      await tx.query(PLANNED)
      const due = await tx.query<Watched>(DUE, [centresPerTurnMax])
      for (const one of due) await lookAt(tx, one)
    })
    await tellChanges()
  }

  async function lookAt(tx: Transaction, { centre, gap_from: from, gap_to: to, now }: Watched): Promise<void> {
    const before = from === null || to === null ? undefined : { from, to }
    const gap = nextGap(await gapsOfCentre(tx, centre, now, means), now)
    const next = gap ? dutyLooksEvery.told : dutyLooksEvery.well
    await tx.query(FOUND, [centre, gap?.from ?? null, gap?.to ?? null, isSameGap(before, gap), next])
  }

  /** First the event, then the note that it was said. What was told is first taken back; what is new is told at the next turn. */
  async function tellChanges(): Promise<void> {
    const changed = await database.transaction(WATCH, (tx) => tx.query<Changed>(CHANGED))
    if (changed.length === 0) return
    await tell(
      changed.map(({ centre, home, since, told }): DutyWord => {
        if (told !== null) return { centre, home, phase: 'returned', at: told }
        return { centre, home, phase: 'raised', at: since as Instant }
      }),
    )
    await database.transaction(WATCH, (tx) =>
      tx.query(TOLD, [
        changed.map(({ centre }) => centre),
        changed.map(({ told, since }) => (told === null ? since : null)),
      ]),
    )
  }

  const trouble = 'whether somebody is on duty is looked for again in half a minute'
  const { stop } = startRounds(look, { every: lookEvery, clock, database, log, trouble })
  return { look, stop }
}

interface Watched {
  readonly centre: CentreId
  readonly gap_from: Instant | null
  readonly gap_to: Instant | null
  readonly now: Instant
}
interface Changed {
  readonly centre: CentreId
  readonly home: HomeId
  readonly since: Instant | null
  readonly told: Instant | null
}

/** Sorted, so that two servers cannot wait for each other. */
const PLANNED = `insert into duty_watch (centre, home, due_at)
  select centre.id, (select min(home.id) from home where home.centre = centre.id), (select app_now()) from centre
  where exists (select from shift where shift.centre = centre.id) and exists (select from home where home.centre = centre.id)
    and not exists (select from duty_watch where duty_watch.centre = centre.id)
  order by centre.id on conflict do nothing`
const DUE = `select centre, gap_from, gap_to, (select app_now()) as now from duty_watch
  where due_at <= (select app_now()) order by due_at limit $1 for update skip locked`
const FOUND = `update duty_watch set
    gap_from = case when $4 and since is not null then least(gap_from, to_timestamp($2::float8 / 1000)) else to_timestamp($2::float8 / 1000) end,
    gap_to = to_timestamp($3::float8 / 1000),
    since = case when $2::float8 is null then null when $4 then coalesce(since, app_now()) else app_now() end,
    due_at = app_now() + $5 * interval '1 ms'
  where centre = $1`
const CHANGED = `select centre, home, since, told_since as told from duty_watch
  where since is distinct from told_since order by centre limit 200`
const TOLD = `update duty_watch set told_since = to_timestamp(note.since / 1000)
  from unnest($1::text[], $2::float8[]) as note (centre, since) where duty_watch.centre = note.centre`
