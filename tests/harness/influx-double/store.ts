export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}
/** InfluxDB's own way to say no. */
export const failure = (status: number, code: string, message: string): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', 'x-platform-error-code': code },
  text: JSON.stringify({ code, message }),
})

export type FieldValue = number | string
export interface Point {
  readonly measurement: string
  readonly tags: Readonly<Record<string, string>>
  readonly field: string
  readonly type: 'float' | 'integer' | 'string'
  readonly value: FieldValue
  readonly at: number
}
export interface StoredSeries {
  readonly measurement: string
  readonly tags: Readonly<Record<string, string>>
  readonly field: string
  readonly values: Map<number, FieldValue>
}
export interface DoubleBucket {
  readonly keptMs: number | undefined
  /** Since when it keeps for so long. */
  readonly updatedAt: string
  /** `measurement field` → its type, for ever the first one. */
  readonly types: Map<string, Point['type']>
  readonly series: Map<string, StoredSeries>
}

/** Stores what it can, and says what it dropped as InfluxDB does: one reason, and how many. */
export function storeLines(bucket: DoubleBucket, points: readonly Point[]): Answer {
  const outside = points.filter(({ at }) => bucket.keptMs !== undefined && at < Date.now() - bucket.keptMs)
  const inside = points.filter((point) => !outside.includes(point))
  const wrong = inside.filter((point) => typeOf(bucket, point) !== point.type)
  for (const point of inside) if (!wrong.includes(point)) store(bucket, point)
  const [conflict] = wrong
  if (conflict)
    return partial(
      `field type conflict: input field "${conflict.field}" on measurement "${conflict.measurement}" is type ${conflict.type}, already exists as type ${typeOf(bucket, conflict)} dropped=${wrong.length}`,
    )
  const [old] = outside
  if (old)
    return partial(
      `dropped ${outside.length} points outside retention policy of duration ${(bucket.keptMs ?? 0) / 3_600_000}h0m0s - oldest point ${old.measurement} at ${new Date(old.at).toISOString()} dropped because it violates a Retention Policy Lower Bound dropped=${outside.length} for database: double for retention policy: autogen`,
    )
  return { status: 204, headers: {}, text: '' }
}

const partial = (why: string) =>
  failure(422, 'unprocessable entity', `failure writing points to database: partial write: ${why}`)

function typeOf({ types }: DoubleBucket, { measurement, field, type }: Point): Point['type'] {
  const key = `${measurement} ${field}`
  const known = types.get(key)
  if (known === undefined) types.set(key, type)
  return known ?? type
}

function store({ series }: DoubleBucket, { measurement, tags, field, value, at }: Point): void {
  const key = JSON.stringify([measurement, tags, field])
  let stored = series.get(key)
  if (!stored) {
    stored = { measurement, tags, field, values: new Map() }
    series.set(key, stored)
  }
  stored.values.set(at, value)
}
