import { classOf, type EventType, type Instant, type Millis, seconds } from '@anju/contract'
import type { Heard } from '../ports.ts'
import type { DeviceMemory, Sequence } from './memory.ts'
import { noting, type OddityKind } from './oddities.ts'

export interface Arrival {
  /** The edges it names. */
  readonly named: readonly EventType[]
  readonly sequence: MessageNumber | undefined
  readonly heard: Heard
  /** Kept from before, by whoever sends it. */
  readonly retained: boolean
  /** How long ago the device's bridge said that it came back to the network; undefined when it did not. */
  readonly announcedAgo?: Millis | undefined
}

export interface MessageNumber {
  readonly number: number
  readonly guard: 'rises' | 'differs'
}

export interface Admission {
  readonly memory: DeviceMemory
  /** False: it was said before, and says nothing now. */
  readonly counts: boolean
  /** The edges that may be declared. */
  readonly named: readonly EventType[]
  /** A life event that was not believed: somebody should ask. */
  readonly doubted: readonly EventType[]
  /** Why it was not. */
  readonly why?: OddityKind
}

/** The same number again within this time is the same message on the air again; later it is a counter of one byte come round. */
const repeatedWithin = seconds(20)

/** Numbers so little below the newest are packets that somebody may have recorded; a device that counts anew begins far below. */
const recordedMax = 64

/**
 * A button that comes back to its network may repeat what it last said, within the second; one that had to come back because
 * it was pressed says so some seconds later, when it has been let in (decision 9).
 */
const announcementTalksFor = seconds(2)

/** Whether a message is fresh: its sequence number, and whether somebody kept it. */
export function admit(memory: DeviceMemory, arrival: Arrival): Admission {
  const { named: events, sequence, heard, retained, announcedAgo } = arrival
  const doubting = (known: DeviceMemory, why: OddityKind, of: readonly string[]) =>
    ({ memory: noted(known, why, of, heard.at), named: [], doubted: events.filter(isLife), why }) as const
  // A bridge that keeps its messages sends a fresh press so too, when it was made while the bridge was not connected.
  if (retained) return { ...doubting(memory, 'press-retained', events), counts: true }
  if (events.length > 0 && announcedAgo !== undefined && announcedAgo < announcementTalksFor)
    return { ...doubting(memory, 'press-announced', events), counts: true }
  if (!sequence) return { memory, counts: true, named: events, doubted: [] }
  const verdict = judgeSequence(memory.sequence, sequence, heard.at)
  const remembered = { ...memory, sequence: verdict.sequence }
  switch (verdict.is) {
    case 'new':
      return { memory: remembered, counts: true, named: events, doubted: [] }
    case 'restarted':
      return {
        memory: noted(remembered, 'count-restarted', ['message'], heard.at),
        counts: true,
        named: events,
        doubted: [],
      }
    case 'repeated':
      return { memory: remembered, counts: false, named: [], doubted: [] }
    case 'replayed':
      return {
        ...doubting(remembered, 'message-replayed', events.length > 0 ? events : ['message']),
        counts: false,
      }
  }
  return verdict.is satisfies never
}

const isLife = (type: EventType): boolean => classOf(type) === 'life'

const noted = (memory: DeviceMemory, kind: OddityKind, of: readonly string[], at: Instant): DeviceMemory =>
  of.reduce((known, one) => ({ ...known, oddities: noting(known.oddities, kind, one, at) }), memory)

/**
 * A device whose battery was changed may begin to count anew. Its first message is taken for a replay (and a press in it is
 * brought before a person as doubtful); one that goes on from there is believed.
 */
function judgeSequence(
  before: Sequence | undefined,
  { number, guard }: MessageNumber,
  at: Instant,
): { readonly is: 'new' | 'repeated' | 'replayed' | 'restarted'; readonly sequence: Sequence } {
  const next = { number, at }
  if (!before) return { is: 'new', sequence: next }
  if (guard === 'differs') {
    const same = number === before.number && Math.abs(at - before.at) < repeatedWithin
    return { is: same ? 'repeated' : 'new', sequence: same ? before : next }
  }
  if (number > before.number) return { is: 'new', sequence: next }
  if (number === before.number && Math.abs(at - before.at) < repeatedWithin) return { is: 'repeated', sequence: before }
  const anew = before.candidate !== undefined && number > before.candidate && number < before.number - recordedMax
  if (anew) return { is: 'restarted', sequence: next }
  return { is: 'replayed', sequence: { ...before, candidate: number } }
}
