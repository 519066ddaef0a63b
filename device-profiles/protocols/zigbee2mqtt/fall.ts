import { absent, assertNever, type Reading, reading } from '@anju/contract'
import type { Properties } from './payload.ts'

/** How far a radar's status has come. `unreadable` came and is none of its words; it neither raises nor clears. */
export type FallStage = 'over' | 'suspected' | 'fallen' | 'unreadable' | 'not-reported'
export type FallPoint = 'fall' | 'maybe-fall'

const STAGES = {
  fall_status: { normal: 'over', fall_warning: 'suspected', fall_alarm: 'fallen' },
  fall_down_status: { none: 'over', maybe_fall: 'suspected', fall: 'fallen' },
  // OWON's radar: the same property says where somebody is.
  status: {
    unoccupied: 'over',
    occupied: 'over',
    sitting: 'over',
    on_the_bed: 'over',
    low_posture: 'over',
    falling: 'fallen',
  },
} as const satisfies Record<string, Readonly<Record<string, FallStage>>>
export type FallKey = keyof typeof STAGES
export const FALL_KEYS = Object.keys(STAGES) as readonly FallKey[]

/** Undefined when the message does not speak of it. */
export function fallStageIn(properties: Properties, key: FallKey): FallStage | undefined {
  if (!Object.hasOwn(properties, key)) return undefined
  const word = properties[key]
  const stages: Readonly<Record<string, FallStage>> = STAGES[key]
  const stage = typeof word === 'string' && Object.hasOwn(stages, word) ? stages[word] : undefined
  if (stage) return stage
  // `status` is also a word of many devices that are no radar.
  if (key === 'status') return undefined
  return word === null ? 'not-reported' : 'unreadable'
}

/** A suspected fall is none yet: it starts the spoken prompt. */
export function isFallen(stage: FallStage): Reading {
  switch (stage) {
    case 'over':
    case 'suspected':
    case 'fallen':
      return reading(stage === 'fallen')
    case 'unreadable':
      return absent('invalid')
    case 'not-reported':
      return absent(stage)
    default:
      return assertNever(stage)
  }
}

/** A fall is suspected too, so the suspicion does not end when it is confirmed. */
export function fallIn(properties: Properties, key: FallKey): Partial<Record<FallPoint, Reading>> {
  const stage = fallStageIn(properties, key)
  if (!stage) return {}
  const fall = isFallen(stage)
  return { fall, 'maybe-fall': fall.is === 'absent' ? fall : reading(stage !== 'over') }
}
