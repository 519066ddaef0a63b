import type { Written } from '../model/committed.ts'
import { versions } from '../model/judge.ts'
import type { Done } from './people.ts'
import type { Play } from './play.ts'
import type { Recorded } from './recorded.ts'

/** I1, I2, I6, I7: by every version of every alarm that there was. */
export function ownership(rows: readonly Recorded[], { people, presses }: Play): string[] {
  const alarms = rows.filter(({ what }) => what === 'alarm')
  return [
    ...versions(alarms as unknown as readonly Written[]),
    ...takings(rows),
    ...closings(alarms),
    ...doings(alarms, people.done),
    ...pressed(rows, presses),
  ]
}

const isHeld = (handling: unknown): boolean => handling === 'claimed' || handling === 'in-progress'

/**
 * From hand to hand an alarm goes only when the one has let go of it, or the lease is over, or it was taken over by name, or whoever
 * takes it was offered it.
 */
function takings(rows: readonly Recorded[]): string[] {
  const takenOver = new Set(
    rows.filter(({ what, said }) => what === 'timeline' && said['kind'] === 'taken-over').map(({ xact }) => xact),
  )
  const before = new Map<string, Recorded>()
  return rows.flatMap((one) => {
    if (one.what !== 'alarm') return []
    const was = before.get(one.alarm)?.said
    before.set(one.alarm, one)
    const { said, at, xact } = one
    if (!was || !isHeld(was['handling']) || !isHeld(said['handling'])) return []
    const changes = was['person_session'] !== said['person_session']
    const ends = Number(was['until']) > at && changes && !takenOver.has(xact) && !isOffered(was, said['person'], at)
    return ends
      ? [
          `I2: alarm …${one.alarm.slice(-4)} was taken from ${String(was['person_session'])} by ${String(said['person_session'])}`,
        ]
      : []
  })
}

/** As it stands in the row itself, whatever the server made of it. */
function isOffered({ offer, fence }: Recorded['said'], person: unknown, at: number): boolean {
  if (typeof offer !== 'string') return false
  const { to, until, lease } = JSON.parse(offer) as { to: { person: string }; until: number; lease: number }
  return to.person === person && until > at && lease === Number(fence)
}

/** Closed by somebody, with a disposition; what is life or hazard by a person, always. */
function closings(alarms: readonly Recorded[]): string[] {
  return alarms.flatMap(({ alarm, said }) => {
    if (said['handling'] !== 'closed') return []
    const wrong =
      said['disposition'] === null || said['l6'] === null
        ? [`I6: alarm …${alarm.slice(-4)} is closed and nobody says why`]
        : []
    return said['class'] !== 'technical' && said['person'] === null
      ? [...wrong, `a ${String(said['class'])} alarm closed itself`]
      : wrong
  })
}

/** What somebody was told had been done was done by who held it then, with the token that held, before the lease was over. */
function doings(alarms: readonly Recorded[], done: readonly Done[]): string[] {
  const versionsOf = new Map(alarms.map((one) => [`${one.alarm} ${String(one.said['version'])}`, one]))
  return done.flatMap(({ alarm, session, command, version, token }) => {
    const told = `${command.type} by ${session}, version ${version} of …${alarm.slice(-4)}`
    const [row, before] = [versionsOf.get(`${alarm} ${version}`), versionsOf.get(`${alarm} ${version - 1}`)]
    if (!row || !before) return [`answered and not there: ${told}`]
    if (token !== null && token !== String(row.said['fence'])) return [`I2: another token than the row has: ${told}`]
    if (!('lease' in command)) return []
    const { fence, person_session: holder, until, handling } = before.said
    const held = isHeld(handling) && holder === session && Number(fence) === command.lease && Number(until) > row.at
    return held ? [] : [`I2: done by who did not hold it: ${told}`]
  })
}

/** I1: a press that was receipted is in one alarm, and that one was open; an episode has one open alarm at any time. */
function pressed(rows: readonly Recorded[], presses: Play['presses']): string[] {
  const wrong: string[] = []
  const alarms = new Map<string, Recorded['said']>()
  const events = new Map<string, Recorded['said'][]>()
  for (const { what, said, alarm } of rows) {
    if (what === 'alarm') {
      alarms.set(alarm, said)
      const open = [...alarms.values()].filter(
        (one) => one['handling'] !== 'closed' && ['home', 'placement', 'type'].every((key) => one[key] === said[key]),
      )
      if (open.length > 1)
        wrong.push(`I1: two open alarms of one episode: …${open.map(({ id }) => String(id).slice(-4)).join(', …')}`)
    }
    if (what !== 'event') continue
    const id = String(said['id'])
    events.set(id, [...(events.get(id) ?? []), said])
  }
  for (const [id, { committed, event }] of presses) {
    const stored = events.get(id) ?? []
    if (!committed || stored.length !== 1)
      wrong.push(`I1: press …${id.slice(-4)} ${committed ? `is there ${stored.length} times` : 'was never receipted'}`)
    else if (event.message.data.phase === 'raised' && !alarms.has(String(stored[0]?.['alarm'])))
      wrong.push(`I1: press …${id.slice(-4)} is in no alarm`)
  }
  const raised = [...events.values()].flat().filter(({ phase }) => phase === 'raised')
  for (const [id, { type, occurrences }] of alarms) {
    const own = raised.filter(({ alarm }) => alarm === id).length
    if (type !== 'button-stuck' && Number(occurrences) > own)
      wrong.push(`I1: …${id.slice(-4)} counts ${String(occurrences)} of ${own}`)
  }
  return wrong
}
