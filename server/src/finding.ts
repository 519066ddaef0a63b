import { pinyin } from 'pinyin-pro'
import { telephoneOf } from './domain/roster/telephone.ts'

/**
 * What a home is found by when somebody types a few letters: the resident's name, its initials and its sounds in pinyin, the
 * door. Worked out when a home is written, so that a search only compares beginnings.
 */
export interface FoundBy {
  readonly name: string
  readonly initials: string
  readonly pinyin: string
  /** `3-2-501`; empty where the address names none. */
  readonly door: string
}

export interface Findable {
  readonly residentName: string | null
  readonly name: string
  readonly address: string
}

export const searchKey = (text: string): string => text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, '')

export function foundBy({ residentName, name, address }: Findable): FoundBy {
  const called = residentName ?? name
  const sounds = soundsOf(called)
  return {
    name: searchKey(called),
    initials: sounds.map((sound) => sound[0] ?? '').join(''),
    pinyin: sounds.join(''),
    door: doorOf(address) ?? doorOf(name) ?? '',
  }
}

/** One sound for each character, one for each Latin word; a first character is read as the surname it usually is (单 is shan). */
function soundsOf(name: string): string[] {
  const syllables = pinyin(name.normalize('NFKC'), {
    toneType: 'none',
    type: 'array',
    surname: 'head',
    nonZh: 'consecutive',
    v: true,
  })
  return syllables.flatMap((syllable) => syllable.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
}

const BUILDING_UNIT_ROOM =
  /(\d+)\s*(?:号楼|幢|栋|座|楼|#)[^\d]{0,4}(?:(\d+)\s*(?:单元|门)[^\d]{0,4})?(\d{2,5})\s*(?:室|号|户)?(?!\d)/
const WRITTEN = /(?<![\d-])(\d{1,4}(?:-\d{1,5}){1,3})(?![\d-])/

/** Building, unit and room, as people say a door: `3-2-501`. */
export function doorOf(text: string): string | undefined {
  const plain = text.normalize('NFKC').replaceAll(/[‐‑–—]/g, '-')
  const [, building, unit, room] = BUILDING_UNIT_ROOM.exec(plain) ?? []
  if (building && room) return [building, unit, room].filter(Boolean).join('-')
  return WRITTEN.exec(plain)?.[1]
}

/** How a typed text is looked for: every word must be found. */
export interface Sought {
  readonly words: readonly string[]
  /** Of the whole text, when it names one. */
  readonly door: string | undefined
  readonly number: SoughtNumber | undefined
}
/** Digits of a telephone number as it is stored (`domain/roster/telephone.ts`), which is not how the caller's telephone shows it. */
export interface SoughtNumber {
  /** It begins like one of these. */
  readonly begins: readonly string[]
  /** Or ends so: people remember how a number ends. */
  readonly ends: string
}
const wordsMax = 4
/** Fewer digits mean nobody. */
const digitsMin = 3

export function soughtBy(text: string): Sought {
  const door = doorOf(text)
  const key = searchKey(text)
  const words = door ? [key] : text.trim().split(/\s+/).slice(0, wordsMax).map(searchKey)
  return { words: words.filter((word) => word !== ''), door, number: numberIn(key) }
}

function numberIn(key: string): SoughtNumber | undefined {
  const digits = key.replaceAll(/[()-]/g, '')
  if (!/^\+?\d+$/.test(digits) || digits.length < digitsMin) return undefined
  const whole = telephoneOf(digits)?.number
  // The beginning of one: of a mobile, which is stored bare, or of a fixed line, which is stored with the country before it.
  const rest = digits.replace(/^(?:(?:\+|00)?860?|0)/, '')
  const begun = /^\d+$/.test(rest) && rest.length >= digitsMin ? [rest, `+86${rest}`] : []
  return { begins: [...new Set([digits, ...(whole ? [whole] : begun)])], ends: digits }
}
