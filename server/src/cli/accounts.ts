import { LANGUAGES, ROLES } from '@anju/contract/api'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { type Account, requireAccount } from '../people/account-rows.ts'
import { type AccountWish, keepAccount, listAccounts } from '../people/accounts.ts'
import { resetSecondFactor, setLocked, setPassword } from '../people/entry.ts'
import type { Database } from '../ports.ts'
import { argumentsOf } from './arguments.ts'
import { commandLine, tell } from './keeper.ts'
import { givenPassword } from './password.ts'
import { say, sayTable } from './say.ts'
import { withStore } from './store.ts'
import { UsageError } from './usage-error.ts'

const OPTIONS = {
  centre: { type: 'string' },
  name: { type: 'string' },
  role: { type: 'string' },
  home: { type: 'string' },
  contact: { type: 'string' },
  language: { type: 'string' },
  json: { type: 'boolean' },
} as const
type Values = ReturnType<typeof argumentsOf<typeof OPTIONS>>['values']

type Work = (database: Database) => Promise<void>

/** What can be done to one account. */
const ACTS: Readonly<Record<string, (username: string, values: Values) => Work>> = {
  set: (username, values) => {
    const wish = wishOf(values)
    return async (database) => {
      const kept = await keepAccount(
        { database, clock: systemClock, random: systemRandom },
        commandLine(),
        username,
        wish,
      )
      tell(`account ${username}`, kept)
      if (kept.is === 'added') say(`it has no password yet: npm run server -- account password ${username}`)
    }
  },
  password: (username) => async (database) => {
    const keeper = commandLine()
    // Before anybody types a password for a name that is not there.
    await database.transaction(keeper.actor, (tx) => requireAccount(tx, username))
    await setPassword(database, keeper, username, await givenPassword(username))
    say(`account ${username}: the password is set; sessions it had are over`)
  },
  'reset-second-factor': (username) => async (database) =>
    tell(`account ${username}`, await resetSecondFactor(database, commandLine(), username)),
  lock: (username) => async (database) =>
    tell(`account ${username}`, await setLocked(database, commandLine(), username, true)),
  unlock: (username) => async (database) =>
    tell(`account ${username}`, await setLocked(database, commandLine(), username, false)),
}

export async function run(args: readonly string[]): Promise<number> {
  await withStore(understood(args))
  return 0
}

function understood(args: readonly string[]): Work {
  const { values, words } = argumentsOf('account', args, OPTIONS)
  const [what = '', username = '', more] = words
  if (what === 'list' && username === '') return (database) => list(database, values)
  const act = Object.hasOwn(ACTS, what) ? ACTS[what] : undefined
  if (!act) throw new UsageError(`account: "${what}" is none of ${Object.keys(ACTS).join(', ')}, list`)
  if (username === '' || more !== undefined) throw new UsageError(`account ${what}: exactly one user name is needed`)
  return act(username, values)
}

/** @throws UsageError naming the option */
function wishOf({ centre, name, role, home, contact, language }: Values): AccountWish {
  return {
    centre,
    name,
    role: oneOf('--role', role, ROLES),
    home,
    contact: contact === 'none' ? null : contact,
    language: oneOf('--language', language, LANGUAGES),
  }
}

function oneOf<T extends string>(option: string, text: string | undefined, words: readonly T[]): T | undefined {
  const found = words.find((word) => word === text)
  if (text !== undefined && found === undefined)
    throw new UsageError(`account set: ${option}: "${text}" is none of ${words.join(', ')}`)
  return found
}

async function list(database: Database, { centre, json }: Values): Promise<void> {
  const accounts = await listAccounts(database, commandLine(), centre)
  if (json) say(JSON.stringify(accounts))
  else
    sayTable([
      ['centre', 'username', 'name', 'role', 'home', 'entry'],
      ...accounts.map((one) => [one.centre, one.username, one.name, one.role, one.home ?? '–', entryOf(one)]),
    ])
}

function entryOf({ locked, hasPassword, oneTime, secondFactor }: Account): string {
  if (locked) return 'locked'
  if (!hasPassword) return 'no password yet'
  return `password${oneTime ? ' for once' : ''}, second factor ${secondFactor}`
}
