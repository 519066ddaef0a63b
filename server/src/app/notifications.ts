import type { Clock, Random } from '@anju/contract'
import type { FastifyPluginAsync } from 'fastify'
import type { Registry } from 'prom-client'
import { createAlarmNews } from '../alarms/answered.ts'
import type { EscalationSignal, Ledger } from '../escalation/ports.ts'
import { answerRoutes } from '../http/answer-routes.ts'
import { callbackRoutes } from '../http/callback-routes.ts'
import { channelRoutes } from '../http/channel-routes.ts'
import { createAnswers } from '../notifications/answers.ts'
import type { CallbackReader, ChannelAdapter } from '../notifications/channel.ts'
import { createChannels } from '../notifications/channel-health.ts'
import { createLedger } from '../notifications/ledger.ts'
import { exposeNotifications } from '../notifications/metrics.ts'
import { createMover } from '../notifications/mover.ts'
import { createNotices } from '../notifications/notices.ts'
import { createReports } from '../notifications/reports.ts'
import { startSender } from '../notifications/sender.ts'
import { takersOf } from '../notifications/takers.ts'
import { createWithdrawals, type RunningWithdrawals } from '../notifications/withdrawals.ts'
import { hashSecret, newSecret } from '../people/secrets.ts'
import type { Database, LiveLog } from '../ports.ts'
import type { Notices, Withdrawals } from '../roster/ports.ts'

export interface NotificationParts {
  readonly database: Database
  readonly live: LiveLog
  readonly signal: EscalationSignal
  readonly adapters: readonly ChannelAdapter[]
  readonly readers: readonly CallbackReader[]
  /** Where people and providers reach this server from outside, without a slash at its end. */
  readonly publicUrl: string
  readonly metrics: Registry
  readonly clock: Clock
  readonly random: Random
  readonly log: { error(detail: object, message: string): void }
}

export interface Notifications {
  /** For the escalation. */
  readonly ledger: Ledger
  /** For the roster. */
  readonly withdrawals: Withdrawals
  readonly notices: Notices
  readonly routes: readonly FastifyPluginAsync[]
  stop(): Promise<void>
}

/** The ledger and everything that moves a row of it, wired. */
export function startNotifications(parts: NotificationParts): Notifications {
  const { database, signal, clock, random, log, publicUrl } = parts
  const news = createAlarmNews(parts.live)
  const mover = createMover({
    signal,
    news,
    onBuried: (tx, where) => withdrawals.bury(tx, where),
  })
  const withdrawals: RunningWithdrawals = createWithdrawals({ database, mover, log })
  const sender = startSender({ ...parts, mover, newSecret, hashSecret })
  const onQueued = () => sender.wake()
  const takers = takersOf(parts.adapters)
  const reports = createReports({ database, mover, news, clock, random, onQueued, log })
  exposeNotifications(parts.metrics, reports)
  return {
    ledger: createLedger({ clock, random, sends: (to) => takers(to).length > 0, onQueued }),
    notices: createNotices({ clock, random, onQueued }),
    routes: [
      answerRoutes(createAnswers({ database, mover, clock, random, hashSecret })),
      channelRoutes(createChannels(parts)),
      callbackRoutes({ readers: parts.readers, reports, publicUrl }),
    ],
    withdrawals,
    async stop() {
      await sender.stop()
      await withdrawals.idle()
    },
  }
}
