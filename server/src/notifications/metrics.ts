import { Counter, type Registry } from 'prom-client'
import { REPORT_OUTCOMES, type Reports } from './reports.ts'

/** What providers reported, for `/metrics`; read when asked. */
export function exposeNotifications(registry: Registry, { counts }: Pick<Reports, 'counts'>): void {
  registry.registerMetric(
    new Counter({
      name: 'anju_notification_reports_total',
      help: 'What providers said of messages later, by what became of it; unknown: of a message that is none of ours',
      labelNames: ['outcome'],
      registers: [],
      collect() {
        this.reset()
        for (const outcome of REPORT_OUTCOMES) this.inc({ outcome }, counts[outcome])
      },
    }),
  )
}
