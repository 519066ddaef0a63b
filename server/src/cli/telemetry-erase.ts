import { type HomeId, homeId } from '@anju/contract'
import { ERASURE_REQUESTERS, type ErasureRequester } from '@anju/contract/erasure'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { pino } from 'pino'
import { ulid } from 'ulid'
import { openArchives } from '../app/archives.ts'
import { noteCertificate, noteChange } from '../audit/audit.ts'
import { loadConfig } from '../config.ts'
import type { Database, PersonActor } from '../ports.ts'
import { createEraser } from '../telemetry/erasure/eraser.ts'
import { createErasures, type ErasureRow } from '../telemetry/erasure/erasures.ts'
import { accountOf, fromCommandLine } from './account.ts'
import { argumentsOf } from './arguments.ts'
import { eraseOne } from './erase-one.ts'
import { openStore } from './store.ts'
import { UsageError } from './usage-error.ts'

const OPTIONS = {
  reason: { type: 'string' },
  'requested-by': { type: 'string' },
  as: { type: 'string' },
} as const
/** Whoever ends it by hand knows that it is not done: as shells say it. */
const interrupted = 130

interface Given {
  readonly home: HomeId
  readonly as: string
  readonly requestedBy: ErasureRequester
  readonly reason: string
}

/** `telemetry erase`: this one and no other; ends when it is gone. The servers look for it again, and certify it. */
export async function run(args: readonly string[]): Promise<number> {
  const { home, as, ...wish } = understood(args)
  const config = loadConfig()
  const store = await openStore(config)
  const { database } = store
  const { influx } = config
  const archives = openArchives(influx, database, systemClock)
  const log = pino({ level: 'warn', base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2))
  const eraser = createEraser({ database, archives: archives.all, log, certified: noteCertificate })
  const ending = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort())
  try {
    const actor = await accountOf(database, as, 'telemetry.erase')
    const erasures = createErasures({
      database,
      newId: () => ulid(systemClock.now(), () => systemRandom.uniform()).toLowerCase(),
      wake: () => undefined,
    })
    const { id } = await erasures.request(
      { actor, key: undefined, note: (tx, change) => noteChange(tx, actor, change, fromCommandLine) },
      home,
      wish,
    )
    const say = (text: string) => process.stdout.write(`erasure ${id} of ${home}: ${text}\n`)
    say('begun')
    const one = {
      isBegun: async () => (await stateOf(database, actor, id)).state === 'begun',
      step: () => eraser.next(id),
    }
    const end = await eraseOne(one, systemClock, ending.signal)
    if (end !== 'gone') {
      say(end === 'left' ? 'not waited for; a server goes on with it' : 'not gone yet; a server goes on with it')
      return end === 'left' ? interrupted : 1
    }
    const { held } = await stateOf(database, actor, id)
    say(`it is gone from ${held?.buckets.map(({ name }) => name).join(', ')}`)
    if (!influx)
      say('INFLUX_URL is not set here: a server that knows an InfluxDB erases there, too, when it looks again')
    say('the certificate is written when a server has looked for it again')
    return 0
  } finally {
    await archives.close()
    await store.close()
  }
}

async function stateOf(database: Database, actor: PersonActor, id: string): Promise<Partial<ErasureRow>> {
  const rows = await database.transaction(actor, (tx) =>
    tx.query<Pick<ErasureRow, 'state' | 'held'>>('select state, held from telemetry_erasure where id = $1', [id]),
  )
  return rows[0] ?? {}
}

function understood(args: readonly string[]): Given {
  const { values, words } = argumentsOf('telemetry erase', args, OPTIONS)
  const [home = '', more] = words
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
