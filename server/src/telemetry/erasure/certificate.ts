import { createHash } from 'node:crypto'
import type { ErasedAmount, ErasureCertificate } from '@anju/contract/erasure'

export const nothingErased: ErasedAmount = { series: 0, samples: 0, buckets: [] }

/** Of several stores; a series that two of them had is counted in both, as it was erased in both. */
export const sumOf = (amounts: readonly ErasedAmount[]): ErasedAmount => ({
  series: amounts.reduce((sum, { series }) => sum + series, 0),
  samples: amounts.reduce((sum, { samples }) => sum + samples, 0),
  buckets: amounts.flatMap(({ buckets }) => buckets),
})

/** Of one home in the same stores at two times; a series that came back twice was erased twice. */
export const andThen = (first: ErasedAmount, second: ErasedAmount): ErasedAmount => ({
  series: first.series + second.series,
  samples: first.samples + second.samples,
  buckets: [...new Set([...first.buckets, ...second.buckets].map(({ name }) => name))].map((name) => ({
    name,
    values: valuesIn(first, name) + valuesIn(second, name),
  })),
})
const valuesIn = ({ buckets }: ErasedAmount, name: string): number =>
  buckets.find((bucket) => bucket.name === name)?.values ?? 0

/** One text for one certificate, wherever and whenever it is written: names in order, no blanks. */
export const canonicalOf = (certificate: ErasureCertificate): string => JSON.stringify(ordered(certificate))

export const sha256Of = (canonical: string): string => createHash('sha256').update(canonical).digest('hex')

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, one]) => [name, ordered(one)]))
}
