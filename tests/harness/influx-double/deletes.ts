import { type Answer, type DoubleBucket, failure } from './store.ts'

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/
const latest = Date.parse('2262-04-11T23:47:16.854Z')
/** Equalities of tags, and of the measurement. What InfluxDB has not built, it names with its place. */
const EQUALITY = /^\s*([a-z_]+)\s*(=|!=|>|<|=~)\s*"([^"\\]*)"\s*/

/** `POST /api/v2/delete`: what lies from `start` to `stop`, both included, and is named by the predicate. No predicate names all. */
export function deletePoints(bucket: DoubleBucket, body: string): Answer {
  const { start, stop, predicate = '' } = JSON.parse(body) as Record<'start' | 'stop' | 'predicate', string | undefined>
  for (const [field, time] of Object.entries({ start, stop }))
    if (!INSTANT.test(time ?? ''))
      return refused(
        `invalid RFC3339Nano for field ${field}, please format your time with RFC3339Nano format, example: 2009-01-02T23:00:00Z`,
      )
  const [from, to] = [Date.parse(start ?? ''), Date.parse(stop ?? '')]
  if (to > latest) return refused('invalid stop time, stop time must not be after 2262-04-11T23:47:16.854775806Z')
  const wanted: [string, string][] = []
  for (let at = 0; at < predicate.length; ) {
    const [all = '', tag = '', operator, value = ''] = EQUALITY.exec(predicate.slice(at)) ?? []
    if (operator !== '=') return refused(`invalid operator "${operator}" at position: ${at + tag.length}`)
    wanted.push([tag, value])
    at += all.length
    const joined = /^(?:and|AND)\b/.exec(predicate.slice(at))
    if (!joined && at < predicate.length)
      return refused(`the logical operator OR is not supported yet at position ${at}`)
    at += joined?.[0].length ?? 0
  }
  for (const [key, series] of bucket.series) {
    const tags: Readonly<Record<string, string>> = { ...series.tags, _measurement: series.measurement }
    if (wanted.some(([tag, value]) => tags[tag] !== value)) continue
    for (const at of series.values.keys()) if (at >= from && at <= to) series.values.delete(at)
    if (series.values.size === 0) bucket.series.delete(key)
  }
  return { status: 204, headers: {}, text: '' }
}

const refused = (why: string) => failure(400, 'invalid', `error decoding json body: ${why}`)
