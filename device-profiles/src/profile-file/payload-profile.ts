import {
  type Absence,
  absent,
  classOf,
  DomainError,
  definitionOf,
  type EventType,
  plausible,
  type Quantity,
  type Reading,
  reading,
  seconds,
} from '@anju/contract'
import jsonata from 'jsonata'
import { isObject, objectOf, textOf } from '../json-payload.ts'
import type { Decoded, EventRule, Example, MqttMessage, ProfileData } from '../profile.ts'
import type { PayloadFile } from './schema.ts'

/** An MQTT device read by expressions of a file; their library answers later, not at once. */
export interface PayloadProfile extends ProfileData<'mqtt'> {
  /** @throws DomainError `payload-malformed` (as a rejection) when no expression that is asked can be answered, or not in time. */
  readonly decode: (message: MqttMessage) => Promise<Decoded>
}

/** An expression that loops is ended: another device's message waits behind it. */
const guards = { timeout: 50, stack: 100, sequence: 1_000 }

export interface Question {
  readonly expression: jsonata.Expression
  /** The fields of the message that it begins with. */
  readonly fields: readonly string[]
}

/** @throws Error with `position` when the text is no expression. */
export function compile(text: string): Question {
  const expression = jsonata(text, guards)
  if (hasPattern(expression.ast()))
    throw new Error('a regular expression may run for ever on a message made for it: name the words instead')
  return { expression, fields: [...fieldsOf(expression.ast())] }
}

type Part = jsonata.ExprNode & { readonly condition?: Part; readonly then?: Part; readonly else?: Part }

/** The guard on time cannot interrupt a regular expression. */
const hasPattern = (node: unknown): boolean =>
  typeof node === 'object' &&
  node !== null &&
  (('type' in node && node.type === 'regex') || Object.values(node).some(hasPattern))

/** Names at the beginning of paths; what stands behind them belongs to what they lead to. */
function fieldsOf(node: Part): Set<string> {
  const [first] = node.steps ?? []
  if (first) return first.type === 'name' && typeof first.value === 'string' ? new Set([first.value]) : fieldsOf(first)
  const parts = [node.lhs, node.rhs, node.condition, node.then, node.else, node.arguments, node.expressions]
  return new Set(parts.flat(3).flatMap((part) => (part ? [...fieldsOf(part)] : [])))
}

export function payloadProfile(file: PayloadFile): PayloadProfile {
  const measures = Object.entries(file.measures).map(([point, { quantity, value }]) => ({
    point,
    quantity,
    value: compile(value),
  }))
  const edges = Object.entries(file.events).flatMap(([type, rule]) =>
    rule.from === 'edge' ? [{ type: type as EventType, when: compile(rule.when) }] : [],
  )

  async function decode({ topic, payload }: MqttMessage): Promise<Decoded> {
    const input: unknown = file.payload === 'json' ? objectOf(payload) : textOf(payload).trim()
    const events: EventType[] = []
    const readings: Record<string, Reading> = {}
    const unread: { of: string; error: unknown }[] = []
    for (const { type, when } of edges)
      try {
        if ((await answer(when, input, topic, type)) === true) events.push(type)
      } catch (error) {
        unread.push({ of: type, error })
      }
    for (const { point, quantity, value } of measures)
      try {
        const given = readingOf(quantity, await answer(value, input, topic, point))
        if (given) readings[point] = given
      } catch (error) {
        unread.push({ of: point, error })
      }
    // A press must not be lost because the battery beside it cannot be read: a message is refused when nothing in it can be.
    const [first] = unread
    if (first && events.length === 0 && Object.keys(readings).length === 0) throw first.error
    for (const { of } of unread) if (Object.hasOwn(file.measures, of)) readings[of] = absent('invalid')
    return { readings, events }
  }

  return {
    id: file.id,
    name: file.name,
    driver: 'mqtt',
    topic: file.topic,
    models: file.models,
    supervision: {
      reportEvery: seconds(file.supervision.reportEveryS),
      lostAfter: seconds(file.supervision.lostAfterS),
    },
    measures: Object.fromEntries(
      Object.entries(file.measures).map(([point, { quantity, name }]) => [point, { quantity, name }]),
    ),
    events: Object.fromEntries(Object.entries(file.events).map(([type, rule]) => [type, ruleOf(type, rule)])),
    walkTest: file.walkTest,
    wiring: file.wiring,
    ...(file.knownFaults && { knownFaults: file.knownFaults }),
    decode,
    examples: file.examples.map((example) => exampleOf(file, example)),
  }
}

/** Nothing was said of what none of its fields is there for, and what is `null` in all of them was not reported. */
async function answer({ expression, fields }: Question, input: unknown, topic: string, of: string): Promise<unknown> {
  if (isObject(input) && fields.length > 0) {
    const given = fields.flatMap((field) => (Object.hasOwn(input, field) ? [input[field]] : []))
    if (given.length === 0) return undefined
    if (given.every((value) => value === null)) return null
  }
  try {
    return await expression.evaluate(input, { topic })
  } catch (error) {
    const why = error instanceof Error || isProblem(error) ? error.message : String(error)
    throw new DomainError('payload-malformed', `${of}: ${why}`, {}, { cause: error })
  }
}
/** The library throws plain objects. */
const isProblem = (error: unknown): error is { readonly message: string } =>
  typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string'

/** Nothing is not spoken of, `null` is not reported, and anything that is no number (no switch) is invalid: never 0. */
function readingOf(quantity: Quantity, value: unknown): Reading | undefined {
  if (value === undefined) return undefined
  if (value === null) return absent('not-reported')
  const isSwitch = definitionOf(quantity).kind === 'switch'
  if (isSwitch) return typeof value === 'boolean' || value === 0 || value === 1 ? reading(value) : absent('invalid')
  return typeof value === 'number' ? plausible(quantity, reading(value)) : absent('invalid')
}

function ruleOf(type: string, rule: PayloadFile['events'][string]): EventRule {
  const eventClass = classOf(type as EventType)
  return rule.from === 'edge' ? { class: eventClass, from: 'edge' } : { class: eventClass, ...rule }
}

export const readsOf = (
  reads: Readonly<Record<string, number | { readonly absent: Absence }>>,
): Record<string, Reading> =>
  Object.fromEntries(
    Object.entries(reads).map(([point, given]) => [
      point,
      typeof given === 'number' ? reading(given) : absent(given.absent),
    ]),
  )

function exampleOf(file: PayloadFile, example: PayloadFile['examples'][number]): Example<'mqtt', string> {
  const { when, topic = file.topic, payload } = example
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
  const input = { topic, payload: new TextEncoder().encode(text) }
  return 'fails' in example
    ? { when, input, fails: example.fails }
    : { when, input, reads: readsOf(example.reads), events: (example.events ?? []) as EventType[] }
}
