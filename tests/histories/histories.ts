import type { ServerUrls } from '../harness/postgres.ts'
import { history } from './history.ts'

export interface Extent {
  readonly histories: number
  readonly steps: number
  /** No other one is begun after so long, … */
  readonly withinS: number
  /** … but so many are there in any case: of one or two, little is tried. */
  readonly historiesMin: number
}
export interface Found {
  readonly wrong: readonly string[]
  readonly figures: Readonly<Record<string, number>>
}

/** One after the other, each from a seed of its own; the first one that is wrong is the last. */
export async function histories(
  seed: number,
  { histories: count, steps, withinS, historiesMin }: Extent,
  say: (line: string) => void,
  urls?: ServerUrls,
): Promise<Found> {
  const sums: Record<string, number> = { seed, histories: 0 }
  const began = performance.now()
  const goesOn = (nth: number) => nth < historiesMin || performance.now() - began < withinS * 1_000
  for (let nth = 0; nth < count && goesOn(nth); nth++) {
    const { wrong, figures, said } = await history(seed + nth, steps, urls)
    sums['histories'] = nth + 1
    for (const [what, n] of Object.entries(figures)) sums[what] = (sums[what] ?? 0) + n
    if (wrong.length === 0) continue
    for (const line of said) say(line)
    say(`again by ANJU_SEED=${seed + nth}; what happens at once may come about in another order`)
    return { wrong: wrong.map((one) => `seed ${seed + nth}: ${one}`), figures: sums }
  }
  return { wrong: [], figures: sums }
}

const ALWAYS = ['presses', 'commands', 'arrived', 'answers', 'callbacks', 'batches', 'askedInVain', 'stoodDown']
/** What a few histories may well be without. */
const IN_MANY = ['otherNumbers', 'nextResponders', 'besideDead', 'passedToOtherNumber', 'homesAtOnce', 'untold'].concat(
  ['consolesOpened', 'consolesDied', 'consolesMoved', 'atConsoles', 'queuePassedBy', 'withoutProvider'],
)

/** What did not come about at all was not tried. */
export const tooLittle = ({ figures }: Found, { ofMany }: { readonly ofMany: boolean }): string[] =>
  [...ALWAYS, ...(ofMany ? IN_MANY : [])].filter((what) => !figures[what]).map((what) => `no ${what}`)

export const anySeed = (): number => Number(process.env['ANJU_SEED'] ?? Date.now() % 2 ** 31)
