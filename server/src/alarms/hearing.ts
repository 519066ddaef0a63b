import type { GatewayId } from '@anju/contract'
import { type ConditionInput, condition } from '../domain/condition.ts'
import type { Actor, Database, Hearing, LiveLog, Transaction } from '../ports.ts'
import { homeFacts } from './home-facts.ts'
import { type AlarmRecord, type AlarmRow, recordOf } from './record.ts'
import { ALARM_COLUMNS, tell, updateAlarms } from './repository.ts'
import { append, toldOn } from './tell-consoles.ts'

const DEADLINES: Actor = { kind: 'system', part: 'deadlines' }
const alarmsPerTurnMax = 500

/** When nobody can hear a home, what was so there is unknown: the alarms stay as they are, and none is added for each device. */
export function createHearing(database: Database, live: LiveLog): Hearing {
  async function all(gateways: readonly GatewayId[], input: 'unheard' | 'heard'): Promise<void> {
    if (gateways.length === 0) return
    let changed: number
    do changed = await database.transaction(DEADLINES, (tx) => turn(tx, live, gateways, input))
    while (changed === alarmsPerTurnMax)
  }
  return {
    unheard: (gateways) => all(gateways, 'unheard'),
    heard: (gateways) => all(gateways, 'heard'),
  }
}

/** Work is left for the next turn only by what this one changed: said twice, it changes nothing. */
async function turn(
  tx: Transaction,
  live: LiveLog,
  gateways: readonly GatewayId[],
  input: Extract<ConditionInput, 'unheard' | 'heard'>,
): Promise<number> {
  const rows = await tx.query<AlarmRow>(
    BEHIND,
    [gateways, input === 'unheard' ? 'active' : 'unknown', alarmsPerTurnMax],
    'alarms-behind',
  )
  if (rows.length === 0) return 0
  const before = rows.map(recordOf)
  const facts = await homeFacts(tx, before)
  const after = before.map(
    (alarm): AlarmRecord => ({
      ...alarm,
      version: alarm.version + 1,
      condition: condition(alarm.condition, input),
    }),
  )
  updateAlarms(tx, after)
  tell(
    tx,
    after.map((alarm) => ({
      alarm,
      at: facts.now,
      kind: input,
      by: null,
      text: null,
      detail: { gateway: alarm.gateway },
    })),
  )
  const told = after.filter(({ heldUntil }) => heldUntil === null)
  append(
    tx,
    live,
    told.flatMap((alarm) => toldOn(alarm, { cause: input }, facts)),
  )
  return rows.length
}

/** What a gateway said last; a device's own silence is what it was, whoever listens. In the order every batch locks them in. */
const BEHIND = `
  select ${ALARM_COLUMNS} from gateway join alarm on alarm.home = gateway.home and alarm.gateway = gateway.id
  where gateway.id = any($1) and alarm.handling <> 'closed' and alarm.condition = $2
    and alarm.type not in ('device-silent', 'gateway-silent')
  order by alarm.home, alarm.placement, alarm.id limit $3 for update of alarm`
