import type { AlarmNews } from '../notifications/ports.ts'
import type { LiveLog } from '../ports.ts'
import { createAlarmDesk } from './desk.ts'

/**
 * Somebody who was asked has said whether they go, or could not be told that they need not: every console sees it at once. The
 * alarm's handling is not touched, and it stays where it is in the queue.
 */
export function createAlarmNews(live: LiveLog): AlarmNews {
  const desk = createAlarmDesk(live)
  return {
    async tell(tx, { alarm, kind, detail }) {
      const locked = await desk.lock(tx, alarm)
      // None of the actor's business: the ledger has it all the same.
      if (!locked) return
      // One that two centres see is told on the streams of both, and a relative is of one: the rest is the server's own.
      if (locked.alarm.alsoCentres.length > 0) await tx.query(`select set_config('anju.part', 'handed-on', true)`)
      desk.write(tx, [desk.tell(locked, { kind, detail: { ...detail } })])
    },
  }
}
