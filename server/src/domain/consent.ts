import { DomainError, type EventClass } from '@anju/contract'
import type { ConsentPurpose } from '@anju/contract/api'

/** What one resident has said about one recipient. */
export interface Word {
  /** In force. */
  readonly given: readonly ConsentPurpose[]
  /** Taken back at some time; given anew it is in `given`, too. */
  readonly withdrawn: readonly ConsentPurpose[]
}

/**
 * Help stands until it is taken back: who is to be told of an alarm, and that somebody comes to mend what calls for help, is what
 * the resident has joined for. What tells how they live is told when they have agreed to it, and not before.
 */
const STANDS: Readonly<Record<ConsentPurpose, 'until-withdrawn' | 'when-given'>> = {
  alarm: 'until-withdrawn',
  'responder-visit': 'until-withdrawn',
  'daily-state': 'when-given',
  routine: 'when-given',
  telemetry: 'when-given',
}

/** Whether all who live there have it so: what is told of a home tells of each of them. Nobody lives there: nobody has agreed. */
export function agreed(purpose: ConsentPurpose, residents: readonly Word[]): boolean {
  const gave = ({ given }: Word) => given.includes(purpose)
  if (STANDS[purpose] === 'when-given') return residents.length > 0 && residents.every(gave)
  return residents.every((word) => gave(word) || !word.withdrawn.includes(purpose))
}

const SEES: Readonly<Record<ConsentPurpose, string>> = {
  alarm: 'the resident has taken back that this contact is told of alarms',
  'daily-state': 'the resident has not agreed that this contact sees how the day goes',
  routine: 'the resident has not agreed that this contact sees their routine',
  telemetry: 'the resident has not agreed that this contact sees what is measured',
  'responder-visit': 'the resident has taken back that this one comes to their home',
}
/** Nobody is in danger: whoever goes there goes to mend something. */
export const isVisit = (of: EventClass): boolean => of === 'technical' || of === 'info'

/** What is missing, said to whoever was refused. */
export const withheld = (purpose: ConsentPurpose): DomainError =>
  new DomainError('consent-missing', SEES[purpose], { purpose })
