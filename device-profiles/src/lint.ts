import { classOf, definitionOf, EVENT_TYPES, hours, isEventType, isQuantity } from '@anju/contract'
import type { EventRule, Example, ProfileData } from './profile.ts'
import { wireOf } from './wires.ts'

/** What is wrong with a profile, and where in it. */
export interface Complaint {
  readonly at: readonly (string | number)[]
  readonly why: string
}

const ID = /^[a-z0-9-]+\/[a-z0-9-]+$/
const POINT = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/
const SENTENCE = /^[A-Z0-9].*\.$/su
const missedReportsMin = 3
const lifeLostAfterMax = hours(24)
const lostAfterMax = hours(72)

/** Wording, units, ranges and proof of a profile, whether it is one of ours or an installer's file; nothing when it is sound. */
export function lint(profile: ProfileData): readonly Complaint[] {
  const complaints: Complaint[] = []
  const must = (holds: boolean, why: string, ...at: (string | number)[]) => {
    if (!holds) complaints.push({ at, why })
  }
  must(ID.test(profile.id), 'is not vendor/model in small letters, digits and hyphens', 'id')
  must(profile.name.trim() !== '' && !profile.name.endsWith('.'), 'is not a name', 'name')
  must(profile.models.length > 0, 'names no model', 'models')
  must(
    (wireOf(profile.driver) !== undefined) === (profile.serial !== undefined),
    'belongs to serial devices, and to all of them',
    'serial',
  )
  must(
    (profile.topic !== undefined) === (profile.driver === 'mqtt'),
    'belongs to MQTT devices, and to all of them',
    'topic',
  )
  must(SENTENCE.test(profile.walkTest.do), 'is not a sentence', 'walkTest', 'do')
  must(
    Object.hasOwn(profile.measures, profile.walkTest.proves) || Object.hasOwn(profile.events, profile.walkTest.proves),
    'is neither an event nor a point of this profile',
    'walkTest',
    'proves',
  )
  must(profile.wiring.length > 0, 'says nothing', 'wiring')
  for (const [i, sentence] of profile.wiring.entries()) must(SENTENCE.test(sentence), 'is not a sentence', 'wiring', i)
  supervision(profile, must)
  measures(profile, must)
  for (const [type, rule] of Object.entries(profile.events)) event(profile, type, rule, must)
  for (const [name, { pattern }] of Object.entries(profile.options ?? {}))
    must(isPattern(pattern), 'is not a regular expression', 'options', name, 'pattern')
  examples(profile, must)
  return complaints
}

type Must = (holds: boolean, why: string, ...at: (string | number)[]) => void

function supervision({ supervision: { reportEvery, lostAfter }, events }: ProfileData, must: Must): void {
  const life = Object.values(events).some((rule) => rule.class === 'life')
  must(lostAfter >= reportEvery * missedReportsMin, 'is less than three missed reports', 'supervision')
  must(lostAfter <= (life ? lifeLostAfterMax : lostAfterMax), `is more than ${life ? 24 : 72} hours`, 'supervision')
}

function measures({ measures: given, events }: ProfileData, must: Must): void {
  // A button that sends a bare code measures nothing; what declares nothing either would be no device.
  must(Object.keys(given).length + Object.keys(events).length > 0, 'measures nothing', 'measures')
  for (const [point, { quantity, name }] of Object.entries(given)) {
    must(POINT.test(point), 'is not a point: small letters, digits and hyphens', 'measures', point)
    must(isQuantity(quantity), `${quantity} is no quantity`, 'measures', point, 'quantity')
    must(name.trim() !== '', 'has no name', 'measures', point, 'name')
  }
  const measured = new Set(Object.values(given).map(({ quantity }) => quantity))
  must(
    !measured.has('battery-level') || 'battery-low' in events,
    'a battery is measured, and nobody is told when it is low',
    'events',
  )
  must(!measured.has('tamper') || 'tamper' in events, 'tampering is measured, and nobody is told', 'events')
}

function event({ measures: given }: ProfileData, type: string, rule: EventRule, must: Must): void {
  const at = ['events', type]
  if (!isEventType(type)) return must(false, `is no event; known are ${Object.keys(EVENT_TYPES).join(', ')}`, ...at)
  must(rule.class === classOf(type), `is of class ${classOf(type)}`, ...at, 'class')
  if (rule.from === 'edge') return
  const measure = Object.hasOwn(given, rule.of) ? given[rule.of] : undefined
  if (!measure || !isQuantity(measure.quantity)) return must(false, `${rule.of} is none of its points`, ...at, 'of')
  const isSwitch = definitionOf(measure.quantity).kind === 'switch'
  must(isSwitch === (rule.from === 'level'), isSwitch ? 'a switch is a level' : 'a number is no level', ...at, 'from')
  must(rule.from !== 'below' || rule.clearAt > rule.raiseAt, 'must be above raiseAt', ...at, 'clearAt')
}

function examples(profile: ProfileData, must: Must): void {
  const all: readonly Example<'mqtt', string>[] = profile.examples as never
  const read = new Set(all.flatMap((example) => ('reads' in example ? Object.keys(example.reads) : [])))
  const told = new Set<string>(all.flatMap((example) => ('reads' in example ? (example.events ?? []) : [])))
  for (const point of Object.keys(profile.measures)) must(read.has(point), `no example reads ${point}`, 'examples')
  for (const [type, { from }] of Object.entries(profile.events))
    must(from !== 'edge' || told.has(type), `no example tells ${type}`, 'examples')
  must(
    all.some((example) => 'fails' in example),
    'none is refused: at least one must be',
    'examples',
  )
  for (const [i, { when }] of all.entries())
    must(all.findIndex((other) => other.when === when) === i, `"${when}" stands twice`, 'examples', i, 'when')
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp
  } catch {
    return false
  }
}
