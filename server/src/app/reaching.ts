import { createAlarmDesk } from '../alarms/desk.ts'
import { startEscalator } from '../escalation/escalator.ts'
import type { Escalations } from '../escalation/ports.ts'
import { createEscalations } from '../escalation/runs.ts'
import { createRoster } from '../roster/roster.ts'
import { type NotificationParts, type Notifications, startNotifications } from './notifications.ts'

/** How an alarm gets to a person: who is next, how they are reached, and what they answer. */
export interface Reaching {
  readonly escalations: Escalations
  readonly withdrawals: Notifications['withdrawals']
  readonly notices: Notifications['notices']
  /** Mounted under `/api/v1`. */
  readonly routes: Notifications['routes']
  stop(): Promise<void>
}

export function startReaching(parts: Omit<NotificationParts, 'signal'>): Reaching {
  const { database, live, clock, log } = parts
  // Woken after a commit only, by when the escalator is there.
  const escalations = createEscalations(() => escalator.wake())
  const notifications = startNotifications({ ...parts, signal: escalations })
  const { ledger, withdrawals, notices, routes } = notifications
  const desk = createAlarmDesk(live)
  const escalator = startEscalator({ database, desk, ledger, roster: createRoster(), clock, log })
  return {
    escalations,
    withdrawals,
    notices,
    routes,
    async stop() {
      await escalator.stop()
      await notifications.stop()
    },
  }
}
