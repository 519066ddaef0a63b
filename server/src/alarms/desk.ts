import type { AlarmId } from '@anju/contract'
import type { AlarmDesk, LockedAlarm } from '../escalation/ports.ts'
import type { LiveLog, Transaction } from '../ports.ts'
import { type Facts, homeFacts } from './home-facts.ts'
import type { AlarmRecord } from './record.ts'
import { lockAlarm, tell, updateAlarms } from './repository.ts'
import { appendByCentre, toldOn } from './tell-consoles.ts'

interface Locked extends LockedAlarm {
  readonly facts: Facts
}

/** An alarm for those parts of the server that have something to say about it and do not decide who handles it. */
export function createAlarmDesk(live: LiveLog): AlarmDesk {
  return {
    tryLock: (tx, id) => locked(tx, id, false),
    lock: (tx, id) => locked(tx, id, true),
    async tell(tx, given, { kind, text = null, by = null, detail, asked = [] }, handOnTo) {
      const { alarm: before, facts, now } = given as Locked
      const alarm: AlarmRecord = {
        ...before,
        version: before.version + 1,
        alsoCentres: handOnTo ?? before.alsoCentres,
      }
      updateAlarms(tx, [alarm])
      tell(tx, [{ alarm, at: now, kind, by, text, detail }])
      appendByCentre(tx, live, toldOn(alarm, { cause: kind, ...(asked.length > 0 ? { asked } : {}) }, facts))
      const after: Locked = { alarm, facts, now }
      return after
    },
  }
}

async function locked(tx: Transaction, id: AlarmId, wait: boolean): Promise<Locked | undefined> {
  const alarm = await lockAlarm(tx, id, wait)
  if (!alarm) return undefined
  const facts = await homeFacts(tx, [alarm])
  return { alarm, facts, now: facts.now }
}
