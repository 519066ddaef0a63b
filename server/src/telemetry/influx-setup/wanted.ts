import { DomainError } from '@anju/contract'
import { type Buckets, bucketsOf } from './bucket-names.ts'
import { checks } from './checks.ts'
import { days, fiveMinutes, late } from './flux-tasks.ts'
import type { Body, Thing } from './thing.ts'

export interface Settings {
  readonly org: string
  /** Where the server writes; the downsampled ones are named after it. */
  readonly bucket: string
  /** 0 keeps for ever. */
  readonly rawDays: number
  readonly fiveMinuteDays: number
  readonly dailyDays: number
  /** Whose days the daily bucket counts in. */
  readonly zone: string
}
export const DEFAULTS = { rawDays: 90, fiveMinuteDays: 730, dailyDays: 0, zone: 'Asia/Shanghai' } as const

export interface DashboardFile {
  readonly name: string
  readonly body: Body
}

/** What the dashboards' files speak of; a setup with another bucket puts its own names in their place. */
export const FILED: Buckets = bucketsOf('anju')
export const FILED_VARIABLE = 'anju_home'

/**
 * Everything of ours, in the order in which one needs the other; tokens last, because their rights name the buckets.
 * @throws DomainError `config-malformed`
 */
export function wanted(settings: Settings, dashboards: readonly DashboardFile[]): Thing[] {
  checkedNames(settings)
  const buckets = bucketsOf(settings.bucket)
  const all = Object.values(buckets)
  const { raw, fiveMinutes: fine, days: coarse } = buckets
  // Two servers may share an organisation, each with its bucket: neither takes the other's things for its own.
  const own = (name: string) => (raw === FILED.raw ? name : `${name} (${raw})`)
  const variable = raw === FILED.raw ? FILED_VARIABLE : `${FILED_VARIABLE}_${raw.replaceAll(/[^A-Za-z0-9]/g, '_')}`
  const task = (what: string, fluxOf: (name: string) => string, needs: readonly string[]): Thing => {
    const name = own(what)
    return { kind: 'task', name, body: { flux: fluxOf(name), status: 'active' }, needs }
  }
  return [
    { kind: 'organisation', name: settings.org, body: {}, needs: [] },
    bucket(raw, settings.rawDays, SHARD_DAYS.raw),
    bucket(fine, settings.fiveMinuteDays, SHARD_DAYS.fiveMinutes),
    bucket(coarse, settings.dailyDays, SHARD_DAYS.days),
    task('anju 5 minutes', (name) => fiveMinutes(buckets, name), [raw, fine]),
    task('anju late', (name) => late(buckets, name), [raw, fine]),
    task('anju days', (name) => days(buckets, name, settings.zone), [fine, coarse]),
    ...checks(buckets).map(
      ({ name, body }): Thing => ({
        kind: 'check',
        name: own(name),
        body: { name: own(name), ...body },
        needs: [fine, coarse],
      }),
    ),
    {
      kind: 'variable',
      name: variable,
      body: { arguments: { type: 'query', values: { language: 'flux', query: homesOf(fine) } } },
      needs: [fine],
    },
    ...dashboards.map(
      ({ name, body }): Thing => ({
        kind: 'dashboard',
        name: own(name),
        body: renamed(body, buckets, variable),
        needs: all,
      }),
    ),
    // The server writes, answers questions and erases with one token; what may erase is the right to write.
    token(
      own('anju writer'),
      all.flatMap((name) => [`write buckets ${name}`, `read buckets ${name}`]),
      all,
    ),
    token(
      own('anju reader'),
      all.map((name) => `read buckets ${name}`),
      all,
    ),
    token(
      own('anju task'),
      [
        'read tasks',
        'write tasks',
        ...all.map((name) => `read buckets ${name}`),
        `write buckets ${fine}`,
        `write buckets ${coarse}`,
      ],
      all,
    ),
  ]
}

/**
 * How many days InfluxDB puts into one shard. It opens every shard that a question touches, which costs more than what is in it: of
 * its own accord a year would be 53 shards of days, and ninety of samples.
 */
const SHARD_DAYS = { raw: 7, fiveMinutes: 28, days: 364 }

/** A shard goes when the last of it may: one is never longer than what is kept. */
const bucket = (name: string, days: number, shardDays: number): Thing => ({
  kind: 'bucket',
  name,
  body: {
    everySeconds: days * 86_400,
    shardGroupDurationSeconds: (days === 0 ? shardDays : Math.min(days, shardDays)) * 86_400,
  },
  needs: [],
})
const token = (name: string, permissions: readonly string[], needs: readonly string[]): Thing => ({
  kind: 'token',
  name,
  body: { status: 'active', permissions: [...permissions].sort() },
  needs,
})
const homesOf = (bucket: string) =>
  `import "influxdata/influxdb/schema"\n\nschema.tagValues(bucket: "${bucket}", tag: "home", start: -7d)`

/** A dashboard's file speaks of the default buckets and of the default variable. */
function renamed(body: Body, buckets: Buckets, variable: string): Body {
  const byFiled = new Map(Object.entries(FILED).map(([key, filed]) => [filed, buckets[key as keyof Buckets]]))
  const text = JSON.stringify(body).replaceAll(/bucket: \\"([^"\\]+)\\"/g, (found, name: string) =>
    found.replace(name, byFiled.get(name) ?? name),
  )
  return JSON.parse(text.replaceAll(new RegExp(`\\bv\\.${FILED_VARIABLE}\\b`, 'g'), `v.${variable}`)) as Body
}

const daysMax = 36_500
/** The tasks sum the last days again; a bucket that had forgotten some of them would make the sums smaller. */
const daysMin = 8

/** They become part of scripts, where nothing of them may mean anything; Flux has no way to bind what a task names. */
export function checkedNames({ org, bucket, zone, rawDays, fiveMinuteDays, dailyDays }: Settings): void {
  const days = { rawDays, fiveMinuteDays, dailyDays }
  if (org.trim() === '' || org.length > 200) throw malformed('INFLUX_ORG', 'is not a name of at most 200 characters')
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(bucket))
    throw malformed('INFLUX_BUCKET', `"${bucket}" is not a name of letters, digits and ._- (at most 100)`)
  if (!/^[A-Za-z0-9+_-]+(?:\/[A-Za-z0-9+_-]+)*$/.test(zone) || !knownZone(zone))
    throw malformed('--zone', `"${zone}" is not a time zone like Asia/Shanghai`)
  for (const [name, value] of Object.entries(days))
    if (!Number.isInteger(value) || (value !== 0 && value < daysMin) || value > daysMax)
      throw malformed(
        flagOf(name),
        `${value} is neither 0 (for ever) nor a number of whole days from ${daysMin} to ${daysMax}`,
      )
}

function knownZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const flagOf = (name: string) => `--${name.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`
const malformed = (name: string, why: string) => new DomainError('config-malformed', `${name}: ${why}`)
