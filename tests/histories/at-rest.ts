import type { Replay } from './replay.ts'
import { whoOf } from './rows.ts'
import type { Telephones } from './telephones.ts'
import type { World } from './world.ts'

/** C-23: a minute after everything is well again nothing hangs: nobody holds what is over, nothing is half sent, nothing is due. */
export async function atRest({ data }: World): Promise<string[]> {
  const stuck = await data.sql<{ what: string; n: number }>(STUCK)
  return stuck.filter(({ n }) => n > 0).map(({ what, n }) => `C-23: ${n} ${what}`)
}
const STUCK = `
  select 'attempts are being sent by nobody' as what, count(*)::integer as n from notification where sending
  union all select 'attempts are due', count(*)::integer from notification where due_at <= app_now()
  union all select 'tracks are due', count(*)::integer from escalation where due_at <= app_now()
  union all select 'owners are gone', count(*)::integer from alarm where handling in ('claimed', 'in-progress', 'parked') and until <= app_now()
  union all select 'modes are over', count(*)::integer from home where mode_until <= app_now()`

/**
 * What the telephones themselves got: nothing without its row and a try for it, nothing twice that was not in doubt; and whoever
 * got an asking has heard, after it was closed, that they need not go; or the log says who has not, for no way to them worked.
 */
export function onTelephones(world: World, telephones: Telephones, replay: Replay): string[] {
  const wrong: string[] = []
  const rows = new Map(
    replay.tracks.flatMap(([key, track]) =>
      [...track.rows.values()].map((row) => [String(row['id']), { row, track, key }] as const),
    ),
  )
  const times = Map.groupBy(world.arrivals, ({ message }) => message.id)
  for (const [id, arrived] of times) {
    const found = rows.get(id)
    if (!found) {
      wrong.push(`what arrived at ${arrived[0]?.message.to} is in no ledger`)
      continue
    }
    const { row, track, key } = found
    for (const { message } of arrived)
      if (message.to !== row['address'])
        wrong.push(`what is for ${whoOf(row)} at ${String(row['address'])} arrived at ${message.to}`)
    const who = `${whoOf(row)} (${String(row['channel'])}, ${key.slice(-12)})`
    if (arrived.length > 1 + Number(row['doubts']))
      wrong.push(`${who} got one ${String(row['purpose'])} ${arrived.length} times`)
    if (row['purpose'] !== 'alarm' || telephones.saidLost.has(id) || !track.isOver(world.now)) continue
    const last = arrived.at(-1)?.at ?? 0
    const ended = [...track.rows.values()].some(
      (one) =>
        one['purpose'] === 'stand-down' &&
        whoOf(one) === whoOf(row) &&
        Number(one['queued_at']) >= last &&
        (hasGone(one, times.has(String(one['id']))) ||
          replay.untold.has(`${key} ${whoOf(one)} ${String(one['round'])}`)),
    )
    if (!ended)
      wrong.push(`I10: ${who} was told to go, and never to stay: ${String(row['state'])}, try ${String(row['tries'])}`)
  }
  for (const [id, { row }] of rows)
    if (row['state'] === 'failed' && row['sent_at'] !== null && !telephones.saidLost.has(id))
      wrong.push(`the ledger says that ${whoOf(row)} was not reached, and their provider took it`)
  const tried = new Set(world.weather.tries.filter(({ mayHaveLeft }) => mayHaveLeft).map(({ id }) => id))
  for (const [id, { row, track }] of rows)
    if (row['purpose'] === 'stand-down' && times.has(id)) {
      const asked = [...track.rows.values()].some(
        (one) =>
          one['purpose'] === 'alarm' &&
          whoOf(one) === whoOf(row) &&
          // A reply may come while the message it is taken for is still tried: who says that they go is told to stay all the same.
          (tried.has(String(one['id'])) || Number(one['doubts']) > 0 || one['state'] === 'accepted'),
      )
      if (!asked) wrong.push(`I10: ${whoOf(row)} was told to stay and never to go`)
    }
  return wrong
}

/** It arrived, or may have: its own answer was lost. */
const hasGone = (row: Readonly<Record<string, unknown>>, arrived: boolean): boolean =>
  arrived || row['state'] === 'unknown' || (row['state'] !== 'failed' && Number(row['tries']) > 0)
