import { collectDefaultMetrics, Registry } from 'prom-client'

/** One registry for the whole server; collects the process's own figures, the event loop's delay among them. */
export function createMetrics(): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 10 })
  return registry
}
