import type { Roster } from './ports.ts'

/** Waves that find nobody follow one another in one moment, and one target is the same people in all of a round's. */
export function askedOnce(roster: Roster): Roster {
  const answers = new Map<string, ReturnType<Roster['resolve']>>()
  return {
    resolve(tx, whose, target, now, turn) {
      const key = JSON.stringify([target, turn])
      const answer = answers.get(key) ?? roster.resolve(tx, whose, target, now, turn)
      answers.set(key, answer)
      return answer
    },
  }
}
