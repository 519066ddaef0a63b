import { absenceNamed } from '../buckets.ts'
import { checkedGaps, tooManyGaps } from '../gaps.ts'
import { type Gap, type GapQuery, type GapResult, gapsMax } from '../questions.ts'
import { type Inquiry, lastToSpeak, numberOf, rowsMax, unitAtAnyTime, within } from './inquiry.ts'

/** Of one request's questions: its neighbours ask over the same few connections. */
export const askedAtOnceMax = 4
/** In a millisecond. */
const nanoseconds = 1_000_000

interface Silence {
  readonly from: number
  readonly to: number
  /** Whether `from` is a value's instant: a reason for that instant does not hold. */
  readonly afterValue: boolean
}

export async function askGaps(inquiry: Inquiry, query: GapQuery): Promise<GapResult> {
  checkedGaps(query)
  const { wire, scripts, series } = inquiry
  const { from, to, longerThanMs: longer } = query
  const bound = within(query)
  const more = { longer: { integer: longer * nanoseconds }, most: { integer: gapsMax + 1 } }
  const rows = bound ? await wire.query(scripts.gaps, { ...series, ...bound, ...more }, rowsMax) : []
  const spoken = lastToSpeak(rows)
  const unit = spoken?.unit ?? (await unitAtAnyTime(inquiry))
  const mine = rows.filter(({ field }) => field === spoken?.field)
  const first = mine.find(({ result }) => result === 'first')?.at
  const last = mine.find(({ result }) => result === 'last')?.at
  const silences: Silence[] = [
    { from, to: first ?? to, afterValue: false },
    ...mine
      .filter(({ result }) => result === 'gap')
      .map((row) => ({ from: row.at - Math.round(numberOf(row) / nanoseconds), to: row.at, afterValue: true })),
    ...(last === undefined ? [] : [{ from: last, to, afterValue: true }]),
  ].filter((silence) => silence.to - silence.from > longer)
  if (silences.length > gapsMax) throw tooManyGaps()
  // A home that is well gives no reasons at all.
  const reasons = mine.some(({ result }) => result === 'absent')
  const field = reasons ? spoken?.field : undefined
  if (field === undefined) return { unit, gaps: silences.map(({ from, to }) => ({ from, to, why: null })) }
  return { unit, gaps: await namedInTurn(inquiry, silences, field) }
}

async function namedInTurn(inquiry: Inquiry, silences: readonly Silence[], field: string): Promise<Gap[]> {
  const gaps: Gap[] = []
  const waiting = silences.entries()
  // They share what waits, so each takes the next when it is done.
  const asker = async () => {
    for (const [index, silence] of waiting) gaps[index] = await named(inquiry, silence, field)
  }
  await Promise.all(Array.from({ length: askedAtOnceMax }, asker))
  return gaps
}

/** Why there is nothing: what was said last in it. A question each, because there are few gaps and may be very many reasons. */
async function named({ wire, scripts, series }: Inquiry, silence: Silence, field: string): Promise<Gap> {
  const { from, to, afterValue } = silence
  const bound = within({ from: afterValue ? from + 1 : from, to })
  const rows = bound ? await wire.query(scripts.absent, { ...series, ...bound }, rowsMax) : []
  const said = rows.filter((row) => row.field === field).at(-1)
  return { from, to, why: said ? absenceNamed(said.value) : null }
}
