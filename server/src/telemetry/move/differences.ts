import type { SamplePage } from '../archive.ts'
import { PageReader } from './pages.ts'

/** In how many instants a series is not the same at both ends, and how. */
export interface Differences {
  /** Only the source has it. */
  readonly missing: number
  /** As `missing`, and no store takes such a number any more: the source has it from before that rule. */
  readonly beyond: number
  /** Only the target has it. */
  readonly extra: number
  /** Other values, or a value at the source where the target has a reason. */
  readonly changed: number
  /** Other reasons. */
  readonly reasons: number
  /** A value at the target where the source has a reason: it holds, whatever is written there. */
  readonly held: number
  /** The first instant of them, epoch ms. */
  readonly first: number | undefined
}

type Kind = Exclude<keyof Differences, 'first'>

/** Lays both ends side by side. */
export async function differencesOf(
  source: AsyncIterable<SamplePage>,
  target: AsyncIterable<SamplePage>,
): Promise<Differences> {
  const found = { missing: 0, beyond: 0, extra: 0, changed: 0, reasons: 0, held: 0 }
  let first: number | undefined
  const here = new PageReader(source)
  const there = new PageReader(target)
  try {
    await here.next()
    await there.next()
    while (here.at !== undefined || there.at !== undefined) {
      const a = here.at ?? Number.POSITIVE_INFINITY
      const b = there.at ?? Number.POSITIVE_INFINITY
      const kind = a < b ? missingAs(here) : a > b ? 'extra' : kindOf(here, there)
      if (kind) {
        found[kind]++
        first ??= Math.min(a, b)
      }
      if (a <= b) await here.next()
      if (b <= a) await there.next()
    }
    return { ...found, first }
  } finally {
    await here.end()
    await there.end()
  }
}

type Row = Pick<PageReader, 'value' | 'absent'>

const missingAs = ({ value, absent }: Row): Kind =>
  absent === 0 && Math.abs(value) > Number.MAX_SAFE_INTEGER ? 'beyond' : 'missing'

function kindOf(here: Row, there: Row): Kind | undefined {
  if (here.absent !== 0 && there.absent !== 0) return here.absent === there.absent ? undefined : 'reasons'
  if (here.absent !== 0) return 'held'
  // Equal numbers have equal bits but for a sign of nothing, which means nothing.
  return there.absent === 0 && here.value === there.value ? undefined : 'changed'
}

/** The source's part of it: what the target should have and has not, or not so. Copying it again may help. */
export const isLoss = ({ missing, beyond, changed, reasons }: Differences): boolean =>
  missing + beyond + changed + reasons > 0
