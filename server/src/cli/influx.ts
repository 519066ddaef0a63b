import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DomainError } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { type Config, loadConfig } from '../config.ts'
import { serverFolder } from '../folder.ts'
import type { Done } from '../telemetry/influx-setup/carry-out.ts'
import { type Prepared, prepare } from '../telemetry/influx-setup/set-up.ts'
import { isWhole, linesOfDone, linesOfPlan, summary } from '../telemetry/influx-setup/tell.ts'
import { dashboardOf } from '../telemetry/influx-setup/views.ts'
import { type DashboardFile, DEFAULTS, type Settings } from '../telemetry/influx-setup/wanted.ts'
import { optionsOf } from './arguments.ts'
import { TokenFile } from './token-file.ts'
import { UsageError } from './usage-error.ts'

const DASHBOARDS = fileURLToPath(new URL('../dashboards/influx/', serverFolder))

const OPTIONS = {
  'dry-run': { type: 'boolean' },
  shorten: { type: 'boolean' },
  json: { type: 'boolean' },
  tokens: { type: 'string' },
  zone: { type: 'string' },
  'raw-days': { type: 'string' },
  'five-minute-days': { type: 'string' },
  'daily-days': { type: 'string' },
} as const

/** `influx setup`: an InfluxDB that has everything this server and its people ask of one. */
export async function run(args: readonly string[]): Promise<number> {
  const { given, influx, dataDir } = understood(args)
  const path = given.tokens ?? join(dataDir, 'influx-tokens.env')
  const vault = new TokenFile(path, systemClock)
  try {
    const prepared = await prepare({
      address: influx,
      settings: settingsOf(given, influx),
      dashboards: dashboardFiles(),
      shorten: given.shorten ?? false,
      vault,
    })
    const done = given.json
      ? await asJson(prepared, given['dry-run'])
      : await inWords(prepared, influx, given['dry-run'])
    if (vault.written.length > 0 && !given.json)
      say(`Secrets of new tokens: ${vault.written.join(', ')} in ${path} (only its owner can read it)`)
    return isWhole(done) ? 0 : 1
  } finally {
    await vault.close()
  }
}

type Influx = NonNullable<Config['influx']>

function understood(args: readonly string[]) {
  const [what = '', ...rest] = args
  if (what !== 'setup') throw new UsageError(`influx: "${what}" is not setup`)
  const given = optionsOf('influx setup', rest, OPTIONS)
  const { influx, dataDir } = loadConfig()
  if (!influx)
    throw new DomainError(
      'config-malformed',
      'INFLUX_URL: which InfluxDB? INFLUX_TOKEN, INFLUX_ORG and INFLUX_BUCKET go with it',
    )
  return { given, influx, dataDir }
}

function settingsOf(given: ReturnType<typeof optionsOf<typeof OPTIONS>>, { org, bucket }: Influx): Settings {
  const days = (name: 'raw-days' | 'five-minute-days' | 'daily-days', otherwise: number) => {
    const text = given[name]
    if (text !== undefined && !/^\d{1,6}$/.test(text))
      throw new UsageError(`influx setup: --${name}: "${text}" is not a number of days`)
    return text === undefined ? otherwise : Number(text)
  }
  return {
    org,
    bucket,
    zone: given.zone ?? DEFAULTS.zone,
    rawDays: days('raw-days', DEFAULTS.rawDays),
    fiveMinuteDays: days('five-minute-days', DEFAULTS.fiveMinuteDays),
    dailyDays: days('daily-days', DEFAULTS.dailyDays),
  }
}

const dashboardFiles = (): DashboardFile[] =>
  readdirSync(DASHBOARDS)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => dashboardOf(name, readFileSync(join(DASHBOARDS, name), 'utf8')))

async function inWords(prepared: Prepared, { url, org }: Influx, dryRun = false): Promise<Done[]> {
  say(`InfluxDB at ${url}, organisation ${org}; ${dryRun ? 'what would be done' : 'what is to be done'}:`)
  for (const line of linesOfPlan(prepared, prepared.fresh)) say(line)
  if (dryRun) {
    say('Dry run: nothing was changed. Whether the token may do it shows only when it is done.')
    return []
  }
  const done: Done[] = []
  const idle = prepared.steps.every(({ is }) => is === 'keep')
  if (!idle) say('Doing it:')
  for await (const one of prepared.carryOut()) {
    done.push(one)
    for (const line of linesOfDone(one)) say(line)
  }
  say(idle ? 'Nothing to do.' : summary(done))
  return done
}

async function asJson(prepared: Prepared, dryRun = false): Promise<Done[]> {
  const done = dryRun ? [] : await Array.fromAsync(prepared.carryOut())
  const { steps, left } = prepared
  process.stdout.write(
    `${JSON.stringify({ dryRun, steps: dryRun ? steps : done, left: left.map(({ kind, name, id }) => ({ kind, name, id })) })}\n`,
  )
  return done
}

/** Names and reasons come from a server: nothing of them may steer the terminal. */
const say = (line: string): void => void process.stdout.write(`${line.replaceAll(/\p{Cc}/gu, '�')}\n`)
