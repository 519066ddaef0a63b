import { type Reach, respondersAtOnceMax } from './reach.ts'
import { type Row, whoOf } from './rows.ts'
import type { Track } from './track.ts'

/** A server began to try this, then. */
export interface Taken {
  readonly row: Row
  readonly at: number
}
/** Whoever one round asked in one step. */
type Turn = readonly Row[]

/**
 * Whose turn it was, in each step of one track, looked at from afterwards. Who has several living numbers on a channel was asked on
 * another one each time, until they all had rung; of more responders than are asked at once each one had their turn within as
 * many rounds as that takes. Judged only where a step came round again with nothing left out, and nothing had changed meanwhile.
 */
export function turnsOf(track: Track, reach: Reach) {
  const wrong: string[] = []
  const counts = { otherNumbers: 0, nextResponders: 0, besideDead: 0 }
  for (const [step, own] of Map.groupBy(asking(track), ({ step: of }) => Number(of))) {
    const turns = [...Map.groupBy(own, ({ round }) => Number(round))]
      .toSorted(([a], [b]) => a - b)
      .map(([, rows]) => rows)
    const isCrowd = reach.isCrowd && track.policy.steps[step]?.targets.some(({ to }) => to === 'responders') === true
    for (const [nth, turn] of turns.entries()) {
      if (isCrowd) respondersHad(turns.slice(0, nth + 1))
      for (const row of turn) if (row['channel'] !== 'console') numbersHad(row, turns.slice(0, nth), isCrowd)
      for (const wave of Map.groupBy(turn, (row) => row['wave']).values()) wrong.push(...wrongWith(wave))
    }
  }
  return { wrong, counts }

  function numbersHad(row: Row, before: readonly Turn[], isCrowd: boolean): void {
    const [who, at] = [whoOf(row), askedAt(row)]
    const number = `${String(row['channel'])} ${String(row['address'])}`
    if (goesToDead({ row, at }, reach)) wrong.push(`${who} is asked by ${number}, which was dead`)
    const living = reach.livingThen(who, String(row['channel']), at)
    const pool = isCrowd ? reach.respondersThen(at) : living
    if (!living || !pool) return
    if (living.dead > 0) counts.besideDead += 1
    const since = Math.max(living.since, pool.since)
    const last = lastAsked(row, before, isCrowd).filter((one) => askedAt(one) > since)
    const round = [row, ...last].slice(0, living.ways.length)
    if (round.length < 2) return
    counts.otherNumbers += 1
    if (new Set(round.map(({ address }) => address)).size < round.length)
      wrong.push(`${who} is asked by ${number} again, before each of their ${living.ways.length} numbers has rung`)
  }

  function respondersHad(turns: readonly Turn[]): void {
    const latest = turns.at(-1) ?? []
    for (const channel of new Set(latest.map((row) => String(row['channel'])))) {
      const pool = reach.respondersThen(Math.min(...on(channel, latest).map(askedAt)))
      if (!pool) continue
      const wanted = new Set(pool.ways.map(({ recipient }) => recipient))
      const took = Math.ceil(wanted.size / respondersAtOnceMax)
      const round = turns.slice(-took)
      const isWhole = round.every(
        (turn) => on(channel, turn).length > 0 && turn.every((row) => askedAt(row) > pool.since),
      )
      if (round.length < took || !isWhole) continue
      if (took > 1) counts.nextResponders += 1
      const asked = new Set(round.flat().map(whoOf))
      for (const who of new Set(pool.ways.filter((way) => way.channel === channel).map(({ recipient }) => recipient)))
        if (!asked.has(who)) wrong.push(`${who} had no turn by ${channel} in ${took} rounds`)
    }
  }
}

/** What a person was asked before on this channel, latest first, for as long as nothing is missing in between. */
function lastAsked(row: Row, before: readonly Turn[], isCrowd: boolean): Row[] {
  const found: Row[] = []
  for (const turn of before.toReversed()) {
    const [own] = on(String(row['channel']), turn).filter((one) => whoOf(one) === whoOf(row))
    if (own) found.push(own)
    // The turn of the others, which did come to this channel; else who knows whether it was theirs.
    else if (!isCrowd || on(String(row['channel']), turn).length === 0 || turn.some((one) => whoOf(one) === whoOf(row)))
      break
  }
  return found
}

function wrongWith(wave: readonly Row[]): string[] {
  const outside = wave.filter((row) => row['channel'] !== 'console')
  const numbers = outside.map((row) => `${String(row['channel'])} ${String(row['address'])}`)
  const twice = numbers.filter((number, nth) => numbers.indexOf(number) < nth)
  const responders = new Set(outside.filter((row) => row['recipient_kind'] === 'responder').map(whoOf))
  return [
    ...twice.map((number) => `${number} is asked twice in one wave`),
    ...(responders.size > respondersAtOnceMax ? [`${responders.size} responders are asked at once`] : []),
  ]
}

/** Whoever is asked to go is not asked where nobody can hear it: not when it is queued, and not when it leaves. */
export const goesToDead = ({ row, at }: Taken, reach: Reach): boolean =>
  row['purpose'] === 'alarm' && reach.isDead(whoOf(row), String(row['channel']), String(row['address']), at)

const asking = (track: Track): Row[] =>
  [...track.rows.values()].filter((row) => row['purpose'] === 'alarm' && row['address'] !== 'app')
const on = (channel: string, turn: Turn): Row[] => turn.filter((row) => row['channel'] === channel)
const askedAt = (row: Row): number => Number(row['queued_at'])
