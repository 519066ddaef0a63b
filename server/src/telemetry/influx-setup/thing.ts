/** What an InfluxDB is set up with, in the order in which one needs the other. */
export const KINDS = ['organisation', 'bucket', 'task', 'check', 'variable', 'dashboard', 'token'] as const
export type Kind = (typeof KINDS)[number]

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
export type Body = { readonly [key: string]: Json }

/** One thing, in the words of InfluxDB's API but with buckets by their names: ids differ from server to server. */
export interface Thing {
  readonly kind: Kind
  readonly name: string
  readonly body: Body
  /** Buckets without which it cannot be made. */
  readonly needs: readonly string[]
}
/** The same, as an InfluxDB has it. Its body may say more than we ask for; that is its own business. */
export interface Found {
  readonly kind: Kind
  readonly name: string
  readonly id: string
  readonly body: Body
}
