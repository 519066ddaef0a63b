import type { TelemetryStore } from './store.ts'

/** Takes everything and keeps nothing: so that a benchmark measures our part of the path and not the store's. */
export function nullStore(): TelemetryStore {
  return {
    write: async () => new Map(),
    query: async () => ({ unit: null, buckets: [] }),
    check: async () => undefined,
    latest: async () => [],
    activity: async () => ({ unit: null, hours: [] }),
    gaps: async () => ({ unit: null, gaps: [] }),
    close: async () => undefined,
  }
}
