import type { Brand } from '@anju/contract'
import { AREA_LEVELS, type AreaLevel } from '@anju/contract/area'

/** 12 digits: province 2, city 2, county 2, street 3, community 3; what is below its level is zero. */
export type AreaCode = Brand<string, 'AreaCode'>

/** Where each level's digits end. */
const ENDS: Readonly<Record<AreaLevel, number>> = { province: 2, city: 4, county: 6, street: 9, community: 12 }
const CODE = /^[0-9]{12}$/
const codeDigits = 12

const isZero = (digits: string): boolean => /^0*$/.test(digits)
const padded = (digits: string): AreaCode => digits.padEnd(codeDigits, '0') as AreaCode

/**
 * Undefined for what is no code of that form: another length, no province, a community without a street, a county without a
 * city. A street without a county is one: cities such as Dongguan have none.
 */
export function parseAreaCode(text: string): AreaCode | undefined {
  if (!CODE.test(text)) return undefined
  const [province, city, county, street, community] = AREA_LEVELS.map((level, index) =>
    isZero(text.slice(ENDS[AREA_LEVELS[index - 1] ?? 'province'] * Number(index > 0), ENDS[level])),
  )
  if (province || (city && !(county && street)) || (street && !community)) return undefined
  return text as AreaCode
}

/** The lowest level that has digits. */
export const levelOf = (code: AreaCode): AreaLevel =>
  AREA_LEVELS.findLast(
    (level, index) => index === 0 || !isZero(code.slice(ENDS[AREA_LEVELS[index - 1] ?? level], ENDS[level])),
  ) ?? 'province'

/** The digits that everything inside begins with. */
export const prefixOf = (code: AreaCode): string => code.slice(0, ENDS[levelOf(code)])

/** The next one up that has digits of its own: of a street without a county, the city. Undefined for a province. */
export function parentOf(code: AreaCode): AreaCode | undefined {
  const above = AREA_LEVELS[AREA_LEVELS.indexOf(levelOf(code)) - 1]
  return above && padded(code.slice(0, ENDS[above]))
}

/** From the province down to the parent. */
export function ancestorsOf(code: AreaCode): AreaCode[] {
  const above: AreaCode[] = []
  for (let next = parentOf(code); next; next = parentOf(next)) above.unshift(next)
  return above
}

/** Itself included. */
export const isWithin = (code: AreaCode, area: AreaCode): boolean => code.startsWith(prefixOf(area))

/** The code that something within `from` gets when `from` becomes `to`: the digits below the level stay. */
export function rebased(code: AreaCode, from: AreaCode, to: AreaCode): AreaCode {
  if (code === from) return to
  return padded(prefixOf(to) + code.slice(ENDS[levelOf(from)]))
}

/** How many homes lie in each of these areas or below, and how many in none; the areas do not contain one another. */
export function rollUp(
  areas: readonly AreaCode[],
  counts: readonly { readonly code: string; readonly homes: number }[],
): { readonly of: ReadonlyMap<AreaCode, number>; readonly elsewhere: number } {
  const of = new Map(areas.map((area) => [area, 0]))
  let elsewhere = 0
  for (const { code, homes } of counts) {
    const chain = [code as AreaCode, ...ancestorsOf(code as AreaCode).reverse()]
    const home = chain.find((one) => of.has(one))
    if (home) of.set(home, (of.get(home) ?? 0) + homes)
    else elsewhere += homes
  }
  return { of, elsewhere }
}
