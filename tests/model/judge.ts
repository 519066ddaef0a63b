import type { AlarmCentre } from '../harness/alarms.ts'
import type { Recorder, Written } from './committed.ts'
import type { Answered, Play } from './races.ts'
import { replay } from './replay.ts'

/** Whether what was promised holds, by what the database has. */
export async function judged(play: Play, recorder: Recorder, { store }: AlarmCentre) {
  const written = await recorder.written()
  const wrong = [
    ...play.wrong,
    ...replay(written),
    ...versions(written),
    ...answers(play, written),
    ...saidOnce(play, written),
  ]
  const stored = await store.sql<{ id: string; alarm: string | null; phase: string; class: string }>(
    'select event.id, alarm.id as alarm, phase, event.class from event left join alarm on alarm.id = event.alarm',
  )
  const events = new Map(stored.map((event) => [event.id, event]))
  // A return of what is not open belongs to no alarm; a press always does.
  for (const [id, { committed }] of play.presses) {
    const event = events.get(id)
    if (!committed || !event)
      wrong.push(`I1: press ${id} was ${committed ? 'receipted and is gone' : 'never taken in'}`)
    else if (event.phase === 'raised' && event.alarm === null) wrong.push(`I1: press ${id} is in no alarm`)
  }
  if (stored.length !== play.presses.size) wrong.push(`I1: ${stored.length} events of ${play.presses.size} presses`)
  const counted = await store.sql(
    `select id from alarm where type <> 'button-stuck'
       and occurrences <> (select count(*) from event where event.alarm = alarm.id and phase = 'raised')`,
  )
  if (counted.length > 0) wrong.push(`I1: ${counted.length} alarms have other occurrences than events`)
  const open = await store.sql(`select id from alarm where handling = 'closed' and (disposition is null or l6 is null)`)
  if (open.length > 0) wrong.push(`I6: ${open.length} closed alarms have no disposition`)
  const [last] = await store.sql<{ n: number }>(
    `select count(*)::integer as n from alarm join (
       select distinct on (alarm) alarm, (said->>'version')::bigint as version from committed where what = 'alarm' order by alarm, seq desc
     ) as latest on latest.alarm = alarm.id and latest.version = alarm.version`,
  )
  const [all] = await store.sql<{ n: number }>('select count(*)::integer as n from alarm')
  if (last?.n !== all?.n) wrong.push(`the record misses something: ${last?.n} of ${all?.n} alarms are as it says`)
  return { versions: written.filter(({ what }) => what === 'alarm').length, crashed: await recorder.crashed(), wrong }
}

/** I7: a version only grows. I2: a fence only grows, and belongs to one seat. */
export function versions(written: readonly Written[]): string[] {
  const wrong: string[] = []
  const rows = written.filter(({ what }) => what === 'alarm')
  for (const [alarm, own] of Map.groupBy(rows, (row) => row.alarm)) {
    const owners = new Map<number, unknown>()
    let before = { version: 0, fence: 0, session: null as unknown }
    for (const { said } of own) {
      const [version, fence, session] = [Number(said['version']), Number(said['fence']), said['person_session']]
      const held = said['handling'] === 'claimed' || said['handling'] === 'in-progress'
      if (version <= before.version) wrong.push(`I7: alarm ${alarm} went from version ${before.version} to ${version}`)
      if (fence < before.fence) wrong.push(`I2: alarm ${alarm} went from fence ${before.fence} to ${fence}`)
      if (held && (owners.get(fence) ?? session) !== session)
        wrong.push(`I2: fence ${fence} of ${alarm} has two owners`)
      if (held) owners.set(fence, session)
      before = { version, fence, session }
    }
  }
  return wrong
}

/** What somebody was told had been done was done once, by them, with the token that held then, and after what was answered before. */
function answers({ answered }: Play, written: readonly Written[]): string[] {
  const wrong: string[] = []
  const rows = written.filter(({ what }) => what === 'alarm')
  const latest = new Map<string, { version: number; batch: number }>()
  const taken = new Set<string>()
  for (const { batch, alarm, session, command, version, token } of answered) {
    const told = `${command.type} by ${session}, version ${version} of ${alarm}`
    const own = rows.filter((row) => row.alarm === alarm)
    const at = own.findIndex(({ said }) => Number(said['version']) === version)
    const [row, before] = [own[at]?.said, own[at - 1]?.said]
    if (!row || !before) wrong.push(`answered and not there: ${told}`)
    else {
      // Who cannot take it on leaves it where it is.
      if (row['person_session'] !== session && command.type !== 'decline-offer') wrong.push(`somebody else’s: ${told}`)
      if (token !== null && token !== String(row['fence'])) wrong.push(`I2: another token than the row has: ${told}`)
      if ('lease' in command && command.lease !== Number(before['fence']))
        wrong.push(`I2: done with an old token: ${told}`)
    }
    if (taken.has(`${alarm} ${version}`)) wrong.push(`two acts are one version: ${told}`)
    taken.add(`${alarm} ${version}`)
    const last = latest.get(alarm)
    if (last && last.batch < batch && last.version >= version) wrong.push(`answered later and done earlier: ${told}`)
    if (!last || last.version < version) latest.set(alarm, { version, batch })
  }
  return wrong
}

/** Whose words stand in the timeline. */
const says = ({ command: { type } }: Answered): boolean => ['note', 'park', 'close', 'takeover', 'offer'].includes(type)

/** Whoever said something is told whether it was done: what was answered was done once, what was refused never. */
function saidOnce({ answered, notDone }: Play, written: readonly Written[]): string[] {
  const times = new Map<string, number>()
  for (const { what, said } of written)
    if (what === 'timeline') times.set(String(said['text']), (times.get(String(said['text'])) ?? 0) + 1)
  const once = answered.filter(says).filter(({ nth }) => times.get(`said by ${nth}`) !== 1)
  const never = [...notDone].filter((nth) => times.has(`said by ${nth}`))
  return [
    ...once.map(({ nth }) => `answered, and not done once: ${nth}`),
    ...never.map((nth) => `refused, and done: ${nth}`),
  ]
}
