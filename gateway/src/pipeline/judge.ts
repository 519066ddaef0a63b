import type { EventPhase, EventType, Measurement } from '@anju/contract'
import type { EventRule } from '@anju/device-profiles/profile'
import type { DeviceMemory } from '../domain/memory.ts'
import { judgePress } from '../domain/presses.ts'
import type { Delivery, Device, EventDraft, Heard } from '../ports.ts'

/** The readings that go along with an event; a message has a handful, whatever a device may invent. */
const snapshotPointsMax = 32

export interface Judged {
  readonly events: readonly EventDraft[]
  readonly memory: DeviceMemory
}

/**
 * What a device's message declares: presses it names itself, and levels that turned. Pure: the caller stores the memory and
 * the events together, so a crash between them cannot happen.
 */
export function judge(
  device: Device,
  memory: DeviceMemory,
  named: readonly EventType[],
  samples: readonly Measurement[],
  heard: Heard,
  delivery: Delivery | undefined,
): Judged {
  const rules = device.profile.events
  const events: EventDraft[] = []
  let { presses, rises, raised, confirmed } = memory
  const declare = (type: EventType, rule: EventRule, phase: EventPhase) => {
    const snapshot = events[0]?.snapshot ?? snapshotOf(samples)
    events.push({ type, class: rule.class, phase, placement: device.placement, device: device.id, heard, snapshot })
  }

  for (const type of Object.keys(rules) as EventType[]) {
    const rule = rules[type]
    if (!rule) continue
    if (rule.from === 'edge') {
      if (!named.includes(type)) continue
      const verdict = judgePress(presses[type], heard, delivery)
      presses = { ...presses, [type]: verdict.press }
      if (verdict.is === 'press') declare(type, rule, 'raised')
      continue
    }
    const given = samples.find(({ point }) => point === rule.of)?.reading
    // Absent changes nothing: an unknown safety input must not clear an alarm. But it may have ended meanwhile and begun again.
    if (given?.is === 'absent' && confirmed.includes(type)) confirmed = confirmed.filter((one) => one !== type)
    if (given?.is !== 'value') continue
    if (rule.from === 'rise') {
      const before = rises[rule.of]
      if (before !== given.value) rises = { ...rises, [rule.of]: given.value }
      if (before !== undefined && given.value > before) declare(type, rule, 'raised')
      continue
    }
    const begins = rule.from === 'level' ? given.value === 1 : given.value <= rule.raiseAt
    const ends = rule.from === 'level' ? given.value === 0 : given.value >= rule.clearAt
    const isRaised = raised.includes(type)
    if (begins && (!isRaised || (isSafety(rule) && !confirmed.includes(type)))) {
      if (!isRaised) raised = [...raised, type]
      if (isSafety(rule)) confirmed = [...confirmed, type]
      declare(type, rule, 'raised')
    } else if (ends && isRaised) {
      raised = raised.filter((one) => one !== type)
      confirmed = confirmed.filter((one) => one !== type)
      declare(type, rule, 'returned')
    }
  }
  const unchanged =
    presses === memory.presses && rises === memory.rises && raised === memory.raised && confirmed === memory.confirmed
  return { events, memory: unchanged ? memory : { ...memory, presses, rises, raised, confirmed } }
}

/** What a person must handle. */
export const isSafety = (rule: EventRule): boolean => rule.class === 'life' || rule.class === 'hazard'

const snapshotOf = (samples: readonly Measurement[]): Record<string, unknown> =>
  Object.fromEntries(
    samples
      .slice(0, snapshotPointsMax)
      .map(({ point, reading }) => [point, reading.is === 'value' ? reading.value : { absent: reading.why }]),
  )
