import { type CustomTypesConfig, types } from 'pg'

/**
 * How PostgreSQL's values look to us: `timestamptz` is an `Instant` (epoch ms), `int8` a number (ours stay far below 2^53),
 * `date` its text. Sessions run in UTC, so an instant always ends in `+00`.
 */
const INT8 = 20
const DATE = 1082
const TIMESTAMPTZ = 1184
const TIMESTAMPTZ_ARRAY = 1185

/** `2026-01-02 03:04:05.678+00`: cut by hand, because a burst reads tens of thousands of them. */
function instantOf(text: string): number {
  const epochMs = text.endsWith('+00') ? Date.parse(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`) : Number.NaN
  if (Number.isNaN(epochMs)) throw new Error(`PostgreSQL sent an instant we cannot read: ${text}`)
  return epochMs
}

const arrayOfInstants = (text: string): number[] =>
  text === '{}'
    ? []
    : text
        .slice(1, -1)
        .split(',')
        .map((item) => instantOf(item.replaceAll('"', '')))

const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [INT8]: Number,
  [DATE]: (text) => text,
  [TIMESTAMPTZ]: instantOf,
  [TIMESTAMPTZ_ARRAY]: arrayOfInstants,
}

export const valueTypes: CustomTypesConfig = {
  getTypeParser: ((oid: Parameters<typeof types.getTypeParser>[0], format?: 'text') =>
    parsers[oid] ?? types.getTypeParser(oid, format)) as CustomTypesConfig['getTypeParser'],
}
