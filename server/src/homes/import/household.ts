import type { CsvItem } from '../../csv.ts'
import {
  type ContactValues,
  HOUSEHOLD,
  type HouseholdKey,
  type HouseholdValues,
  type Layout,
  type Reader,
  type Slot,
} from './columns.ts'
import { type Fault, fault, isFault } from './faults.ts'

/** One row of the list: what it says about one household, and about nothing its file has no column for. */
export interface Household {
  readonly line: number
  readonly externalRef: string
  readonly values: Partial<HouseholdValues>
  /** By slot; null: the file has its columns, and nobody in them. */
  readonly contacts: ReadonlyMap<Slot, Partial<ContactValues> | null>
}

export interface Problem {
  readonly line: number
  /** The heading; empty for the whole row. */
  readonly column: string
  readonly fault: Fault
}

export type ReadRow = { readonly household: Household } | { readonly problems: readonly Problem[] }

/** Every cell is looked at, whatever is wrong with the others. */
export function readRow(layout: Layout, item: CsvItem, readers: { household: Reader; contact: Reader }): ReadRow {
  const { line } = item
  if (item.is === 'broken')
    return { problems: [{ line, column: '', fault: fault(item.why === 'quote' ? 'quote' : 'line-too-long') }] }
  const { cells } = item
  const { headings } = layout
  if (cells.length !== headings.length) {
    const code = cells.length < headings.length ? 'cells-missing' : 'cells-extra'
    return { problems: [{ line, column: '', fault: fault(code, `${cells.length} ≠ ${headings.length}`) }] }
  }
  const problems: Problem[] = []
  const wrong = (at: number, what: Fault) => void problems.push({ line, column: headings[at] ?? '', fault: what })
  const cellAt = (at: number) => (cells[at] ?? '').trim()

  const values: Record<string, unknown> = {}
  for (const { key, at } of layout.household) {
    const cell = cellAt(at)
    const value = cell === '' && 'needed' in HOUSEHOLD[key] ? fault('missing') : readers.household(key, cell)
    if (isFault(value)) wrong(at, value)
    else values[key] = value
  }
  halfAPlace(layout, values, wrong)
  const contacts = new Map<Slot, Partial<ContactValues> | null>()
  for (const { slot, columns } of layout.contacts) {
    if (columns.every(({ at }) => cellAt(at) === '')) {
      contacts.set(slot, null)
      continue
    }
    const contact: Record<string, unknown> = {}
    for (const { key, at } of columns) {
      const cell = cellAt(at)
      const needed = key === 'name' || key === 'phone'
      const value = cell === '' && needed ? fault('contact-incomplete') : readers.contact(key, cell)
      if (isFault(value)) wrong(at, value)
      else contact[key] = value
    }
    contacts.set(slot, contact)
  }
  if (problems.length > 0) return { problems }
  const household = values as HouseholdValues
  return { household: { line, externalRef: household.externalRef, values: household, contacts } }
}

function halfAPlace(layout: Layout, values: Record<string, unknown>, wrong: (at: number, what: Fault) => void): void {
  const at = (key: HouseholdKey) => layout.household.find((one) => one.key === key)?.at
  const [latitude, longitude] = [values['latitude'] ?? null, values['longitude'] ?? null]
  const where = at(latitude === null ? 'latitude' : 'longitude') ?? at('latitude') ?? at('longitude')
  // A cell that was faulty itself is not in `values`, and was said already.
  const both = ['latitude', 'longitude'].every((key) => at(key as HouseholdKey) === undefined || key in values)
  if (where !== undefined && both && (latitude === null) !== (longitude === null)) wrong(where, fault('half-a-place'))
}
