/**
 * The closed lists a person chooses from when an alarm is worked and closed. They stand apart from the schemas so that
 * the page can show them without carrying a schema library.
 */

/** Why an alarm was closed: two levels and what came of it. */
export const DISPOSITIONS = {
  genuine: ['fall', 'illness', 'anxiety', 'hazard', 'other'],
  accidental: ['pressed-by-mistake', 'visitor', 'pet', 'other'],
  'false-alarm': ['sensor', 'environment', 'rule', 'other'],
  technical: ['power', 'network', 'battery', 'device', 'other'],
  test: ['installer', 'resident', 'monthly'],
} as const
export type DispositionCode = keyof typeof DISPOSITIONS

export const OUTCOMES = [
  'no-help-needed',
  'helped-at-home',
  'to-hospital',
  'handed-over',
  'refused-help',
  'not-reached',
  'repaired',
] as const
export type Outcome = (typeof OUTCOMES)[number]

export const CONTACT_OUTCOMES = ['reached', 'no-answer', 'busy', 'declined', 'wrong-number'] as const
export type ContactOutcome = (typeof CONTACT_OUTCOMES)[number]
