import { createAlarmDesk } from '../alarms/desk.ts'
import { startEscalator } from '../escalation/escalator.ts'
import type { Escalations } from '../escalation/ports.ts'
import { createEscalations } from '../escalation/runs.ts'
import { createRoster } from '../roster/roster.ts'
import { type NotificationParts, type Notifications, startNotifications } from './notifications.ts'

/** How an alarm gets to a person: who is next, how they are reached, and what they answer. */
export interface Reaching {
  readonly escalations: Escalations
  /** Mounted under `/api/v1`. */
  readonly routes: Notifications['routes']
  stop(): Promise<void>
}

export function startReaching(parts: Omit<NotificationParts, 'signal'>): Reaching {
  const { database, live, clock, log } = parts
  // Woken after a commit only, by when the escalator is there.
  const escalations = createEscalations(() => escalator.wake())
  const notifications = startNotifications({ ...parts, signal: escalations })
  const { ledger, routes } = notifications
  const desk = createAlarmDesk(live)
  const escalator = startEscalator({ database, desk, ledger, roster: createRoster(), clock, log })
  return {
    escalations,
    routes,
    async stop() {
      await escalator.stop()
      await notifications.stop()
    },
  }
}
