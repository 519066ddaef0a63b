import { type AlarmId, DomainError } from '@anju/contract'
import type { PersonActor } from '../../server/src/people/people.ts'
import type { AlarmCentre } from './alarms.ts'

export interface ClaimRaces {
  readonly rounds: number
  /** Rounds in which exactly one of two got it, and the database agrees who. */
  readonly oneOwner: number
  /** Rounds in which the other was refused with the owner's name. */
  readonly loserTold: number
}

/** Two seats claim one new alarm in the same moment, again and again; short and long forms share this. */
export async function claimRaces(centre: AlarmCentre, rounds: number): Promise<ClaimRaces> {
  let oneOwner = 0
  let loserTold = 0
  for (let round = 0; round < rounds; round++) {
    await centre.store.sql('truncate alarm, timeline cascade')
    await centre.intake.commit([centre.press()])
    const [alarm] = await centre.store.sql<{ id: AlarmId }>('select id from alarm')
    if (!alarm) throw new Error('the press made no alarm')
    // The same account at two seats in every other round: another session is another claimant.
    const seats = [
      centre.person('li', 'operator', 'seat-1'),
      centre.person(round % 2 ? 'chen' : 'li', 'operator', 'seat-2'),
    ]
    const outcomes = await Promise.all(seats.map((seat) => attempt(centre, alarm.id, seat)))
    const winner = seats.find((_, index) => outcomes[index] === 'got it')
    const [row] = await centre.store.sql<{ session: string }>('select person_session as session from alarm')
    if (outcomes.filter((one) => one === 'got it').length === 1 && row?.session === winner?.session) oneOwner++
    if (outcomes.includes(`taken by ${winner?.name} at ${winner?.session}`)) loserTold++
  }
  return { rounds, oneOwner, loserTold }
}

async function attempt(centre: AlarmCentre, id: AlarmId, seat: PersonActor): Promise<string> {
  try {
    await centre.alarms.command(seat, id, { type: 'claim' })
    return 'got it'
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'claimed-by-other') throw error
    const { name, session } = error.detail['owner'] as { name: string; session: string }
    return `taken by ${name} at ${session}`
  }
}

/**
 * An alarm that is offered is taken on by whom it was offered to and taken over by a supervisor in the same moment, again and
 * again. Whoever comes first may lose it to the other: what counts is that in the end one of them has it, and they alone work on it.
 */
export async function handOnRaces(centre: AlarmCentre, rounds: number): Promise<ClaimRaces> {
  const { alarms, store } = centre
  const [li, chen, zhou] = [centre.person('li'), centre.person('chen'), centre.person('zhou', 'supervisor')]
  let oneOwner = 0
  let loserTold = 0
  for (let round = 0; round < rounds; round++) {
    await store.sql('truncate alarm, timeline cascade')
    await centre.intake.commit([centre.press()])
    const [alarm] = await store.sql<{ id: AlarmId }>('select id from alarm')
    if (!alarm) throw new Error('the press made no alarm')
    const { id } = alarm
    const { lease } = await alarms.command(li, id, { type: 'claim' })
    await alarms.command(li, id, { type: 'offer', lease: Number(lease?.token), to: chen.person, note: null })
    const takes = [
      () => alarms.command(chen, id, { type: 'claim' }),
      () => alarms.command(zhou, id, { type: 'takeover', reason: 'somebody must' }),
    ]
    // Who asks first alternates, so that neither always is.
    const answers = await Promise.allSettled((round % 2 ? takes : takes.toReversed()).map((take) => take()))
    const tokens = answers.flatMap((one) => (one.status === 'fulfilled' ? [Number(one.value.lease?.token)] : []))
    const [row] = await store.sql<{ session: string; offer: string | null }>(
      'select person_session as session, offer from alarm',
    )
    const works: string[] = []
    for (const who of [li, chen, zhou])
      for (const token of [Number(lease?.token), ...tokens])
        await alarms.command(who, id, { type: 'renew', lease: token }).then(
          () => works.push(who.session),
          () => undefined,
        )
    if (works.length === 1 && works[0] === row?.session && row?.offer === null) oneOwner++
    const refused = answers.flatMap((one) => (one.status === 'rejected' ? [one.reason as DomainError] : []))
    if (refused.every(({ detail }) => (detail['owner'] as { session: string }).session === row?.session)) loserTold++
  }
  return { rounds, oneOwner, loserTold }
}
