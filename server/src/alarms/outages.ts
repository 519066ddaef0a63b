import { type AlarmId, type Clock, millis, type Random } from '@anju/contract'
import { correlate, type LossAlarm, type OpenOutage } from '../domain/correlation.ts'
import type { Escalations } from '../escalation/ports.ts'
import type { Actor, Database, LiveLog, Transaction } from '../ports.ts'
import { startRounds } from '../rounds.ts'
import { newAlarmId } from './ids.ts'
import { joinOutage, openOutage, settleOutage } from './outage.ts'
import { releaseHeld } from './release.ts'

const OUTAGES: Actor = { kind: 'system', part: 'outages' }
const lookEvery = millis(1_000)
const lossesPerTurnMax = 5_000
/** Short transactions: what they lock, an event of the same home may wait for. */
const alarmsPerStepMax = 250

export interface OutageOptions {
  readonly database: Database
  readonly live: LiveLog
  readonly escalations: Escalations
  readonly clock: Clock
  readonly random: Random
  readonly log: { error(detail: object, message: string): void }
}
export interface Outages {
  /** Works off what there is now. */
  runOnce(): Promise<void>
  stop(): Promise<void>
}

/**
 * Folds what an area lost at once into one incident, lets it end when all of it is over, and shows a single home's loss when
 * its time has come. All of it is beside the way of an event, and from rows: any number of servers may run it.
 */
export function startOutages({ database, live, escalations, clock, random, log }: OutageOptions): Outages {
  const inTransaction = <T>(work: (tx: Transaction) => Promise<T>) => database.transaction(OUTAGES, work)

  async function runOnce(isStopping = () => false): Promise<void> {
    const { losses, outages } = await inTransaction(async (tx) => ({
      losses: await tx.query<LossAlarm>(LOSSES, [lossesPerTurnMax], 'outage-losses'),
      outages: await tx.query<Open>(OPEN, [], 'outages-open'),
    }))
    const { joins, opens } = correlate(
      losses,
      outages.filter(({ over }) => !over),
    )
    const touched = new Set<string>()
    for (const { area, folds, alarms } of opens) {
      const id = newAlarmId(clock, random)
      const won = await inTransaction((tx) =>
        openOutage(tx, { live, escalations }, id, { area, folds }, alarms[0] ?? ''),
      )
      if (won) await join(id, alarms, isStopping)
    }
    for (const { outage, alarms } of joins) {
      await join(outage as AlarmId, alarms, isStopping)
      touched.add(outage)
    }
    for (const { alarm, homes, children, otherUrgency, over } of outages)
      if (!touched.has(alarm) && (homes !== children || otherUrgency || over || homes === 0))
        await inTransaction((tx) => settleOutage(tx, live, alarm as AlarmId))
    while (!isStopping() && (await inTransaction((tx) => releaseHeld(tx, live, escalations))));
  }

  async function join(outage: AlarmId, alarms: readonly string[], isStopping = () => false): Promise<void> {
    for (let from = 0; from < alarms.length && !isStopping(); from += alarmsPerStepMax)
      await inTransaction((tx) => joinOutage(tx, live, outage, alarms.slice(from, from + alarmsPerStepMax)))
  }

  const trouble = 'outages are looked for again in a second'
  const { stop } = startRounds(runOnce, { every: lookEvery, clock, database, log, trouble })
  return { runOnce, stop }
}

/** Losses that are part of nothing yet. An hour back, so that a server that was away still sees what happened meanwhile. */
const LOSSES = `
  select alarm.id as alarm, alarm.home, alarm.type, alarm.received_at as at,
    alarm.centre || '/' || coalesce(left(home_area.code, 9), '') as area
  from alarm left join home_area on home_area.home = alarm.home and home_area.valid_to is null
  where alarm.type in ('mains-lost', 'gateway-silent') and alarm.parent is null and alarm.handling <> 'closed'
    and alarm.condition <> 'returned' and alarm.received_at > (select app_now()) - interval '1 hour'
  order by alarm.received_at desc limit $1`
interface Open extends OpenOutage {
  readonly homes: number
  readonly children: number
  readonly otherUrgency: boolean
  readonly over: boolean
}
/** `over`: its alarm was closed, and it takes in nobody more. */
const OPEN = `
  select outage.alarm, outage.centre || '/' || outage.area as area, outage.folds, alarm.children,
    alarm.handling = 'closed' as over, inside.homes, inside.urgent <> alarm.urgent as "otherUrgency"
  from outage join alarm on alarm.id = outage.alarm, lateral (
    select count(distinct child.home)::integer as homes, coalesce(bool_or(child.urgent), false) as urgent from alarm as child
    where child.parent = outage.alarm and child.handling <> 'closed' and child.condition <> 'returned') as inside
  where outage.ended_at is null`
