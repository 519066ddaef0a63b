import { type Protocol, type Refused, type Telling, type Told } from '@anju/device-profiles'
import { Printed, type Vector } from './entry.ts'
import { ERRORS, EVENTS, KEYS } from './keys.ts'
import { type Meaning, numbered } from './meaning.ts'
import { compareParts, compareWord, firstOther, near, shifted, text } from './words.ts'

export type Verdict =
  | { readonly is: 'pass' }
  | { readonly is: 'fail'; readonly why: string }
  | { readonly is: 'unjudged'; readonly why: string }

/** `protocol` undefined: no decoder yet. A wrong expectation is a fail, a key without a row in the table never a pass. */
export function judge(vector: Vector, protocol: Protocol | undefined): Verdict {
  const keys = KEYS[vector.protocol]
  if (!protocol || !keys) return { is: 'unjudged', why: '(no decoder yet)' }
  const { crc16 } = vector.expected
  if (keys.crc16?.is === 'crc16' && crc16 !== undefined && Object.keys(vector.expected).length === 1)
    return judgeCrc(keys.crc16.of(vector.bytes), crc16)
  const tellings = protocol.read(vector)
  const { ok, error, frames, decoded, ...rest } = vector.expected
  if (typeof ok !== 'boolean') return { is: 'unjudged', why: 'ok' }
  if (!ok) return judgeRefusal(tellings, error, rest, keys)

  const told = tellings.filter((telling): telling is Told => telling.is === 'told')
  const [first] = told
  if (!first) return { is: 'fail', why: `refused: ${tellings.map(whyOf).join('; ')}` }
  const parts = decoded === undefined ? [] : [decoded].flat()
  return verdictOf((complaints, unknown) => {
    if (error !== undefined) unknown.push('error')
    if (frames !== undefined && !(frames instanceof Printed && frames.value === told.length))
      complaints.push(`frames: ${told.length} found`)
    for (const [index, part] of [rest, ...parts].entries()) {
      const subject = index === 0 ? first : told[index - 1]
      if (!subject || typeof part !== 'object' || part === null) complaints.push(`decoded ${index}: no such frame`)
      else judgePart(part as Record<string, unknown>, subject, told, keys, complaints, unknown)
    }
  })
}

const judgeCrc = (crc: number, wanted: unknown): Verdict =>
  wanted instanceof Printed && wanted.value === crc
    ? { is: 'pass' }
    : { is: 'fail', why: `crc16: ${crc}, not ${text(wanted)}` }

const whyOf = (telling: Telling): string => (telling.is === 'refused' ? telling.why : '')

function judgeRefusal(
  tellings: readonly Telling[],
  error: unknown,
  others: Readonly<Record<string, unknown>>,
  keys: Readonly<Record<string, Meaning>>,
): Verdict {
  if (tellings.some(({ is }) => is === 'told')) return { is: 'fail', why: 'accepted, but must be refused' }
  const refused = tellings.filter((telling): telling is Refused => telling.is === 'refused')
  const reasons = refused.map(({ reason }) => reason)
  if (error !== undefined) {
    const wanted = typeof error === 'string' ? ERRORS[error] : undefined
    if (!wanted) return { is: 'unjudged', why: `error=${text(error)}` }
    if (!reasons[0] || ![wanted].flat().includes(reasons[0]))
      return { is: 'fail', why: `error: refused for ${reasons[0]}, not ${[wanted].flat().join(' or ')}` }
  }
  const words = refused[0]?.words
  if (!words)
    return Object.keys(others).length > 0 ? { is: 'unjudged', why: Object.keys(others).join(' ') } : { is: 'pass' }
  const record: Told = { is: 'told', frame: words, readings: [], events: [] }
  return verdictOf((complaints, unknown) => judgePart(others, record, [record], keys, complaints, unknown))
}

function verdictOf(judgeBy: (complaints: string[], unknown: string[]) => void): Verdict {
  const complaints: string[] = []
  const unknown: string[] = []
  judgeBy(complaints, unknown)
  if (complaints.length > 0) return { is: 'fail', why: complaints.join('; ') }
  return unknown.length > 0 ? { is: 'unjudged', why: [...new Set(unknown)].join(' ') } : { is: 'pass' }
}

function judgePart(
  expected: Readonly<Record<string, unknown>>,
  told: Told,
  all: readonly Told[],
  keys: Readonly<Record<string, Meaning>>,
  complaints: string[],
  unknown: string[],
): void {
  for (const [key, wanted] of Object.entries(expected)) {
    const meaning = Object.hasOwn(keys, key) ? keys[key] : undefined
    const outcome = meaning ? compare(meaning, wanted, told, all) : 'unknown'
    if (outcome === 'unknown') unknown.push(key)
    else if (outcome !== 'same') complaints.push(`${key}: ${outcome}`)
  }
}

/** `same`, `unknown`, or what is different. */
function compare(meaning: Meaning, wanted: unknown, told: Told, all: readonly Told[]): string {
  switch (meaning.is) {
    case 'point':
      // One point more than there should be: a frame that tells too many is told apart.
      if (Array.isArray(wanted))
        return compare(
          { ...meaning, is: 'points', points: numbered(meaning.point, wanted.length + 1) },
          wanted,
          told,
          all,
        )
      return comparePoint(told, meaning.point, wanted, meaning.exponent ?? 0, meaning.inverted ?? false)
    case 'points': {
      if (!Array.isArray(wanted)) return 'not a list in the vector'
      const have = meaning.points.filter((point) => valueOf(told, point) !== undefined)
      if (have.length !== wanted.length) return `${have.length} values, not ${wanted.length}`
      return firstOther(
        wanted.map((one: unknown, i) =>
          comparePoint(told, meaning.points[i] ?? '', one, meaning.exponent ?? 0, meaning.inverted ?? false),
        ),
      )
    }
    case 'word':
      return compareWord(shifted(told.frame[meaning.word], meaning.exponent), wanted, meaning.measured ?? false)
    case 'parts':
      return compareParts(told.frame[meaning.word], wanted)
    case 'inside-of': {
      const part = told.frame[meaning.word]
      const have = typeof part === 'object' && part !== null ? (part as Readonly<Record<string, unknown>>) : {}
      return compareWord(Object.hasOwn(have, meaning.key) ? have[meaning.key] : undefined, wanted, true)
    }
    case 'inside': {
      if (typeof wanted !== 'object' || wanted === null) return `${text(wanted)} is no object`
      const outcomes = Object.entries(wanted).map(([key, one]) => {
        const inner = Object.hasOwn(meaning.keys, key) ? meaning.keys[key] : undefined
        return inner ? compare(inner, one, told, all) : 'unknown'
      })
      return firstOther(outcomes.toSorted((a, b) => Number(a === 'unknown') - Number(b === 'unknown')))
    }
    case 'collected': {
      const words = Array.isArray(wanted) ? all.map(({ frame }) => frame[meaning.word]) : told.frame[meaning.word]
      return compareWord(words, wanted, false)
    }
    case 'any-of': {
      const words = meaning.words.map((name) => told.frame[name]).filter((have) => have !== undefined)
      const outcomes = (words.length > 0 ? words : [undefined]).map((have) => compareWord(have, wanted, false))
      return outcomes.includes('same') ? 'same' : (outcomes[0] ?? 'not told')
    }
    case 'records':
      return compareRecords(told.frame[meaning.word], wanted)
    case 'named': {
      const name = Object.hasOwn(meaning.names, String(wanted)) ? meaning.names[String(wanted)] : undefined
      return name === undefined ? 'unknown' : compareWord(told.frame[meaning.word], name, false)
    }
    // A checksum beside other expectations is those of a frame: the framing has judged it.
    case 'crc16':
      return 'unknown'
    case 'count':
      return wanted instanceof Printed && wanted.value === all.length ? 'same' : `${all.length} frames`
    case 'either': {
      const word = meaning.words.find((name) => told.frame[name] !== undefined)
      return word === undefined ? 'not told' : compareWord(told.frame[word], wanted, false)
    }
    case 'list':
      return compareList(told.frame[meaning.word], wanted, meaning.fields)
    case 'identifier': {
      const { di, diBytes } = told.frame
      const printed =
        typeof wanted === 'string' && wanted.includes(' ') ? `${text(di)} (bytes ${text(diBytes)})` : text(di)
      return compareWord(printed.replaceAll('"', ''), wanted, false)
    }
    case 'event':
      return compareEvent(told, wanted)
    case 'absence': {
      const why = meaning.words[String(wanted)]
      if (!why) return 'unknown'
      const words = why === 'invalid' ? Object.values(told.frame.values ?? {}) : []
      return words.includes(null) || told.readings.some(({ reading }) => reading.is === 'absent' && reading.why === why)
        ? 'same'
        : `no ${why} value`
    }
  }
  return meaning satisfies never
}

/** A list of records, each with its own words. */
function compareList(have: unknown, wanted: unknown, fields: Readonly<Record<string, Meaning>>): string {
  if (!Array.isArray(wanted)) return 'not a list in the vector'
  if (!Array.isArray(have) || have.length !== wanted.length) return `${text(have)}, not ${wanted.length} records`
  const complaints: string[] = []
  const unknown: string[] = []
  for (const [i, one] of (wanted as unknown[]).entries()) {
    if (typeof one !== 'object' || one === null) return 'not a record in the vector'
    const frame = have[i] as Told['frame']
    const record: Told = { is: 'told', frame, readings: [], events: [] }
    judgePart({ ...one }, record, [record], fields, complaints, unknown)
  }
  if (complaints.length > 0) return complaints.join('; ')
  return unknown.length > 0 ? 'unknown' : 'same'
}

/** Undefined when the frame does not speak of the point; null when it is absent. A number that is no reading of ours is a word. */
function valueOf(told: Told, point: string): number | null | undefined {
  const found = told.readings.find((item) => item.point === point)
  if (!found) {
    const { values } = told.frame
    const word =
      typeof values === 'object' && values !== null && Object.hasOwn(values, point)
        ? (values as Readonly<Record<string, unknown>>)[point]
        : undefined
    return typeof word === 'number' || word === null ? word : undefined
  }
  return found.reading.is === 'value' ? found.reading.value : null
}

function comparePoint(told: Told, point: string, wanted: unknown, exponent: number, inverted: boolean): string {
  const value = valueOf(told, point)
  if (wanted === null) return typeof value === 'number' ? `${value}, not absent` : 'same'
  if (typeof value !== 'number') return value === null ? 'absent' : 'not decoded'
  if (typeof wanted === 'boolean') return value === Number(wanted !== inverted) ? 'same' : `${value}, not ${wanted}`
  return wanted instanceof Printed ? near(value * 10 ** exponent, wanted) : 'neither a number nor true or false'
}

function compareRecords(have: unknown, wanted: unknown): string {
  if (!Array.isArray(wanted)) return 'not a list in the vector'
  const records = (Array.isArray(have) ? have : []) as readonly Readonly<Record<string, unknown>>[]
  return firstOther(
    (wanted as unknown[]).map((one) => {
      const index = typeof one === 'object' && one !== null && 'index' in one ? one.index : undefined
      const at = index instanceof Printed ? index.value : -1
      const outcome = compareParts(records[at], one)
      return outcome === 'same' ? outcome : `record ${at}: ${outcome}`
    }),
  )
}
function compareEvent(told: Told, wanted: unknown): string {
  if (wanted === null) return told.events.length === 0 ? 'same' : `${told.events.join()}, not none`
  if (typeof wanted !== 'string') return 'unknown'
  if (wanted.startsWith('button_'))
    return told.frame.action === wanted.slice('button_'.length) ? 'same' : `action ${text(told.frame.action)}`
  const type = EVENTS[wanted]
  if (!type) return 'unknown'
  return told.events.includes(type) ? 'same' : `no ${type}`
}
