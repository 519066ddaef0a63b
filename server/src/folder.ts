/** The package's folder. `src` and `dist` both lie in it, and whatever is built of this file does so in `dist`. */
export const serverFolder = new URL('..', import.meta.url)
/** What the telemetry worker's thread runs: as this one is, a source or what was built. */
export const telemetryWorker = new URL(
  import.meta.url.endsWith('.ts') ? 'app/telemetry-worker.ts' : 'telemetry-worker.js',
  import.meta.url,
)
