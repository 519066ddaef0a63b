import type { AlarmDesk, LockedAlarm } from '../escalation/ports.ts'
import type { LiveLog, Transaction } from '../ports.ts'
import { type Facts, homeFacts } from './home-facts.ts'
import type { AlarmRecord } from './record.ts'
import { lockAlarm, readAlarms, type TimelineRow, tell, updateAlarms } from './repository.ts'
import { append, type Told, toldOn } from './tell-consoles.ts'

interface Locked extends LockedAlarm {
  readonly facts: Facts
  /** What is to be written, in its order. */
  readonly told: readonly { readonly row: TimelineRow; readonly items: readonly Told[] }[]
}

/** An alarm for those parts of the server that have something to say about it and do not decide who handles it. */
export function createAlarmDesk(live: LiveLog): AlarmDesk {
  return {
    async held(tx, ids) {
      return withFacts(tx, await readAlarms(tx, ids))
    },
    async lock(tx, id) {
      const alarm = await lockAlarm(tx, id)
      const [locked] = alarm ? await withFacts(tx, [alarm]) : []
      return locked
    },
    tell(given, { kind, text = null, by = null, detail, asked = [] }, handOnTo) {
      const { alarm: before, facts, now, told } = given as Locked
      const alarm: AlarmRecord = {
        ...before,
        version: before.version + 1,
        alsoCentres: handOnTo ?? before.alsoCentres,
      }
      const items = toldOn(alarm, { cause: kind, ...(asked.length > 0 ? { asked } : {}) }, facts)
      const after: Locked = {
        alarm,
        facts,
        now,
        told: [...told, { row: { alarm, at: now, kind, by, text, detail }, items }],
      }
      return after
    },
    write(tx, alarms) {
      const told = (alarms as readonly Locked[]).filter((one) => one.told.length > 0)
      updateAlarms(
        tx,
        told.map(({ alarm }) => alarm),
      )
      const entries = told.flatMap((one) => one.told)
      tell(
        tx,
        entries.map(({ row }) => row),
      )
      append(
        tx,
        live,
        entries.flatMap(({ items }) => items),
      )
    },
  }
}

async function withFacts(tx: Transaction, alarms: readonly AlarmRecord[]): Promise<Locked[]> {
  if (alarms.length === 0) return []
  const facts = await homeFacts(tx, alarms)
  return alarms.map((alarm) => ({ alarm, facts, now: facts.now, told: [] }))
}
