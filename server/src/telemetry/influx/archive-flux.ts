import { ABSENCE, SAMPLE, TAGS } from './line-protocol.ts'

/** How many homes are asked for in one question: a filter of equalities is answered by InfluxDB's index, a list is not. */
export const homesAtOnce = 16
export const homeSlots = Array.from({ length: homesAtOnce }, (_, slot) => `home${slot}`)

const within = 'from(bucket: bucket) |> range(start: begin, stop: end)'
const OURS = [SAMPLE, ABSENCE]
const isOurs = OURS.map((measurement) => `r._measurement == "${measurement}"`).join(' or ')

/** Homes that have, or once had, points. Constants, as in `flux.ts`: what varies is bound beside them. */
export const HOMES = `${within} |> filter(fn: (r) => ${isOurs}) |> keep(columns: ["home"]) |> group() |> distinct(column: "home")`

/** A row for each series of these homes. */
export const SERIES = [
  `rows = (measurement) => ${within} |> filter(fn: (r) => r._measurement == measurement and (${homeSlots.map((slot) => `r.home == ${slot}`).join(' or ')}))`,
  ...OURS.map(
    (measurement) =>
      `rows(measurement: "${measurement}") |> first() |> keep(columns: [${[...TAGS, '_field'].map((tag) => `"${tag}"`).join(', ')}]) |> yield(name: "${measurement}")`,
  ),
].join('\n')

/** One series: its first values and its first reasons. */
export const PAGE = [
  `rows = (measurement) => ${within} |> filter(fn: (r) => r._measurement == measurement and ${TAGS.map((tag) => `r.${tag} == ${tag}`).join(' and ')} and r._field == field)`,
  ...OURS.map(
    (measurement) =>
      `rows(measurement: "${measurement}") |> limit(n: most) |> keep(columns: ["_time", "_value", "_field"]) |> yield(name: "${measurement}")`,
  ),
].join('\n')

/** Whatever is there of a home, a row for each series and field: how many values. */
export const COUNTS = `${within} |> filter(fn: (r) => r.home == home) |> count() |> keep(columns: ["_measurement", "_field", "_value"])`
