import { type AreaCode, parseAreaCode } from '../../domain/area.ts'
import { telephoneOf } from '../../domain/roster/telephone.ts'
import { type Fault, fault, isFault } from './faults.ts'

/** What one cell means, or what is wrong with it. Cells come trimmed; an empty one means that nothing is known. */
export type Cell<T> = (cell: string) => T | Fault

const CONTROL = /[\p{Cc}\p{Cs}\u2028\u2029]/u
/** What a spreadsheet runs when somebody opens a list that was made from ours. */
const FORMULA = /^[=+\-@]/

/** A text of one line; in a note, line breaks become blanks. */
export function text(charsMax: number): Cell<string> {
  return (cell) => {
    const joined = cell.replaceAll(/\s*\n\s*/g, ' ')
    if (joined.includes('\uFFFD')) return fault('undecodable')
    if (CONTROL.test(joined)) return fault('unprintable')
    if (FORMULA.test(joined)) return fault('formula', joined[0])
    return joined.length > charsMax ? fault('too-long', charsMax) : joined
  }
}

/** Separated by `;`, `；` or line breaks; each once. */
export function list(entriesMax: number, charsMax: number): Cell<readonly string[]> {
  const entry = text(charsMax)
  return (cell) => {
    const parts = cell.split(/[;；\n]/).map((part) => part.trim())
    const entries: string[] = []
    for (const part of new Set(parts)) {
      if (part === '') continue
      const value = entry(part)
      if (isFault(value)) return value
      entries.push(value)
    }
    return entries.length > entriesMax ? fault('too-many', entriesMax) : entries
  }
}

/** A number kept as text: a spreadsheet that took it for one has lost its digits. */
export function reference(charsMax: number): Cell<string> {
  const plain = text(charsMax)
  return (cell) => (isShortened(cell) ? fault('shortened') : plain(cell))
}

const isShortened = (cell: string): boolean => /^\d(?:\.\d+)?E\+\d+$/i.test(cell)

export const areaCode: Cell<AreaCode | null> = (cell) => {
  if (cell === '') return null
  if (isShortened(cell)) return fault('shortened')
  return parseAreaCode(cell) ?? fault('no-area-code')
}

export function oneOf<T extends string>(words: Readonly<Record<string, T>>, whenEmpty: T): Cell<T> {
  const shown = Object.keys(words).join(' / ')
  return (cell) => (cell === '' ? whenEmpty : (words[cell.toLowerCase()] ?? fault('no-choice', shown)))
}

const YES_NO = { 是: 'yes', 否: 'no', yes: 'yes', no: 'no', true: 'yes', false: 'no', '1': 'yes', '0': 'no' } as const

export function yesNo(whenEmpty: boolean): Cell<boolean> {
  const word = oneOf<'yes' | 'no'>(YES_NO, whenEmpty ? 'yes' : 'no')
  return (cell) => {
    const value = word(cell)
    return isFault(value) ? value : value === 'yes'
  }
}

export function number(least: number, most: number): Cell<number | null> {
  return (cell) => {
    if (cell === '') return null
    const value = Number(cell)
    const sound = /^[+-]?\d+(?:\.\d+)?$/.test(cell) && value >= least && value <= most
    return sound ? value : fault('no-number', `${least} … ${most}`)
  }
}

export function wholeNumber(least: number, most: number): Cell<number | null> {
  const any = number(least, most)
  return (cell) => {
    const value = any(cell)
    return typeof value === 'number' && !Number.isInteger(value) ? fault('no-number', `${least} … ${most}`) : value
  }
}

const DATE =
  /^(\d{4})(?:-(\d{1,2})-(\d{1,2})|\/(\d{1,2})\/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))$/

/** As it is written here and by spreadsheets; `YYYY-MM-DD` comes out. Undefined for a day that never was. */
export function dayOf(cell: string): string | undefined {
  const [, year, ...parts] = DATE.exec(cell) ?? []
  const [month, day] = parts.filter((part) => part !== undefined)
  if (!year || !month || !day) return undefined
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const date = new Date(`${iso}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : undefined
}

/** `today` in the same form. */
export const birthDate =
  (today: string): Cell<string | null> =>
  (cell) => {
    if (cell === '') return null
    const day = dayOf(cell)
    if (!day) return fault('no-date')
    return day >= '1900-01-01' && day <= today ? day : fault('not-born-yet')
  }

/** As it is stored everywhere: what nobody could dial must not be taken for somebody's number. */
export const phone: Cell<string> = (cell) => {
  if (cell === '') return ''
  if (isShortened(cell)) return fault('shortened')
  return telephoneOf(cell)?.number ?? fault('no-phone')
}

const knownZones = new Map<string, boolean>()
const knownZonesMax = 1_000

export const timeZone: Cell<string> = (cell) => {
  if (cell === '') return 'Asia/Shanghai'
  let known = knownZones.get(cell)
  if (known === undefined) {
    known = isTimeZone(cell)
    if (knownZones.size < knownZonesMax) knownZones.set(cell, known)
  }
  return known ? cell : fault('no-time-zone')
}

/** A name such as `Asia/Shanghai`: an offset would be wrong half of the year elsewhere. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*$/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
