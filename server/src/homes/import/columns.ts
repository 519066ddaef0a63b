import { DomainError } from '@anju/contract'
import { PLACE_LIMITS as max } from '@anju/contract/place-limits'
import type { Risk } from '@anju/contract/resident'
import { headingKey } from '../../csv.ts'
import {
  areaCode,
  birthDate,
  type Cell,
  list,
  number,
  oneOf,
  phone,
  reference,
  text,
  timeZone,
  wholeNumber,
  yesNo,
} from './cells.ts'
import type { ListLanguage } from './faults.ts'

/** The columns a list of households may have: what each is called, and what its cells mean. `docs/importing-households.md`. */
interface Column<T> {
  readonly zh: readonly string[]
  readonly en: readonly string[]
  readonly cell: (today: string) => Cell<T>
  readonly needed?: true
}
const column = <T>(zh: string, en: string, cell: Cell<T>, needed?: true): Column<T> => ({
  zh: zh.split('|'),
  en: en.split('|'),
  cell: () => cell,
  ...(needed ? { needed } : {}),
})

const RISK_WORDS: Readonly<Record<string, Risk>> = {
  高: 'high',
  高风险: 'high',
  特殊: 'special',
  特殊困难: 'special',
  一般: 'standard',
  普通: 'standard',
  high: 'high',
  special: 'special',
  standard: 'standard',
}

export const HOUSEHOLD = {
  externalRef: column('编号|户编号|住户编号', 'external ref|reference', reference(max.externalRefChars), true),
  name: column('住户名称|家庭名称', 'home name|home', text(max.homeNameChars)),
  address: column('地址|住址', 'address', text(max.addressChars), true),
  areaCode: column('区划代码|行政区划代码', 'area code|area', areaCode),
  timeZone: column('时区', 'time zone', timeZone),
  arrival: column('到达说明|到达方式', 'arrival', text(max.arrivalChars)),
  latitude: column('纬度', 'latitude|lat', number(-90, 90)),
  longitude: column('经度', 'longitude|lon|lng', number(-180, 180)),
  residentName: column('姓名|老人姓名', 'resident name|resident', text(max.residentNameChars), true),
  bornOn: { zh: ['出生日期', '出生年月日'], en: ['birth date', 'born on'], cell: birthDate } as Column<string | null>,
  callName: column('称呼', 'call name', text(max.callNameChars)),
  risk: column('风险等级|风险', 'risk', oneOf(RISK_WORDS, 'standard')),
  categories: column('类别|人员类别', 'categories|category', list(max.categories, max.categoryChars)),
  medical: column('病史|健康状况', 'medical', list(max.medicalLines, max.medicalChars)),
  language: column('语言|方言', 'language', text(max.languageChars)),
  hearing: column('听力|听力言语', 'hearing', text(max.hearingChars)),
  livesAlone: column('独居|是否独居', 'lives alone|alone', yesNo(true)),
  access: column('进门方式', 'access', text(max.accessChars)),
}
export type HouseholdKey = keyof typeof HOUSEHOLD
type Meaning<C> = C extends Column<infer T> ? T : never
export type HouseholdValues = { readonly [K in HouseholdKey]: Meaning<(typeof HOUSEHOLD)[K]> }

const ROLE_WORDS = {
  家人: 'family',
  亲属: 'family',
  邻居: 'neighbour',
  持钥匙人: 'key-holder',
  family: 'family',
  neighbour: 'neighbour',
  neighbor: 'neighbour',
  'key-holder': 'key-holder',
  'key holder': 'key-holder',
} as const
const LANGUAGE_WORDS = { 中文: 'zh-CN', 普通话: 'zh-CN', 英文: 'en', 'zh-cn': 'zh-CN', zh: 'zh-CN', en: 'en' } as const
type Role = (typeof ROLE_WORDS)[keyof typeof ROLE_WORDS]
type Language = (typeof LANGUAGE_WORDS)[keyof typeof LANGUAGE_WORDS]

/** Of one contact; its number stands in the heading: `联系人1电话`, `contact1_phone`. */
export const CONTACT = {
  name: column('姓名', 'name', text(max.contactNameChars)),
  relation: column('关系', 'relation', text(max.relationChars)),
  role: column('角色', 'role', oneOf<Role>(ROLE_WORDS, 'family')),
  phone: column('电话|手机', 'phone', phone),
  keyHolder: column('持钥匙|有钥匙', 'key holder', yesNo(false)),
  distanceM: column('距离米|距离', 'distance m|distance', wholeNumber(0, 20_000_000)),
  language: column('语言', 'language', oneOf<Language>(LANGUAGE_WORDS, 'zh-CN')),
}
export type ContactKey = keyof typeof CONTACT
export type ContactValues = { readonly [K in ContactKey]: Meaning<(typeof CONTACT)[K]> }
export const SLOTS = [1, 2, 3, 4, 5] as const
export type Slot = (typeof SLOTS)[number]

/** Which column of this file means what. */
export interface Layout {
  readonly headings: readonly string[]
  readonly language: ListLanguage
  readonly household: readonly { readonly key: HouseholdKey; readonly at: number }[]
  /** Those whose name and telephone are columns of the file. */
  readonly contacts: readonly {
    readonly slot: Slot
    readonly columns: readonly { readonly key: ContactKey; readonly at: number }[]
  }[]
}

type Means = { readonly of: 'household'; readonly key: HouseholdKey } | { readonly of: Slot; readonly key: ContactKey }
const MEANINGS = meanings()

function meanings(): ReadonlyMap<string, Means> {
  const known = new Map<string, Means>()
  for (const [key, { zh, en }] of Object.entries(HOUSEHOLD))
    for (const heading of [...zh, ...en]) known.set(headingKey(heading), { of: 'household', key: key as HouseholdKey })
  for (const slot of SLOTS)
    for (const [key, { zh, en }] of Object.entries(CONTACT))
      for (const heading of [...zh.map((one) => `联系人${slot}${one}`), ...en.map((one) => `contact${slot}${one}`)])
        known.set(headingKey(heading), { of: slot, key: key as ContactKey })
  return known
}

/**
 * A heading nobody knows is refused and not left out: a misspelt one would lose what a responder needs.
 * @throws DomainError `request-malformed` naming the heading.
 */
export function layoutOf(headings: readonly string[]): Layout {
  const household: { key: HouseholdKey; at: number }[] = []
  const contacts = new Map<Slot, { key: ContactKey; at: number }[]>()
  const seen = new Map<string, string>()
  headings.forEach((heading, at) => {
    const means = MEANINGS.get(headingKey(heading))
    if (!means) throw new DomainError('request-malformed', `heading "${heading.slice(0, 60)}": is none that is known`)
    const twice = seen.get(`${means.of}/${means.key}`)
    if (twice !== undefined)
      throw new DomainError('request-malformed', `heading "${heading}": means the same as "${twice}"`)
    seen.set(`${means.of}/${means.key}`, heading)
    if (means.of === 'household') household.push({ key: means.key, at })
    else contacts.set(means.of, [...(contacts.get(means.of) ?? []), { key: means.key, at }])
  })
  const language: ListLanguage = headings.some((heading) => /\p{Script=Han}/u.test(heading)) ? 'zh' : 'en'
  for (const [key, one] of Object.entries(HOUSEHOLD) as [HouseholdKey, Column<unknown>][])
    if (one.needed && !household.some((found) => found.key === key))
      throw new DomainError('request-malformed', `heading "${one[language][0]}": is missing`)
  for (const [slot, columns] of contacts)
    for (const key of ['name', 'phone'] as const)
      if (!columns.some((found) => found.key === key))
        throw new DomainError('request-malformed', `heading "${contactHeading(slot, key, language)}": is missing`)
  return {
    headings,
    language,
    household,
    contacts: [...contacts].sort(([a], [b]) => a - b).map(([slot, columns]) => ({ slot, columns })),
  }
}

const contactHeading = (slot: Slot, key: ContactKey, language: ListLanguage): string =>
  language === 'zh' ? `联系人${slot}${CONTACT[key].zh[0]}` : `contact${slot}_${CONTACT[key].en[0]}`

/** What the cell means, or a `Fault`. */
export type Reader = (key: string, cell: string) => unknown
/** `today`: for what may not lie in the future. */
export function cellReaders(today: string): { household: Reader; contact: Reader } {
  const readers = (columns: object) => {
    const made = Object.fromEntries(
      Object.entries(columns as Record<string, Column<unknown>>).map(([key, one]) => [key, one.cell(today)]),
    )
    return (key: string, cell: string) => made[key]?.(cell)
  }
  return { household: readers(HOUSEHOLD), contact: readers(CONTACT) }
}
