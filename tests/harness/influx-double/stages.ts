import { type Bound, NotFlux } from './bound.ts'
import type { FieldValue } from './store.ts'

/** A row by its columns; times are epoch ms. */
export type TableRow = Readonly<Record<string, FieldValue>>
export type Table = readonly TableRow[]
/** What one call of a pipeline makes of a table: a window makes several of it. */
export type Stage = (table: Table) => readonly Table[]

/** The calls that our scripts make, written as they write them, and what Flux's documentation says that they do. */
const STAGES: readonly (readonly [call: RegExp, stage: (match: RegExpExecArray, bound: Bound) => Stage])[] = [
  [
    /^window\(every: every, offset: offset\)$/,
    (_, bound) => (table) => windowsOf(table, bound.number('every'), bound.number('offset')),
  ],
  [
    /^aggregateWindow\(every: (\d+)m, fn: (count|sum|min|max|last), createEmpty: false, timeSrc: "_start"\)$/,
    ([, minutes, fn = '']) =>
      (table) => [
        windowsOf(table, Number(minutes) * 60_000, 0)
          .flatMap((window) => aggregated(fn, window))
          // Back in one table, each row at its window's begin, with the range's bounds.
          .map((row) => ({ ...row, ...boundsOf(table), _time: row['_start'] ?? 0 })),
      ],
  ],
  [
    /^(count|sum|mean|min|max|first|last)\(\)$/,
    ([, fn = '']) =>
      (table) => [aggregated(fn, table)],
  ],
  [/^limit\(n: most\)$/, (_, bound) => (table) => [table.slice(0, bound.number('most'))]],
  [
    /^cumulativeSum\(\)$/,
    () => (table) => {
      let sum = 0
      return [table.map((row) => ({ ...row, _value: (sum += numberOf(row)) }))]
    },
  ],
  [
    /^elapsed\(unit: 1ns\)$/,
    () => (table) => [
      table
        .slice(1)
        .map((row, index) => ({ ...row, elapsed: (timeOf(row) - timeOf(table[index] as TableRow)) * 1_000_000 })),
    ],
  ],
  [
    /^filter\(fn: \(r\) => r\.elapsed > longer\)$/,
    (_, bound) => (table) => [table.filter(({ elapsed }) => Number(elapsed) > bound.number('longer'))],
  ],
  [
    /^rename\(columns: \{elapsed: "_value"\}\)$/,
    () => (table) => [table.map(({ elapsed = 0, ...row }) => ({ ...row, _value: elapsed }))],
  ],
  [
    /^keep\(columns: \[("[a-z_]+"(?:, "[a-z_]+")*)\]\)$/,
    ([, list = '']) => {
      const kept = list.split(', ').map((quoted) => quoted.slice(1, -1))
      return (table) => [
        table.map((row) => Object.fromEntries(Object.entries(row).filter(([column]) => kept.includes(column)))),
      ]
    },
  ],
]

export function stageOf(call: string, bound: Bound): Stage {
  for (const [pattern, stage] of STAGES) {
    const match = pattern.exec(call)
    if (match) return stage(match, bound)
  }
  throw new NotFlux(call)
}

const timeOf = (row: TableRow): number => Number(row['_time'])
const boundsOf = ([first]: Table): TableRow => ({ _start: first?.['_start'] ?? 0, _stop: first?.['_stop'] ?? 0 })

/** A window is cut by the range it lies in. */
function windowsOf(table: Table, every: number, offset: number): Table[] {
  const { _start: begin, _stop: end } = boundsOf(table)
  const startOf = (row: TableRow) => Math.floor((timeOf(row) - offset) / every) * every + offset
  return [...Map.groupBy(table, startOf)].map(([start, rows]) =>
    rows.map((row) => ({
      ...row,
      _start: Math.max(Number(begin), start),
      _stop: Math.min(Number(end), start + every),
    })),
  )
}

function numberOf({ _value }: TableRow): number {
  if (typeof _value !== 'number') throw new NotFlux('a text where a number is needed')
  return _value
}

/** A selector keeps its row with its time; an aggregate has no time of its own. */
function aggregated(fn: string, table: Table): Table {
  const [first] = table
  if (!first) return []
  if (fn === 'first') return [first]
  if (fn === 'last') return table.slice(-1)
  if (fn === 'count') return [withoutTime(first, table.length)]
  const numbers = table.map(numberOf)
  const sum = numbers.reduce((total, value) => total + value, 0)
  if (fn === 'sum') return [withoutTime(first, sum)]
  if (fn === 'mean') return [withoutTime(first, sum / numbers.length)]
  const found = fn === 'min' ? Math.min(...numbers) : Math.max(...numbers)
  return table.filter((row) => row['_value'] === found).slice(0, 1)
}

const withoutTime = (row: TableRow, value: number): TableRow => ({
  ...Object.fromEntries(Object.entries(row).filter(([column]) => column !== '_time')),
  _value: value,
})
