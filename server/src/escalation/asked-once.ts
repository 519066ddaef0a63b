import { assertNever } from '@anju/contract'
import type { AskedTarget } from '../domain/escalation/last-resort.ts'
import type { Roster } from './ports.ts'

/**
 * For one transaction: waves that find nobody follow one another in one moment, one target is the same people in all of a round's, and
 * many alarms of a centre ask the same of its own people at once.
 */
export function askedOnce(roster: Roster): Roster {
  const answers = new Map<string, ReturnType<Roster['resolve']>>()
  return {
    resolve(tx, whose, target, now, turn) {
      const { centre, home, openedAt, keepsHours } = whose
      const key = JSON.stringify([target, turn, now, centre, ...(isOfHome(target) ? [home, openedAt, keepsHours] : [])])
      const answer = answers.get(key) ?? roster.resolve(tx, whose, target, now, turn)
      answers.set(key, answer)
      return answer
    },
  }
}

/** Whether it is other people for another home of the centre. */
function isOfHome({ to }: AskedTarget): boolean {
  switch (to) {
    case 'contact':
    case 'contacts':
    case 'responders':
      return true
    case 'queue':
    case 'seat':
    case 'supervisors':
    case 'shift':
    case 'off-duty':
    case 'centre':
    case 'next-centre':
      return false
    default:
      return assertNever(to)
  }
}
