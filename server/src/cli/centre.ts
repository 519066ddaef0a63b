import { keepCentre, listCentres } from '../people/centres.ts'
import type { Database } from '../ports.ts'
import { argumentsOf } from './arguments.ts'
import { commandLine, tell } from './keeper.ts'
import { say, sayTable } from './say.ts'
import { withStore } from './store.ts'
import { UsageError } from './usage-error.ts'

const OPTIONS = {
  name: { type: 'string' },
  'next-centre': { type: 'string' },
  callback: { type: 'string' },
  json: { type: 'boolean' },
} as const

type Work = (database: Database) => Promise<void>

export async function run(args: readonly string[]): Promise<number> {
  await withStore(understood(args))
  return 0
}

function understood(args: readonly string[]): Work {
  const { values, words } = argumentsOf('centre', args, OPTIONS)
  const [what = '', id = '', more] = words
  if (what === 'list' && id === '') return (database) => list(database, values.json ?? false)
  if (what !== 'set') throw new UsageError(`centre: "${what}" is none of set, list`)
  if (id === '' || more !== undefined) throw new UsageError('centre set: exactly one id is needed')
  const next = values['next-centre']
  const wish = { name: values.name, nextCentre: next === 'none' ? null : next, callback: values.callback }
  return async (database) => tell(`centre ${id}`, await keepCentre(database, commandLine(), id, wish))
}

async function list(database: Database, json: boolean): Promise<void> {
  const centres = await listCentres(database, commandLine())
  if (json) say(JSON.stringify(centres))
  else
    sayTable([
      ['id', 'name', 'next centre', 'callback'],
      ...centres.map(({ id, name, nextCentre, callback }) => [id, name, nextCentre ?? '–', callback || '–']),
    ])
}
