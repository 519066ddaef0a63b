import type { Escalations } from '../escalation/ports.ts'
import type { LiveLog, Transaction } from '../ports.ts'
import { homeFacts } from './home-facts.ts'
import { type AlarmRecord, type AlarmRow, recordOf } from './record.ts'
import { ALARM_COLUMNS, updateAlarms } from './repository.ts'
import { append, toldOn } from './tell-consoles.ts'

const alarmsPerTurnMax = 100

/** Shows what was held back and is still so; true when there may be more. */
export async function releaseHeld(tx: Transaction, live: LiveLog, escalations: Escalations): Promise<boolean> {
  const rows = await tx.query<AlarmRow>(HELD, [alarmsPerTurnMax], 'held-over')
  if (rows.length === 0) return false
  const shown = rows
    .map(recordOf)
    .map((alarm): AlarmRecord => ({ ...alarm, version: alarm.version + 1, heldUntil: null }))
  const facts = await homeFacts(tx, shown)
  updateAlarms(tx, shown)
  escalations.start(tx, shown)
  append(
    tx,
    live,
    shown.flatMap((alarm) => toldOn(alarm, { cause: 'raised' }, facts)),
  )
  return rows.length === alarmsPerTurnMax
}

const HELD = `
  select ${ALARM_COLUMNS} from alarm
  where held_until <= (select app_now()) and parent is null and handling <> 'closed'
  order by held_until limit $1 for update skip locked`
