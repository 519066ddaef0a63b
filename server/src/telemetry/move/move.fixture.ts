import { type Clock, millis, seededRandom } from '@anju/contract'
import type { SeriesKey } from '../store.ts'
import { type Kept, MemoryEnd } from './memory-end.fixture.ts'
import { MemoryLedger } from './memory-ledger.fixture.ts'
import { type MoveWishes, move } from './move.ts'
import type { Compared, Said } from './said.ts'

export const start = Date.parse('2026-03-01T08:00:00Z')
export const seriesOf = (home: string, point: string, unit = 'W'): SeriesKey => ({
  centre: 'centre-a',
  home,
  placement: 'meter',
  point,
  unit,
})
const wishes: MoveWishes = { restart: false, compareOnly: false, leaveOld: false, inUse: false }

/** Two stores in memory, a ledger, and a clock whose waits are over at once. */
export function aMove() {
  let now = start
  const waits: number[] = []
  const clock: Clock = {
    now: () => now as never,
    monotonic: () => now as never,
    after(delay, task) {
      waits.push(delay)
      now += delay
      queueMicrotask(task)
      return { cancel: () => undefined }
    },
    every: () => ({ cancel: () => undefined }),
  }
  const source = new MemoryEnd('source', () => now)
  const target = new MemoryEnd('target', () => now)
  const ledger = new MemoryLedger()
  const told: Said[] = []
  const erased = new Map<string, number>()
  return {
    source,
    target,
    ledger,
    told,
    /** Home → until when it was erased. */
    erased,
    waits,
    passes: (ms: number) => void (now += ms),
    /** Hears of every step, wherever it is taken. */
    onStep(listener: (step: string) => void): void {
      source.before = (step) => listener(`source ${step}`)
      target.before = (step) => listener(`target ${step}`)
      ledger.before = (step) => listener(`ledger ${step}`)
    },
    /** One process. */
    run: (change: Partial<MoveWishes> = {}, signal: AbortSignal = new AbortController().signal) =>
      move(
        {
          source,
          target,
          ledger: ledger.sight(),
          readErased() {
            ledger.before('erased')
            return Promise.resolve([...erased].map(([home, until]) => ({ home, until })))
          },
          clock,
          random: seededRandom(1),
          signal,
          tell: (said) => void told.push(said),
          batchRowsMax: 5,
        },
        { ...wishes, ...change },
      ),
    comparedAs: (is: Compared['outcome']['is']): Compared[] =>
      told.flatMap((said) => (said.is === 'compared' && said.compared.outcome.is === is ? [said.compared] : [])),
  }
}
export type Move = ReturnType<typeof aMove>

/** Series of none to thirty samples, values and reasons, some of them of later. */
export function fill({ source }: Pick<Move, 'source'>): number {
  const random = seededRandom(7)
  const counts = [0, 1, 4, 5, 6, 13, 30, 2]
  for (const [number, count] of counts.entries()) {
    const key = seriesOf(`home-${number % 3}`, `point-${number}`, number === 4 ? 'm3' : 'W')
    for (let row = 0; row < count; row++)
      source.put(key, start - 1_000_000 + row * 1_000, sampleOf(random.uniform(), row))
  }
  source.put(seriesOf('home-1', 'liar'), start + 10_000, { value: 1 })
  return counts.reduce((a, b) => a + b) + 1
}
const sampleOf = (chance: number, row: number): Kept =>
  chance < 0.3 ? { why: 1 + (row % 10) } : { value: (chance - 0.5) * 10 ** (row % 8) }

export const crash = (): never => {
  throw new Error('killed')
}
export const unavailableAfter = millis(2_000)
