import Type, { type Static } from 'typebox'
import { body, nullable, oneOf, Time } from './schema.ts'

/** The erasure of what was measured in a home, and the certificate of it. */

/** On whose wish: the resident's, their legal representative's, a family member's, or the centre's own duty. */
export const ERASURE_REQUESTERS = ['resident', 'representative', 'family', 'centre'] as const
export type ErasureRequester = (typeof ERASURE_REQUESTERS)[number]

export const ErasureBody = body({
  requestedBy: oneOf(ERASURE_REQUESTERS),
  reason: Type.String({ minLength: 1, maxLength: 500 }),
})
export type ErasureBody = Static<typeof ErasureBody>

/** What was erased; `values` of a bucket of sums are several of each step. */
export const ErasedAmount = Type.Object({
  series: Type.Integer(),
  samples: Type.Integer(),
  buckets: Type.Array(Type.Object({ name: Type.String(), values: Type.Integer() })),
})
export type ErasedAmount = Static<typeof ErasedAmount>

/** What an erasure of measurements leaves, and why it may. */
export const KEPT = ['alarms', 'household', 'audit', 'gateway', 'backups'] as const
export type Kept = (typeof KEPT)[number]

export const ErasureCertificate = Type.Object({
  version: Type.Literal(1),
  id: Type.String(),
  centre: Type.String(),
  home: Type.String(),
  requestedBy: oneOf(ERASURE_REQUESTERS),
  reason: Type.String(),
  /** Who carried it out in the centre's name. */
  by: Type.Object({ person: Type.String(), name: Type.String() }),
  askedAt: Time,
  erasedAt: Time,
  /** It was asked again whether anything had come back; the last time when it was certified. */
  lookedAgainAt: Type.Array(Time),
  certifiedAt: Time,
  /** Samples from before are erased, and those that come later are dropped. */
  until: Time,
  erased: ErasedAmount,
  /** Where it was looked for: every store that the server was told of. */
  stores: Type.Array(Type.String()),
  /** Measurements were once moved there or from there, and the server was not told of it: what it may have is not erased. */
  storesLeft: Type.Array(Type.String()),
  /** What came back between `erasedAt` and `certifiedAt`, and is erased as well. */
  cameBack: ErasedAmount,
  kept: Type.Array(Type.Object({ what: oneOf(KEPT), count: nullable(Type.Integer()) })),
})
export type ErasureCertificate = Static<typeof ErasureCertificate>

export const Erasure = Type.Object({
  id: Type.String(),
  homeId: Type.String(),
  /** `erased`: it is gone, and will be certified when what had read it before has ended. */
  state: oneOf(['begun', 'erased', 'done'] as const),
  requestedBy: oneOf(ERASURE_REQUESTERS),
  reason: Type.String(),
  by: Type.Object({ person: Type.String(), name: Type.String() }),
  until: Time,
  erasedAt: nullable(Time),
  doneAt: nullable(Time),
  certificate: nullable(ErasureCertificate),
  /** The text whose SHA-256 stands beside it: the certificate as JSON, its names in order, without blanks. */
  canonical: nullable(Type.String()),
  sha256: nullable(Type.String()),
  /** Whether the text still has this sum; null while there is none. */
  intact: nullable(Type.Boolean()),
})
export type Erasure = Static<typeof Erasure>
