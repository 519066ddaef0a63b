import { type Difference, differences } from './differences.ts'
import type { Found, Thing } from './thing.ts'

export type Step =
  | { readonly is: 'keep'; readonly thing: Thing; readonly id: string }
  | { readonly is: 'create'; readonly thing: Thing }
  | {
      readonly is: 'change'
      readonly thing: Thing
      readonly id: string
      readonly differences: readonly Difference[]
    }
  /** A change that would throw data away, which nobody asked for by name. */
  | { readonly is: 'withhold'; readonly thing: Thing; readonly differences: readonly Difference[] }

export interface Plan {
  readonly steps: readonly Step[]
  /** Things of ours that are there once too often: said, never removed. */
  readonly left: readonly Found[]
}

/** Added to a token's name when another has taken its place: the server may hold it until it is started again. */
export const SUPERSEDED = ' (superseded)'

/** What has to be done so that `found` has everything that is wanted. Nothing is ever removed. */
export function plan(
  wanted: readonly Thing[],
  found: readonly Found[],
  { shorten }: { readonly shorten: boolean },
): Plan {
  const left: Found[] = []
  const steps = wanted.map((thing): Step => {
    const twins = found
      .filter(({ kind, name }) => kind === thing.kind && name === thing.name)
      .map((one) => ({ one, differences: differences(thing.body, one.body) }))
      // The best of them is kept: two tasks of one name are what a setup that could not see the first had left.
      .sort((a, b) => a.differences.length - b.differences.length)
    const [best, ...others] = twins
    left.push(...others.map(({ one }) => one))
    if (!best) return { is: 'create', thing }
    if (best.differences.length === 0) return { is: 'keep', thing, id: best.one.id }
    if (!shorten && losesData(thing, best.one)) return { is: 'withhold', thing, differences: best.differences }
    return { is: 'change', thing, id: best.one.id, differences: best.differences }
  })
  const tokens = new Set(wanted.filter(({ kind }) => kind === 'token').map(({ name }) => name + SUPERSEDED))
  left.push(...found.filter(({ kind, name }) => kind === 'token' && tokens.has(name)))
  return { steps, left }
}

/** Whether what is older than a bucket's new retention would go. 0 is for ever. */
function losesData({ kind, body }: Thing, found: Found): boolean {
  if (kind !== 'bucket') return false
  const [wanted, has] = [Number(body['everySeconds']), Number(found.body['everySeconds'])]
  return wanted !== 0 && (has === 0 || wanted < has)
}
