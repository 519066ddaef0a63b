import { DomainError } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { type Config, loadConfig } from '../config.ts'
import { DEFAULTS } from '../telemetry/influx-setup/wanted.ts'
import { influxEnd, postgresEnd } from '../telemetry/move/ends.ts'
import { type MoveWishes, move } from '../telemetry/move/move.ts'
import { plan } from '../telemetry/move/plan.ts'
import { postgresErased } from '../telemetry/move/postgres-erased.ts'
import { postgresLedger } from '../telemetry/move/postgres-ledger.ts'
import { instantOf, optionsOf } from './arguments.ts'
import { makeSums } from './migrate-sums.ts'
import { MigrateVoice } from './migrate-voice.ts'
import { openStore } from './store.ts'
import { UsageError } from './usage-error.ts'

const OPTIONS = {
  from: { type: 'string' },
  to: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  'dry-run': { type: 'boolean' },
  'verify-only': { type: 'boolean' },
  'leave-old': { type: 'boolean' },
  'in-use': { type: 'boolean' },
  restart: { type: 'boolean' },
  downsample: { type: 'boolean' },
  zone: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** Whoever ends it by hand knows that it is not done: as shells say it. */
const interrupted = 130

interface Given extends MoveWishes {
  readonly from: 'postgres' | 'influx'
  readonly dryRun: boolean
  readonly downsample: boolean
  readonly zone: string
  readonly json: boolean
}

/** `telemetry migrate`: everything that one store of measurements has, in the other one as well. */
export async function run(args: readonly string[]): Promise<number> {
  const given = understood(args)
  const config = loadConfig()
  const influx = influxOf(config)
  const store = await openStore(config)
  const inflow = influxEnd(influx, systemClock)
  const ending = new AbortController()
  const voice = new MigrateVoice(given.json, systemClock)
  // Once: whoever asks again does not want to wait for the batch that is under way.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      voice.ending()
      ending.abort()
    })
  try {
    const postgres = postgresEnd(store.database)
    const [source, target] = given.from === 'postgres' ? [postgres, inflow] : [inflow, postgres]
    const ledger = postgresLedger(store.database, source.id, target.id)
    const readErased = postgresErased(store.database)
    const parts = {
      source,
      target,
      ledger,
      readErased,
      clock: systemClock,
      random: systemRandom,
      signal: ending.signal,
    }
    voice.hello(source.id, target.id)
    if (given.dryRun) return voice.plan(await plan(parts, given), given)
    const code = voice.end(await move({ ...parts, tell: (said) => voice.tell(said) }, given), given)
    return code === 0 && given.downsample ? await makeSums(influx, given.zone, ending.signal, voice) : code
  } catch (error) {
    if (!ending.signal.aborted) throw error
    voice.ended()
    return interrupted
  } finally {
    await inflow.close()
    await store.close()
  }
}

function influxOf({ influx }: Config): NonNullable<Config['influx']> {
  if (influx) return influx
  throw new DomainError(
    'config-malformed',
    'INFLUX_URL: which InfluxDB? INFLUX_TOKEN, INFLUX_ORG and INFLUX_BUCKET go with it',
  )
}

function understood(args: readonly string[]): Given {
  const values = optionsOf('telemetry migrate', args, OPTIONS)
  const { from = '', to = '' } = values
  if (!((from === 'postgres' && to === 'influx') || (from === 'influx' && to === 'postgres')))
    throw new UsageError('telemetry migrate: --from postgres --to influx, or --from influx --to postgres')
  if (values['dry-run'] && values['verify-only'])
    throw new UsageError('telemetry migrate: --dry-run and --verify-only are two things')
  if (values.downsample && (to !== 'influx' || values['dry-run'] || values['verify-only']))
    throw new UsageError('telemetry migrate: --downsample goes with a move to InfluxDB')
  const since = instantOf('telemetry migrate', '--since', values.since)
  const until = instantOf('telemetry migrate', '--until', values.until)
  if (since !== undefined && until !== undefined && since >= until)
    throw new UsageError('telemetry migrate: --since must be before --until')
  return {
    from,
    since,
    until,
    dryRun: values['dry-run'] ?? false,
    downsample: values.downsample ?? false,
    zone: values.zone ?? DEFAULTS.zone,
    compareOnly: values['verify-only'] ?? false,
    leaveOld: values['leave-old'] ?? false,
    inUse: values['in-use'] ?? false,
    restart: values.restart ?? false,
    json: values.json ?? false,
  }
}
