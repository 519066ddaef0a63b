import { UsageError } from './usage-error.ts'

/** What can be done with measurements beside the server; each is loaded only when it is asked for. */
const WHAT: Readonly<Record<string, () => Promise<{ run(args: readonly string[]): Promise<number> }>>> = {
  export: () => import('./telemetry-export.ts'),
  erase: () => import('./telemetry-erase.ts'),
  migrate: () => import('./telemetry-migrate.ts'),
}

export async function run([what = '', ...rest]: readonly string[]): Promise<number> {
  const load = Object.hasOwn(WHAT, what) ? WHAT[what] : undefined
  if (!load) throw new UsageError(`telemetry: "${what}" is none of ${Object.keys(WHAT).join(', ')}`)
  return (await load()).run(rest)
}
