import Type, { type Static } from 'typebox'
import { EVENT_CLASSES, LANES, RUNGS } from './event.ts'
import { SERIES_PATTERN, SLUG_PATTERN, ULID_PATTERN } from './ids.ts'
import { parserOf } from './parsed.ts'
import { UNITS } from './quantity.ts'
import { ABSENCES } from './reading.ts'
import { oneOf } from './schema.ts'
import { unstorable } from './storable.ts'
import { INSTANT_MAX, isInstantText } from './time.ts'

/**
 * The uplink between gateway and server, version 1 (MQTT 3.1.1, QoS 1, JSON). Unknown fields are ignored: a newer half may
 * say more. Stored examples of every message live in `tests/compat` and must validate for ever.
 */

/** Longer series belong in several messages; it also bounds what one validation can cost. */
const samplesPerSeriesMax = 4_096
const seriesPerMessageMax = 512

const Slug = Type.String({ pattern: SLUG_PATTERN })
const Ulid = Type.String({ pattern: ULID_PATTERN })
const InstantText = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})$',
  maxLength: 40,
})
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
/** Persisted at the gateway, +1 at each start. */
const Boot = Type.Integer({ minimum: 0, maximum: 2_147_483_647 })
/**
 * Which connection of this boot it is, from 1: a last will may be handled after the first word of the connection that followed, by
 * another server. Without it the gateway is an older one.
 */
const Session = Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 }))
/** Dense per (boot, lane), from 1. */
const Seq = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })

export const Series = Type.Object({
  /** `<placement>/<point>`. */
  p: Type.String({ pattern: SERIES_PATTERN }),
  u: oneOf(UNITS),
  /** Epoch ms of the first sample; `dt[i]` is the distance of sample i from it, in ms, not from its neighbour. */
  t0: Type.Integer({ minimum: -62_135_596_800_000, maximum: 253_402_300_799_999 }),
  dt: Type.Array(Type.Integer({ minimum: 0, maximum: 31 * 86_400_000 }), {
    minItems: 1,
    maxItems: samplesPerSeriesMax,
  }),
  /** As long as `dt`; null where `absent` says why. */
  v: Type.Array(Type.Union([Type.Number(), Type.Null()]), { minItems: 1, maxItems: samplesPerSeriesMax }),
  /** Index in `v` → why there is no value. */
  absent: Type.Optional(Type.Record(Type.String({ pattern: '^\\d{1,4}$' }), oneOf(ABSENCES))),
})
export type Series = Static<typeof Series>

export const TelemetryMessage = Type.Object({
  id: Ulid,
  boot: Boot,
  seq: Seq,
  pendingFrom: Seq,
  sentAt: InstantText,
  series: Type.Array(Series, { minItems: 1, maxItems: seriesPerMessageMax }),
})
export type TelemetryMessage = Static<typeof TelemetryMessage>

export const EventData = Type.Object({
  boot: Boot,
  lane: oneOf(['life', 'technical'] as const),
  seq: Seq,
  pendingFrom: Seq,
  sentAt: InstantText,
  class: oneOf(EVENT_CLASSES),
  device: Slug,
  /** `raised` when absent: an older gateway knew no other. */
  phase: Type.Optional(oneOf(['raised', 'returned'] as const)),
  /** L0: the device was heard. */
  heardAt: InstantText,
  /** L1: on the gateway's disk, after fsync. */
  storedAt: InstantText,
  /** Age at sending, by the gateway's own monotonic clock. */
  elapsedMs: Count,
  /** The gateway restarted since: its monotonic clock began anew, `elapsedMs` is the wall clock's best estimate. */
  elapsedEstimated: Type.Optional(Type.Boolean()),
  /** Pressed or seen while the home or the device was on test. */
  test: Type.Optional(Type.Boolean()),
  /** What else the device said with it; never needed to raise the alarm. */
  snapshot: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 32 })),
})

/** CloudEvents 1.0, structured JSON. */
export const EventMessage = Type.Object({
  specversion: Type.Literal('1.0'),
  id: Ulid,
  /** `anju.<event>`. */
  type: Type.String({ pattern: '^anju\\.[a-z0-9][a-z0-9-]{0,62}$' }),
  /** `/gateways/{gatewayId}`. */
  source: Type.String({ pattern: '^/gateways/[a-z0-9][a-z0-9-]{0,63}$' }),
  /** The placement. */
  subject: Slug,
  /** occurredAt. */
  time: InstantText,
  datacontenttype: Type.Optional(Type.String({ maxLength: 80 })),
  data: EventData,
})
export type EventMessage = Static<typeof EventMessage>

const Queue = Type.Object({ life: Count, technical: Count, telemetry: Count })

export const HealthMessage = Type.Object({
  id: Ulid,
  boot: Boot,
  session: Session,
  seq: Seq,
  sentAt: InstantText,
  uptimeS: Count,
  queue: Queue,
  clock: Type.Object({ synced: Type.Boolean(), offsetMs: Type.Union([Type.Integer(), Type.Null()]) }),
  power: oneOf(['mains', 'battery', 'unknown'] as const),
  links: Type.Array(
    Type.Object({
      id: Type.String({ maxLength: 80 }),
      state: oneOf(['up', 'down', 'degraded'] as const),
      why: Type.Optional(Type.String({ maxLength: 200 })),
    }),
    { maxItems: 32 },
  ),
  devices: Type.Array(
    Type.Object({
      id: Slug,
      placement: Slug,
      profile: Type.String({ maxLength: 80 }),
      state: oneOf(['heard', 'silent', 'never-heard', 'fault'] as const),
      lastHeardAt: Type.Union([InstantText, Type.Null()]),
      /** Whether somebody's life hangs on it, and how long it may say nothing: what its profile says. An older gateway says neither. */
      life: Type.Optional(Type.Boolean()),
      lostAfterS: Type.Optional(Type.Integer({ minimum: 1, maximum: 366 * 86_400 })),
      /** The one of `links` that it hangs on; without it the device hangs on the gateway alone, or the gateway is an older one. */
      link: Type.Optional(Type.String({ maxLength: 80 })),
    }),
    { maxItems: 256 },
  ),
})
export type HealthMessage = Static<typeof HealthMessage>

/** Published by the broker when the gateway's connection dies. */
export const LastWill = Type.Object({ boot: Boot, session: Session, lost: Type.Literal(true) })
export type LastWill = Static<typeof LastWill>

export const ResultMessage = Type.Object({
  command: Ulid,
  ok: Type.Boolean(),
  error: Type.Optional(Type.String({ maxLength: 500 })),
})
export type ResultMessage = Static<typeof ResultMessage>

export const ReportedConfig = Type.Object({ hash: Type.String({ maxLength: 128 }) })
export type ReportedConfig = Static<typeof ReportedConfig>

/** These are committed. Only this settles an outbox entry; a PUBACK is a hint. */
export const Receipt = Type.Object({
  ids: Type.Array(Ulid, { maxItems: 1_024 }),
  /** id → code. Such an entry is never sent again as it was; it goes to the gateway's dead letters. */
  refused: Type.Optional(Type.Record(Ulid, Type.String({ maxLength: 64 }))),
  /** Back-pressure: send nothing more of this lane for so long. Life is never held back. */
  retryAfterS: Type.Optional(Type.Number({ minimum: 0, maximum: 3_600 })),
})
export type Receipt = Static<typeof Receipt>

/** The ladder, so that the home can say who is answering. */
export const HandlingMessage = Type.Object({
  event: Ulid,
  rung: oneOf(RUNGS),
  by: Type.Optional(Type.String({ maxLength: 80 })),
  at: InstantText,
})
export type HandlingMessage = Static<typeof HandlingMessage>

export const RefillCommand = Type.Object({
  id: Ulid,
  kind: Type.Literal('refill'),
  boot: Boot,
  lane: oneOf(LANES),
  from: Seq,
  to: Seq,
  expiresAt: InstantText,
})
/** Commands the server may send. A kind the gateway does not know is answered `{ok: false}`, never ignored. */
export const CommandMessage = Type.Object({ id: Ulid, kind: Type.String({ maxLength: 40 }), expiresAt: InstantText })
export type RefillCommand = Static<typeof RefillCommand>
export type CommandMessage = Static<typeof CommandMessage>

/** What the schema cannot say: columns are of one length, and every null has its reason. */
function columnsAgree(message: TelemetryMessage): string | undefined {
  if (!isInstantText(message.sentAt)) return '/sentAt is not a date'
  for (const [index, { t0, dt, v, absent }] of message.series.entries()) {
    if (dt.length !== v.length) return `/series/${index}: dt has ${dt.length} entries, v has ${v.length}`
    for (let i = 0; i < v.length; i++) {
      const why = absent?.[i]
      if (t0 + (dt[i] ?? 0) > INSTANT_MAX) return `/series/${index}/dt/${i} is beyond the year 9999`
      if (v[i] === null && why === undefined) return `/series/${index}/v/${i} is null and absent does not say why`
      if (v[i] !== null && why !== undefined) return `/series/${index}/v/${i} has a value and a reason for having none`
    }
  }
  return undefined
}

/** A date that the pattern lets through may still be no date (month 13, 30 February). */
function eventIsSound(message: EventMessage): string | undefined {
  const { heardAt, storedAt, sentAt } = message.data
  if (!isInstantText(message.time)) return '/time is not a date'
  if (!isInstantText(heardAt)) return '/data/heardAt is not a date'
  if (!isInstantText(storedAt)) return '/data/storedAt is not a date'
  if (!isInstantText(sentAt)) return '/data/sentAt is not a date'
  return unstorable(message)
}

function healthIsSound(message: HealthMessage): string | undefined {
  if (!isInstantText(message.sentAt)) return '/sentAt is not a date'
  for (const [index, { lastHeardAt }] of message.devices.entries())
    if (lastHeardAt !== null && !isInstantText(lastHeardAt)) return `/devices/${index}/lastHeardAt is not a date`
  return unstorable(message)
}

function handlingIsSound(message: HandlingMessage): string | undefined {
  return isInstantText(message.at) ? undefined : '/at is not a date'
}

function commandIsSound(message: CommandMessage): string | undefined {
  return isInstantText(message.expiresAt) ? undefined : '/expiresAt is not a date'
}

export const parseTelemetry = parserOf<TelemetryMessage>(TelemetryMessage, columnsAgree)
export const parseEvent = parserOf<EventMessage>(EventMessage, eventIsSound)
export const parseHealth = parserOf<HealthMessage>(HealthMessage, healthIsSound)
export const parseLastWill = parserOf<LastWill>(LastWill)
export const parseResult = parserOf<ResultMessage>(ResultMessage, unstorable)
export const parseReportedConfig = parserOf<ReportedConfig>(ReportedConfig, unstorable)
export const parseReceipt = parserOf<Receipt>(Receipt)
export const parseHandling = parserOf<HandlingMessage>(HandlingMessage, handlingIsSound)
export const parseCommand = parserOf<CommandMessage>(CommandMessage, commandIsSound)
export const parseRefill = parserOf<RefillCommand>(RefillCommand, commandIsSound)
