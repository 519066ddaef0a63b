import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DomainError, errorMessage, type HomeId, homeId } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { openArchives } from '../app/archives.ts'
import { record } from '../audit/audit.ts'
import { loadConfig } from '../config.ts'
import { always, type TimeRange } from '../telemetry/archive.ts'
import { FORMAT_NAMES, FORMATS, type FormatName } from '../telemetry/formats/formats.ts'
import { homeContent } from '../telemetry/formats/home-content.ts'
import { accountOf, fromCommandLine } from './account.ts'
import { argumentsOf, instantOf } from './arguments.ts'
import { openStore } from './store.ts'
import { UsageError } from './usage-error.ts'

const OPTIONS = {
  format: { type: 'string' },
  out: { type: 'string' },
  as: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
} as const

interface Given {
  readonly home: HomeId
  readonly format: FormatName
  readonly out: string
  readonly as: string
  readonly range: TimeRange
}

/** `telemetry export`: all that was measured in a home, in a file that only its owner can read. */
export async function run(args: readonly string[]): Promise<number> {
  const { home, format, out, as, range } = understood(args)
  const config = loadConfig()
  const store = await openStore(config)
  const archives = openArchives(config.influx, store.database, systemClock)
  try {
    const { database } = store
    const actor = await accountOf(database, as, 'telemetry.export')
    const content = await homeContent({ archive: archives.current, database }, actor, home, range)
    await record(database, actor, {
      action: 'telemetry export',
      fields: ['measurement'],
      subjects: [home],
      purpose: `export ${format}`,
      ...fromCommandLine,
    })
    await written(Readable.from(FORMATS[format].textOf(content)), out)
    process.stderr.write(`${content.series.length} series of ${home}, from ${content.store}, in ${out}\n`)
    return 0
  } finally {
    await archives.close()
    await store.close()
  }
}

/** Under its name only when it is whole. */
async function written(text: Readable, out: string): Promise<void> {
  const part = `${out}.part`
  try {
    await pipeline(text, createWriteStream(part, { flags: 'wx', mode: 0o600 }))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') throw new DomainError('config-malformed', `--out: ${part} is there already`)
    await rm(part, { force: true })
    if (code === undefined || error instanceof DomainError) throw error
    throw new DomainError('config-malformed', `--out: ${errorMessage(error)}`, {}, { cause: error })
  }
  await rename(part, out)
}

function understood(args: readonly string[]): Given {
  const { values, words } = argumentsOf('telemetry export', args, OPTIONS)
  const [home = '', more] = words
  if (home === '' || more !== undefined) throw new UsageError('telemetry export: exactly one home is needed')
  const { format = '', out = '', as = '', from, to } = values
  const known = FORMAT_NAMES.find((name) => name === format)
  if (!known) throw new UsageError(`telemetry export: --format: "${format}" is none of ${FORMAT_NAMES.join(', ')}`)
  if (out === '') throw new UsageError('telemetry export: --out FILE is needed')
  if (as === '') throw new UsageError('telemetry export: --as ACCOUNT is needed: in whose name, for the audit')
  const range = {
    from: instantOf('telemetry export', '--from', from) ?? always.from,
    to: instantOf('telemetry export', '--to', to) ?? always.to,
  }
  return { home: homeId(home), format: known, out, as, range }
}
