import { ABSENCES, QUANTITIES } from '@anju/contract'
import Type, { type Static, type TProperties } from 'typebox'
import { Compile } from 'typebox/compile'
import { WIDTHS } from '../../protocols/modbus-rtu/register-map.ts'

/**
 * A device as a file that an installer drops in: a register map for Modbus, or a JSON or text payload over MQTT. The same
 * words as `defineProfile`, with durations in seconds and expressions in JSONata where a profile of ours has code.
 */
const object = <T extends TProperties>(properties: T) => Type.Object(properties, { additionalProperties: false })
const Text = Type.String({ minLength: 1, maxLength: 300 })
const keysOf = <Key extends string>(table: Readonly<Record<Key, unknown>>) =>
  Type.Unsafe<Key>(Type.Union(Object.keys(table).map((key) => Type.Literal(key))))
const Seconds = Type.Integer({ minimum: 1, maximum: 604_800 })
/** Each expression may take its whole time, and every other device waits behind it. */
const measuresMax = 64
const eventsMax = 16
const Expression = Type.String({ minLength: 1, maxLength: 2_000 })

const Read = Type.Union([Type.Number(), object({ absent: Type.Union(ABSENCES.map((why) => Type.Literal(why))) })])
const Fails = Type.Union([
  Type.Literal('payload-malformed'),
  Type.Literal('frame-malformed'),
  Type.Literal('frame-unknown'),
])
/** Registers of an answer, four hex digits each. */
const Words = Type.String({ pattern: '^(?:[0-9A-Fa-f]{4}\\s*){1,125}$' })
const Reads = Type.Record(Text, Read)

const common = {
  id: Text,
  name: Text,
  models: Type.Array(Text, { minItems: 1, maxItems: 64 }),
  walkTest: object({ do: Text, proves: Text }),
  wiring: Type.Array(Text, { minItems: 1, maxItems: 32 }),
  knownFaults: Type.Optional(Type.Array(object({ firmware: Text, fault: Text }), { maxItems: 32 })),
}

const RegisterFile = object({
  driver: Type.Literal('modbus-rtu'),
  ...common,
  serial: object({
    baud: Type.Integer({ minimum: 110, maximum: 4_000_000 }),
    parity: Type.Union([Type.Literal('none'), Type.Literal('even'), Type.Literal('odd')]),
    stopBits: Type.Union([Type.Literal(1), Type.Literal(2)]),
  }),
  function: Type.Union([Type.Literal(3), Type.Literal(4)]),
  blocks: Type.Array(
    object({
      from: Type.Integer({ minimum: 0, maximum: 65_535 }),
      count: Type.Integer({ minimum: 1, maximum: 125 }),
      everyS: Type.Optional(Seconds),
    }),
    { minItems: 1, maxItems: 32 },
  ),
  registers: Type.Array(
    object({
      at: Type.Integer({ minimum: 0, maximum: 65_535 }),
      point: Text,
      quantity: keysOf(QUANTITIES),
      format: keysOf(WIDTHS),
      /** What stands there when the meter has no such value. */
      none: Type.Optional(Type.String({ pattern: '^(?:[0-9A-Fa-f]{4}){1,2}$' })),
      exponent: Type.Optional(Type.Integer({ minimum: -9, maximum: 9 })),
      name: Type.Optional(Text),
    }),
    { minItems: 1, maxItems: 128 },
  ),
  examples: Type.Array(
    Type.Union([
      object({ when: Text, from: Type.Integer(), words: Words, reads: Reads }),
      object({ when: Text, from: Type.Integer(), words: Words, fails: Fails }),
    ]),
    { minItems: 2, maxItems: 200 },
  ),
})

const Payload = Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.String({ maxLength: 4_096 })])
const PayloadFile = object({
  driver: Type.Literal('mqtt'),
  ...common,
  topic: Text,
  /** What the expressions are given: the payload as JSON (text that is none is refused), or as it is written. */
  payload: Type.Union([Type.Literal('json'), Type.Literal('text')]),
  supervision: object({ reportEveryS: Seconds, lostAfterS: Seconds }),
  measures: Type.Record(Text, object({ quantity: keysOf(QUANTITIES), name: Text, value: Expression }), {
    maxProperties: measuresMax,
  }),
  events: Type.Record(
    Text,
    Type.Union([
      object({ from: Type.Literal('edge'), when: Expression }),
      object({ from: Type.Literal('level'), of: Text }),
      object({ from: Type.Literal('rise'), of: Text }),
      object({ from: Type.Literal('below'), of: Text, raiseAt: Type.Number(), clearAt: Type.Number() }),
    ]),
    { maxProperties: eventsMax },
  ),
  examples: Type.Array(
    Type.Union([
      object({
        when: Text,
        topic: Type.Optional(Text),
        payload: Payload,
        reads: Reads,
        events: Type.Optional(Type.Array(Text)),
      }),
      object({ when: Text, topic: Type.Optional(Text), payload: Payload, fails: Fails }),
    ]),
    { minItems: 2, maxItems: 200 },
  ),
})
export type RegisterFile = Static<typeof RegisterFile>
export type PayloadFile = Static<typeof PayloadFile>

/** By driver: an error of a union would name every field of every kind. */
export const profileFileSchemas = { 'modbus-rtu': Compile(RegisterFile), mqtt: Compile(PayloadFile) }
