import type { HomeDetail, HomePatch, ResidentPatch, Risk } from '@anju/contract/api'

/** Whom a responder goes to, as they stand in the form. What is covered or only known as an age is written anew, or stays. */
export interface ResidentDraft {
  readonly name: string
  readonly callName: string
  readonly bornOn: string
  readonly risk: Risk
  readonly livesAlone: boolean
  readonly language: string
  readonly hearing: string
  /** One a line. */
  readonly categories: string
  readonly medical: string
  readonly access: string
  readonly address: string
  readonly arrival: string
}

/** As the contract has them; a test holds them to it. */
export const RESIDENT_LIMITS = {
  residentNameChars: 60,
  callNameChars: 40,
  languageChars: 60,
  hearingChars: 100,
  accessChars: 300,
  addressChars: 200,
  arrivalChars: 500,
  medicalLines: 20,
  medicalChars: 200,
  categories: 20,
  categoryChars: 40,
} as const

export function draftOf({ resident, address, arrival = '' }: HomeDetail): ResidentDraft {
  return {
    name: resident?.name ?? '',
    callName: resident?.callName ?? '',
    bornOn: '',
    risk: resident?.risk ?? 'standard',
    livesAlone: resident?.livesAlone ?? true,
    language: resident?.language ?? '',
    hearing: resident?.hearing ?? '',
    categories: (resident?.categories ?? []).join('\n'),
    medical: (resident?.medical ?? []).join('\n'),
    access: '',
    address,
    arrival,
  }
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

const isTooLong = (lines: readonly string[], most: number, chars: number): boolean =>
  lines.length > most || lines.some((line) => line.length > chars)

export type Place = 'name' | 'categories' | 'medical'
export interface Fault {
  readonly at: Place
  readonly says: 'homes.name-missing' | 'homes.lines-too-long'
}
export interface Changes {
  readonly resident: ResidentPatch
  readonly home: HomePatch
}

/** Only what was changed: what another has changed meanwhile stays. */
export function changesOf(before: ResidentDraft, now: ResidentDraft): Changes | { readonly faults: readonly Fault[] } {
  const faults: Fault[] = []
  const { medicalLines, medicalChars, categories, categoryChars } = RESIDENT_LIMITS
  if (now.name.trim() === '') faults.push({ at: 'name', says: 'homes.name-missing' })
  if (isTooLong(linesOf(now.categories), categories, categoryChars))
    faults.push({ at: 'categories', says: 'homes.lines-too-long' })
  if (isTooLong(linesOf(now.medical), medicalLines, medicalChars))
    faults.push({ at: 'medical', says: 'homes.lines-too-long' })
  if (faults.length > 0) return { faults }

  const isNew = <Field extends keyof ResidentDraft>(field: Field) => now[field] !== before[field]
  const text = <
    Field extends 'name' | 'callName' | 'language' | 'hearing' | 'access' | 'bornOn' | 'address' | 'arrival',
  >(
    field: Field,
  ) => (isNew(field) ? { [field]: now[field].trim() } : {})
  return {
    resident: {
      ...text('name'),
      ...text('callName'),
      ...text('bornOn'),
      ...text('language'),
      ...text('hearing'),
      ...text('access'),
      ...(isNew('risk') ? { risk: now.risk } : {}),
      ...(isNew('livesAlone') ? { livesAlone: now.livesAlone } : {}),
      ...(isNew('categories') ? { categories: linesOf(now.categories) } : {}),
      ...(isNew('medical') ? { medical: linesOf(now.medical) } : {}),
    },
    home: { ...text('address'), ...text('arrival') },
  }
}
