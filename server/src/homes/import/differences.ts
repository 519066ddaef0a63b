import {
  CONTACT,
  type ContactKey,
  type ContactValues,
  type HouseholdKey,
  type HouseholdValues,
  type Slot,
} from './columns.ts'
import type { Household } from './household.ts'
import type { Stored } from './stored.ts'

const EMPTY: Omit<HouseholdValues, 'externalRef'> = {
  name: '',
  address: '',
  areaCode: null,
  timeZone: 'Asia/Shanghai',
  arrival: '',
  latitude: null,
  longitude: null,
  residentName: '',
  bornOn: null,
  callName: '',
  risk: 'standard',
  categories: [],
  medical: [],
  language: '',
  hearing: '',
  livesAlone: true,
  access: '',
}
const NOBODY: ContactValues = {
  name: '',
  relation: '',
  role: 'family',
  phone: '',
  keyHolder: false,
  distanceM: null,
  language: 'zh-CN',
}
const nameCharsMax = 80

/** What has to be done about one contact of a household. */
export type ContactChange =
  | { readonly does: 'add'; readonly slot: Slot; readonly values: ContactValues }
  /** `phoneBefore`: set when the number is another one, so that what was proven of the old one is not believed of the new. */
  | {
      readonly does: 'change'
      readonly id: string
      readonly slot: Slot
      readonly values: ContactValues
      readonly phoneBefore: string | null
    }
  | { readonly does: 'remove'; readonly id: string }

/** What a row of the list makes of a household. */
export interface Change {
  readonly line: number
  /** Undefined: a new one. */
  readonly before: Stored | undefined
  readonly values: HouseholdValues
  /** What is different, in the list's own words; empty when nothing is. */
  readonly fields: readonly string[]
  readonly contacts: readonly ContactChange[]
}

/** What the file has no column for stays as it is; a new household gets what is usual. */
export function changeOf(row: Household, before: Stored | undefined): Change {
  const start = before?.values ?? { ...EMPTY, externalRef: row.externalRef }
  const said = { ...start, ...row.values }
  const values = said.name === '' ? { ...said, name: said.address.slice(0, nameCharsMax) } : said
  const contacts = [...row.contacts].flatMap(([slot, wanted]) => contactChange(slot, wanted, before))
  const fields = before ? keysOf(values).filter((key) => !same(values[key], before.values[key])) : keysOf(values)
  return {
    line: row.line,
    before,
    values,
    fields: [...fields, ...contacts.map(({ slot }) => `contact${slot}`)],
    contacts: contacts.flatMap(({ changes }) => changes),
  }
}

const keysOf = (values: HouseholdValues) => Object.keys(values) as HouseholdKey[]

/** Somebody of another name is somebody else: whoever was there is removed, and what was known of them goes with them. */
function contactChange(
  slot: Slot,
  wanted: Partial<ContactValues> | null,
  before: Stored | undefined,
): { readonly slot: Slot; readonly changes: readonly ContactChange[] }[] {
  const known = before?.contacts.get(slot)
  const remove: ContactChange[] = known ? [{ does: 'remove', id: known.id }] : []
  if (!wanted) return known ? [{ slot, changes: remove }] : []
  if (!known || known.values.name !== wanted.name)
    return [{ slot, changes: [...remove, { does: 'add', slot, values: { ...NOBODY, ...wanted } }] }]
  const values: ContactValues = { ...known.values, ...wanted }
  if ((Object.keys(CONTACT) as ContactKey[]).every((key) => same(values[key], known.values[key]))) return []
  const phoneBefore = values.phone === known.values.phone ? null : known.values.phone
  return [{ slot, changes: [{ does: 'change', id: known.id, slot, values, phoneBefore }] }]
}

function same(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b
  return a.length === b.length && a.every((item, index) => item === b[index])
}
