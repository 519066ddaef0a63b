import { DomainError } from '@anju/contract'
import { type CsvItem, columnsOf, readCsv } from '../csv.ts'
import { type AreaCode, parseAreaCode } from '../domain/area.ts'

/** Reads the two lists areas come in: the tree itself, and what changed in it. */

/** Why a line cannot be taken, for lists with Chinese headings and for others; `{}` is what it is about. */
const SENTENCES = {
  'no-code': ['不是 12 位区划代码', 'is no administrative code of 12 digits (2+2+2+3+3)'],
  'no-name': ['名称必填，最多 80 个字符', 'a name of at most 80 characters is needed'],
  'no-day': ['不是日期（如 2026-01-31）', 'is no date (such as 2026-01-31)'],
  'not-yet': ['尚未生效，请在当天或之后导入', 'takes effect on a later day: import it on that day or after'],
  'no-row': ['这一行无法读取', 'the line cannot be read'],
  repeated: ['与第 {} 行重复', 'is the one of line {}, too'],
  'no-parent': ['上级区划 {} 不存在', 'the area above it, {}, is not there'],
  'named-otherwise': ['现名“{}”，改名请用变更表', 'is called "{}" now: a new name belongs into the list of changes'],
  'not-there': ['当天没有这个区划', 'was not there on that day'],
  'same-day': ['当天才设立', 'began on that very day'],
  'ended-already': ['已于 {} 终止', 'ended already, on {}'],
  'other-level': ['新旧代码的级别不同', 'the old code and the new one are of different levels'],
  'within-taken': [
    '下级 {} 会与已有区划重码，请单列一行',
    'what lies in it would take {}, which is another area: give that a line of its own',
  ],
  'begins-later': ['要到 {} 才设立', 'begins only on {}'],
  'name-needed': ['新代码需要名称', 'a new code needs a name'],
} as const
export type AreaFaultCode = keyof typeof SENTENCES

export interface AreaProblem {
  readonly line: number
  readonly code: AreaFaultCode
  readonly reason: string
}
/** Areas hang together: with one bad line nothing of the file is taken. */
export interface AreaReport {
  readonly rows: number
  readonly changed: number
  readonly unchanged: number
  /** Homes that lie in another area from then on. */
  readonly homesMoved: number
  readonly problems: readonly AreaProblem[]
}

/** Collects what is wrong, in the language of the list. */
export class Problems {
  readonly list: AreaProblem[] = []
  readonly #language: 0 | 1

  constructor(headings: readonly string[]) {
    this.#language = headings.some((heading) => /\p{Script=Han}/u.test(heading)) ? 0 : 1
  }

  add(line: number, code: AreaFaultCode, about: string | number = ''): void {
    this.list.push({ line, code, reason: SENTENCES[code][this.#language].replace('{}', () => String(about)) })
  }

  inOrder(): readonly AreaProblem[] {
    return this.list.toSorted((a, b) => a.line - b.line)
  }
}

export interface TreeRow {
  readonly line: number
  readonly code: AreaCode
  readonly name: string
  readonly validFrom: string
}
export interface ChangeRow {
  readonly line: number
  readonly on: string
  readonly code: AreaCode
  readonly became: AreaCode
  /** Empty: the one it has, or the one that is there already. */
  readonly name: string
}

const rowsMax = 1_000_000
const nameCharsMax = 80
/** Older than any list of ours: areas without a date were always there. */
const ALWAYS = '1949-10-01'

const TREE = {
  code: ['code', '区划代码', '代码'],
  name: ['name', '名称', '区划名称'],
  validFrom: ['valid from', '生效日期', '启用日期'],
} as const
const CHANGES = {
  on: ['on', 'date', '日期', '生效日期'],
  code: ['code', 'from', '原代码', '原区划代码'],
  became: ['became', 'to', '新代码', '新区划代码'],
  name: ['name', '名称', '新名称'],
} as const

export interface Read<T> {
  readonly rows: readonly T[]
  readonly problems: Problems
}

export const readTree = (file: AsyncIterable<Uint8Array>): Promise<Read<TreeRow>> =>
  readList(file, TREE, ['code', 'name'], (cell, wrong) => {
    const code = parseAreaCode(cell('code'))
    const name = cell('name')
    const validFrom = cell('validFrom') || ALWAYS
    if (!code) return wrong('no-code')
    if (!isName(name)) return wrong('no-name')
    return isDay(validFrom) ? { code, name, validFrom } : wrong('no-day')
  })

export const readChanges = (file: AsyncIterable<Uint8Array>): Promise<Read<ChangeRow>> =>
  readList(file, CHANGES, ['on', 'code', 'became'], (cell, wrong) => {
    const [on, code, became, name] = [
      cell('on'),
      parseAreaCode(cell('code')),
      parseAreaCode(cell('became')),
      cell('name'),
    ]
    if (!isDay(on)) return wrong('no-day')
    if (!code || !became) return wrong('no-code')
    if (name !== '' && !isName(name)) return wrong('no-name')
    return { on, code, became, name }
  })

async function readList<K extends string, T extends object>(
  file: AsyncIterable<Uint8Array>,
  names: Readonly<Record<K, readonly string[]>>,
  needed: readonly NoInfer<K>[],
  meaning: (cell: (key: K) => string, wrong: (code: AreaFaultCode) => undefined) => T | undefined,
): Promise<Read<T & { readonly line: number }>> {
  const rows: (T & { line: number })[] = []
  let at: Readonly<Record<K, number | undefined>> | undefined
  let problems = new Problems([])
  const take = (item: CsvItem): void => {
    if (!at) {
      if (item.is === 'broken') throw new DomainError('request-malformed', 'the line of headings cannot be read')
      at = columnsOf(item.cells, names, needed)
      problems = new Problems(item.cells)
    } else if (item.is === 'broken') problems.add(item.line, 'no-row')
    else if (item.cells.some((cell) => cell.trim() !== '')) rowOf(item.line, item.cells, at)
  }
  const rowOf = (line: number, cells: readonly string[], columns: Readonly<Record<K, number | undefined>>): void => {
    const row = meaning(
      (key) => (cells[columns[key] ?? -1] ?? '').trim(),
      (code) => {
        problems.add(line, code)
        return undefined
      },
    )
    if (row) rows.push({ ...row, line })
    if (rows.length > rowsMax) throw new DomainError('request-malformed', `the file has more than ${rowsMax} rows`)
  }
  for await (const items of readCsv(file).items) items.forEach(take)
  if (!at) throw new DomainError('request-malformed', 'the file is empty: not even headings')
  return { rows, problems }
}

const isName = (name: string): boolean => name !== '' && name.length <= nameCharsMax && !/[\p{Cc}\uFFFD]/u.test(name)

/** `YYYY-MM-DD`, and a day that was. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}
