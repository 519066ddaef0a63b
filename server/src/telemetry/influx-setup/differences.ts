import type { Json } from './thing.ts'

export interface Difference {
  /** Where, like `cells.2.properties.queries.0.text`. */
  readonly at: string
  /** Undefined: not there. */
  readonly found: Json | undefined
  readonly wanted: Json
}

/** Where `found` does not say what `wanted` says. What only `found` says is no difference: InfluxDB fills in what is left out. */
export function differences(wanted: Json, found: Json | undefined, at = ''): Difference[] {
  if (isList(wanted) && isList(found) && wanted.length === found.length)
    return wanted.flatMap((one, index) => differences(one, found[index], below(at, String(index))))
  if (isObject(wanted) && isObject(found))
    return Object.entries(wanted).flatMap(([key, one]) => differences(one, found[key], below(at, key)))
  return sameValue(wanted, found) ? [] : [{ at, found, wanted }]
}

const below = (at: string, key: string) => (at === '' ? key : `${at}.${key}`)
const isList = (json: Json | undefined): json is readonly Json[] => Array.isArray(json)
const isObject = (json: Json | undefined): json is { readonly [key: string]: Json } =>
  typeof json === 'object' && json !== null && !Array.isArray(json)

/** An empty list comes back from InfluxDB as `null`. */
function sameValue(wanted: Json, found: Json | undefined): boolean {
  if (isList(wanted) && wanted.length === 0) return found === null || found === undefined
  return wanted === found
}
