import { parseArgs } from 'node:util'
import { errorMessage, type HomeId, homeId, seconds, sleep } from '@anju/contract'
import { ERASURE_REQUESTERS, type ErasureRequester } from '@anju/contract/erasure'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { pino } from 'pino'
import { ulid } from 'ulid'
import { openArchives } from '../app/archives.ts'
import { noteCertificate, noteChange } from '../audit/audit.ts'
import { loadConfig } from '../config.ts'
import type { PersonActor } from '../people/people.ts'
import type { Database } from '../ports.ts'
import { startErasing } from '../telemetry/erasure/carry-out.ts'
import { createErasures } from '../telemetry/erasure/erasures.ts'
import { accountOf, fromCommandLine } from './account.ts'
import { UsageError } from './commands.ts'
import { openStore } from './store.ts'

const OPTIONS = {
  reason: { type: 'string' },
  'requested-by': { type: 'string' },
  as: { type: 'string' },
} as const
const lookEvery = seconds(1)

interface Given {
  readonly home: HomeId
  readonly as: string
  readonly requestedBy: ErasureRequester
  readonly reason: string
}

/** `telemetry erase`: ends when it is gone. The certificate comes from whichever server, or command, looks ten minutes later. */
export async function run(args: readonly string[]): Promise<number> {
  const { home, as, ...wish } = understood(args)
  const config = loadConfig()
  const store = await openStore(config)
  const { database } = store
  const { influx } = config
  const archives = openArchives(
    influx ? { store: 'influx', address: influx } : { store: 'postgres', databaseUrl: '' },
    database,
    systemClock,
  )
  const log = pino({ level: 'warn', base: null }, pino.destination(2))
  const parts = { database, archives: archives.all, clock: systemClock, log, certified: noteCertificate }
  const erasing = startErasing(parts)
  try {
    const actor = await accountOf(database, as, 'telemetry.erase')
    const erasures = createErasures({
      database,
      newId: () => ulid(systemClock.now(), () => systemRandom.uniform()).toLowerCase(),
      wake: () => erasing.wake(),
    })
    const { id } = await erasures.request(
      { actor, key: undefined, note: (tx, change) => noteChange(tx, actor, change, fromCommandLine) },
      home,
      wish,
    )
    process.stdout.write(`erasure ${id} of ${home}: begun\n`)
    while ((await stateOf(database, actor, id)) === 'begun') await sleep(systemClock, lookEvery)
    process.stdout.write(
      `erasure ${id} of ${home}: it is gone; the certificate is written ten minutes later, while a server runs\n`,
    )
    return 0
  } finally {
    erasing.stop()
    await archives.close()
    await store.close()
  }
}

async function stateOf(database: Database, actor: PersonActor, id: string): Promise<string | undefined> {
  const rows = await database.transaction(actor, (tx) =>
    tx.query<{ state: string }>('select state from telemetry_erasure where id = $1', [id]),
  )
  return rows[0]?.state
}

function understood(args: readonly string[]): Given {
  const { values, positionals } = parsed(args)
  const [home = '', more] = positionals
  if (home === '' || more !== undefined) throw new UsageError('telemetry erase: exactly one home is needed')
  const { reason = '', 'requested-by': given = '', as = '' } = values
  const requestedBy = ERASURE_REQUESTERS.find((one) => one === given)
  if (!requestedBy)
    throw new UsageError(`telemetry erase: --requested-by: "${given}" is none of ${ERASURE_REQUESTERS.join(', ')}`)
  if (reason === '' || reason.length > 500)
    throw new UsageError('telemetry erase: --reason is needed, of at most 500 characters')
  if (as === '') throw new UsageError('telemetry erase: --as ACCOUNT is needed: in whose name, for the audit')
  return { home: homeId(home), requestedBy, reason, as }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
  } catch (error) {
    throw new UsageError(`telemetry erase: ${errorMessage(error)}`)
  }
}
