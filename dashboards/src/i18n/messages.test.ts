import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  AGENCY_NAMES,
  CHANNELS,
  COMPLETIONS,
  CONDITIONS,
  CONSENT_PURPOSES,
  CONSENT_RECIPIENTS,
  CONTACT_OUTCOMES,
  CONTACT_ROLES,
  DISPOSITIONS,
  FAILURE_REASONS,
  GAP_REASONS,
  GATEWAY_STATES,
  HANDLINGS,
  HOME_LACKS,
  LANGUAGES,
  NOTIFICATION_STATES,
  OUTCOMES,
  PLAN_SOURCES,
  RESPONDER_KINDS,
  RISKS,
  ROLES,
  SHIFT_KINDS,
  STEP_KINDS,
  STEP_STATES,
  TIMELINE_KINDS,
  TRACKS,
} from '@anju/contract/api'
import { EVENT_CLASSES, EVENT_TYPES, RUNGS } from '@anju/contract/event'
import { ABSENCES } from '@anju/contract/reading'
import { IntlMessageFormat } from 'intl-messageformat'
import { describe, expect, test } from 'vitest'
import { en } from './messages-en.ts'
import { zh } from './messages-zh.ts'
import { FAMILIES, type Family } from './words.ts'

const src = fileURLToPath(new URL('..', import.meta.url))
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !path.includes('.test.') && !/i18n\/(messages|words)-/.test(path))
  .map((path) => readFileSync(join(src, path), 'utf8'))

const isWord = (id: string) => (FAMILIES as readonly string[]).includes(id.slice(0, id.indexOf('.')))
const unusedIn = (ids: readonly string[], texts: readonly string[]) =>
  ids.filter((id) => !isWord(id) && !texts.some((text) => text.includes(`'${id}'`)))

/** The closed lists whose every word the page must know. */
const lists: Record<Family, readonly string[]> = {
  event: Object.keys(EVENT_TYPES),
  class: EVENT_CLASSES,
  condition: CONDITIONS,
  handling: HANDLINGS,
  rung: RUNGS,
  kind: TIMELINE_KINDS,
  disposition: Object.keys(DISPOSITIONS),
  cause: [...new Set(Object.values(DISPOSITIONS).flat())],
  outcome: OUTCOMES,
  contact: CONTACT_OUTCOMES,
  absent: [...ABSENCES, 'nothing-received'],
  role: ROLES,
  gateway: GATEWAY_STATES,
  device: ['heard', 'silent', 'never-heard', 'fault', 'up', 'down', 'degraded'],
  mode: ['away', 'hospital', 'test'],
  'step-state': STEP_STATES,
  'plan-source': PLAN_SOURCES,
  'step-kind': STEP_KINDS,
  completion: [...new Set(Object.values(COMPLETIONS).flat())],
  agency: AGENCY_NAMES,
  track: TRACKS,
  'track-state': ['starting', 'running', 'waiting', 'quiet', 'ending', 'ended'],
  target: ['queue', 'seat', 'supervisors', 'shift', 'contact', 'contacts', 'responders', 'centre', 'next-centre'],
  channel: CHANNELS,
  notified: NOTIFICATION_STATES,
  why: FAILURE_REASONS,
  gap: GAP_REASONS,
  lack: HOME_LACKS,
  risk: RISKS,
  'responder-kind': RESPONDER_KINDS,
  'contact-role': CONTACT_ROLES,
  spoken: LANGUAGES,
  purpose: CONSENT_PURPOSES,
  recipient: CONSENT_RECIPIENTS,
  'shift-kind': SHIFT_KINDS,
  weekday: ['1', '2', '3', '4', '5', '6', '7'],
}

describe('the catalogues', () => {
  test('have the same ids in both languages', () => {
    expect(Object.keys(zh).length).toBeGreaterThan(200)
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort())
  })

  test('have each id in one block only: of two, one page would say the other’s sentence', () => {
    const ids = readdirSync(join(src, 'i18n'))
      .filter((name) => /^(messages|words)-.*zh\.ts$/.test(name))
      .flatMap((name) => [...readFileSync(join(src, 'i18n', name), 'utf8').matchAll(/^ {2}'([^']+)':/gm)])
      .map(([, id]) => id)
    expect(ids.length).toBe(Object.keys(zh).length)
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
  })

  test('hold no sentence that no page says', () => {
    expect(sources.length).toBeGreaterThan(30)
    expect(unusedIn(Object.keys(zh), sources)).toEqual([])
    // The search itself can fail.
    expect(unusedIn(['nobody.says-this'], sources)).toEqual(['nobody.says-this'])
  })

  test.for(FAMILIES)('know every word of the closed list %s, and no other', (family) => {
    const ids = Object.keys(zh).filter((id) => id.startsWith(`${family}.`))
    expect(ids.sort()).toEqual(lists[family].map((word) => `${family}.${word}`).sort())
  })

  test('ask for the same values in both languages, and none is empty', () => {
    const ids = Object.keys(zh) as (keyof typeof zh)[]
    expect(ids.filter((id) => zh[id].trim() === '' || en[id].trim() === '')).toEqual([])
    expect(ids.filter((id) => namesIn(zh[id]).join() !== namesIn(en[id]).join())).toEqual([])
    // The search itself sees.
    expect(namesIn('{n, plural, one {a} other {#}} of {x}')).toEqual(['n', 'x'])
  })

  test('are well-formed ICU messages', () => {
    expect(Object.entries({ ...zh, ...en }).filter(([, text]) => !isMessage(text))).toEqual([])
    expect(isMessage('{broken')).toBe(false)
  })
})

function isMessage(text: string): boolean {
  try {
    return new IntlMessageFormat(text, 'en').getAst().length >= 0
  } catch {
    return false
  }
}

const isLiteral = (type: number): boolean => type === 0

/** The values a message asks for, by name: those of the sentence itself, not of a plural's branches. */
function namesIn(text: string): string[] {
  const parts = new IntlMessageFormat(text, 'en').getAst()
  return [...new Set(parts.flatMap((part) => ('value' in part && !isLiteral(part.type) ? [part.value] : [])))].sort()
}
