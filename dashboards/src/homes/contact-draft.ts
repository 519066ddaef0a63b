import type { Contact, ContactAdd, ContactChange, ContactRole, Hours, Language, Ways } from '@anju/contract/api'
import { changesOf, type Fault } from '../staff/fault.ts'
import { type HoursDraft, hoursDraftOf, hoursFaults, hoursOf } from '../staff/hours-draft.ts'

/** A contact as they stand in the form, right or not. */
export interface ContactDraft {
  readonly name: string
  readonly relation: string
  /** Empty: nothing was recorded. The same of the language. */
  readonly role: ContactRole | ''
  readonly keyHolder: boolean
  readonly language: Language | ''
  readonly hours: HoursDraft
  readonly distanceM: string
  readonly note: string
  /** Of a new one: further ways are added, and changed, one by one. */
  readonly telephone: string
}

export const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7] as const
/** Somebody of the family is asked on Sundays too. */
export const newHours: Hours = { days: [...EVERY_DAY], from: '08:00', to: '22:00' }
export const CONTACT_LIMITS = {
  nameChars: 60,
  relationChars: 20,
  noteChars: 500,
  distanceM: 20_000_000,
} as const

export const emptyContact: ContactDraft = {
  name: '',
  relation: '',
  role: 'family',
  keyHolder: false,
  language: 'zh-CN',
  hours: null,
  distanceM: '',
  note: '',
  telephone: '',
}

export const draftOf = (contact: Contact): ContactDraft => ({
  name: contact.name,
  relation: contact.relation,
  role: contact.role ?? '',
  keyHolder: contact.keyHolder,
  language: contact.language ?? '',
  hours: hoursDraftOf(contact.hours ?? null),
  distanceM: contact.distanceM == null ? '' : String(contact.distanceM),
  note: contact.note ?? '',
  telephone: '',
})

export type Checked = { readonly body: ContactAdd } | { readonly faults: readonly Fault[] }

/** What can be sent, or what is missing, from top to bottom. */
export function checked(draft: ContactDraft): Checked {
  const body = bodyOf(draft)
  const metres = body.distanceM ?? 0
  const faults: Fault[] = []
  if (body.name === '') faults.push({ at: 'contact-name', says: 'homes.name-missing' })
  if (body.relation === '') faults.push({ at: 'contact-relation', says: 'homes.relation-missing' })
  if (!Number.isInteger(metres) || metres < 0 || metres > CONTACT_LIMITS.distanceM)
    faults.push({ at: 'contact-distance', says: 'homes.distance-wrong' })
  faults.push(...hoursFaults(draft.hours))
  return faults.length > 0 ? { faults } : { body }
}

/** Of a contact who was there before: only what was changed, so that what another has changed meanwhile stays. */
export const changed = (before: ContactDraft, now: ContactDraft): ContactChange =>
  changesOf(bodyOf(before), bodyOf(now))

function bodyOf({ role, language, hours, distanceM, telephone, ...draft }: ContactDraft): ContactAdd {
  const ways = waysOf(telephone)
  return {
    name: draft.name.trim(),
    relation: draft.relation.trim(),
    keyHolder: draft.keyHolder,
    hours: hoursOf(hours),
    distanceM: distanceM.trim() === '' ? null : Number(distanceM),
    note: draft.note.trim(),
    ...(role === '' ? {} : { role }),
    ...(language === '' ? {} : { language }),
    ...(ways.length > 0 ? { ways } : {}),
  }
}

/** A mobile is called and takes messages; what is none is called. Whether it is a number at all, the centre says. */
export function waysOf(telephone: string): Ways {
  const address = telephone.trim()
  if (address === '') return []
  const isMobile = /^(?:\+?86)?1[3-9]\d{9}$/.test(address.replaceAll(/[\s().-]/g, ''))
  const call = { channel: 'voice' as const, address }
  return isMobile ? [call, { channel: 'sms', address }] : [call]
}

/** The order after one has moved by a place; the same where there is none to go to. */
export function moved(ids: readonly string[], id: string, by: 1 | -1): readonly string[] {
  const from = ids.indexOf(id)
  const to = from + by
  if (from < 0 || to < 0 || to >= ids.length) return ids
  return ids.toSpliced(from, 1).toSpliced(to, 0, id)
}
