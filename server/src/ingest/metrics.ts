import { Counter, Gauge, type Registry } from 'prom-client'
import type { BrokerFigures } from '../uplink-ports.ts'
import type { IngestCounters } from './counters.ts'

export interface UplinkFigures {
  readonly counters: IngestCounters
  readonly broker: () => BrokerFigures
  readonly waitingEvents: () => number
  readonly telemetryWaitingBytes: () => number
  readonly telemetryHealthy: () => boolean
}

/** The uplink's figures for `/metrics`: read when asked, so that counting costs an addition and no more. */
export function exposeUplink(registry: Registry, figures: UplinkFigures): void {
  const { counters, broker } = figures
  const counted: readonly (readonly [name: string, help: string, read: () => number])[] = [
    ['anju_events_total', 'Event messages that arrived', () => counters.events],
    ['anju_events_committed_total', 'Events committed for the first time', () => counters.eventsCommitted],
    ['anju_events_duplicate_total', 'Events that were there already', () => counters.eventsDuplicate],
    ['anju_events_unsettled_total', 'Events neither committed nor acknowledged', () => counters.eventsUnsettled],
    ['anju_telemetry_messages_total', 'Telemetry messages that arrived', () => counters.telemetryMessages],
    ['anju_telemetry_points_total', 'Samples confirmed by the store', () => counters.telemetryPoints],
    [
      'anju_telemetry_pushed_back_total',
      'Telemetry messages sent away with retryAfterS',
      () => counters.telemetryPushedBack,
    ],
    ['anju_health_messages_total', 'Heartbeats', () => counters.healthMessages],
    ['anju_receipts_total', 'Receipts for events and refusals', () => counters.receipts],
    ['anju_refills_asked_total', 'Refill commands sent', () => counters.gapsAsked],
    ['anju_gaps_put_off_total', 'Gaps that could not be looked into at once', () => counters.gapsPutOff],
    ['anju_quarantine_dropped_total', 'Refused messages counted without being kept', () => counters.quarantineDropped],
    ['anju_mqtt_refused_connections_total', 'Connections refused', () => broker().refusedConnections],
    ['anju_mqtt_acl_violations_total', 'Topics asked for that are not the gateway’s', () => broker().aclViolations],
    ['anju_mqtt_undelivered_total', 'Words to homes that nobody took', () => broker().undelivered],
  ]
  for (const [name, help, read] of counted)
    registry.registerMetric(
      new Counter({
        name,
        help,
        registers: [],
        collect() {
          this.reset()
          this.inc(read())
        },
      }),
    )
  registry.registerMetric(
    new Counter({
      name: 'anju_refused_total',
      help: 'Messages refused, by code',
      labelNames: ['code'],
      registers: [],
      collect() {
        this.reset()
        for (const [code, count] of counters.refused) this.inc({ code }, count)
      },
    }),
  )
  const measured: readonly (readonly [name: string, help: string, read: () => number])[] = [
    ['anju_mqtt_connections', 'Connections now', () => broker().connections],
    ['anju_events_waiting', 'Events that wait for their commit', figures.waitingEvents],
    ['anju_telemetry_waiting_bytes', 'Telemetry that waits for the store', figures.telemetryWaitingBytes],
    ['anju_telemetry_store_up', '1 while the telemetry store answers', () => Number(figures.telemetryHealthy())],
  ]
  for (const [name, help, read] of measured)
    registry.registerMetric(
      new Gauge({
        name,
        help,
        registers: [],
        collect() {
          this.set(read())
        },
      }),
    )
}
