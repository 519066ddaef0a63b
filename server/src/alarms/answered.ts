import type { AlarmNews } from '../notifications/ports.ts'
import type { LiveLog } from '../ports.ts'
import { homeFacts } from './home-facts.ts'
import type { AlarmRecord } from './record.ts'
import { lockAlarm, tell, updateAlarms } from './repository.ts'
import { itemOf } from './tell-consoles.ts'

/**
 * Somebody who was asked has said whether they go: every console sees it at once. The alarm's handling is not touched, and it
 * stays where it is in the queue.
 */
export function createAlarmNews(live: LiveLog): AlarmNews {
  return {
    async answered(tx, { alarm: id, at, kind, detail }) {
      const before = await lockAlarm(tx, id)
      // None of the actor's business: the ledger has it all the same.
      if (!before) return
      const facts = await homeFacts(tx, [before])
      const after: AlarmRecord = { ...before, version: before.version + 1 }
      updateAlarms(tx, [after])
      tell(tx, [{ alarm: after, at, kind, by: null, text: null, detail }])
      void live.append(tx, after.centre, [itemOf(after, kind, facts)])
    },
  }
}
