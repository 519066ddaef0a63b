import type { AlarmDesk, LockedAlarm } from '../escalation/ports.ts'
import type { LiveLog, Transaction } from '../ports.ts'
import { type Facts, homeFacts } from './home-facts.ts'
import type { AlarmRecord } from './record.ts'
import { lockAlarm, readAlarms, tell, updateAlarms } from './repository.ts'
import { append, toldOn } from './tell-consoles.ts'

interface Locked extends LockedAlarm {
  readonly facts: Facts
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
    async tell(tx, given, { kind, text = null, by = null, detail, asked = [] }, handOnTo) {
      const { alarm: before, facts, now } = given as Locked
      const alarm: AlarmRecord = {
        ...before,
        version: before.version + 1,
        alsoCentres: handOnTo ?? before.alsoCentres,
      }
      updateAlarms(tx, [alarm])
      tell(tx, [{ alarm, at: now, kind, by, text, detail }])
      append(tx, live, toldOn(alarm, { cause: kind, ...(asked.length > 0 ? { asked } : {}) }, facts))
      const after: Locked = { alarm, facts, now }
      return after
    },
  }
}

async function withFacts(tx: Transaction, alarms: readonly AlarmRecord[]): Promise<Locked[]> {
  if (alarms.length === 0) return []
  const facts = await homeFacts(tx, alarms)
  return alarms.map((alarm) => ({ alarm, facts, now: facts.now }))
}
