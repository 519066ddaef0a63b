/** The buckets of one server: what it writes, and the two that are summed from it. */
export interface Buckets {
  readonly raw: string
  readonly fiveMinutes: string
  readonly days: string
}
/** The downsampled ones are named after the one the server is told of. */
export const bucketsOf = (raw: string): Buckets => ({ raw, fiveMinutes: `${raw}-5m`, days: `${raw}-1d` })
