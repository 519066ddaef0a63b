import { dirname, join } from 'node:path'
import { type EventClass, instant, minutes, type PersonId, plus, type SessionId, seconds } from '@anju/contract'
import { CONDITIONS, HANDLINGS, type HandlingState } from '@anju/contract/api'
import { type ConditionInput, condition } from '../../server/src/domain/condition.ts'
import { type Handling, handle } from '../../server/src/domain/handling.ts'
import type { HandlingInput } from '../../server/src/domain/handling-input.ts'
import { linksOf } from './documents.ts'

/** A table of a document under a heading: its rows, each as its cells. */
export function tableUnder(text: string, heading: string): string[][] {
  const section = text.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2) // its head and the line below
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

/** The files that the links of a row lead to, from the root. */
export const filesOf = (readme: string, row: readonly string[]): string[] =>
  linksOf(row.join(' ')).map((link) => join(dirname(readme), link))

const INPUTS = ['raised', 'returned', 'unheard', 'heard'] as const satisfies readonly ConditionInput[]
/** What the condition's machine does: an input, and what each condition becomes by it. */
export const conditionRows = (): string[][] =>
  INPUTS.map((input) => [input, ...CONDITIONS.map((given) => condition(given, input))])

const T0 = instant(0)
const now = plus(T0, seconds(10))
const li = { person: 'li' as PersonId, name: 'li', session: 'li' as SessionId }
const chen = { person: 'chen' as PersonId, name: 'chen', session: 'chen' as SessionId }
const zhou = { person: 'zhou' as PersonId, name: 'zhou', session: 'zhou' as SessionId }
const disposition = { code: 'genuine', cause: 'fall', outcome: 'helped-at-home' } as const
const lease = { token: 1, by: li, until: plus(T0, minutes(1)) }
/** li has it, had it, parked it or closed it ten seconds ago. */
const GIVEN: Readonly<Record<HandlingState, Handling>> = {
  new: { at: 'new', since: T0, abandonedBy: null },
  claimed: { at: 'claimed', lease, offer: null },
  'in-progress': { at: 'in-progress', lease, offer: null },
  parked: { at: 'parked', until: plus(T0, minutes(1)), by: li },
  closed: { at: 'closed', disposition, by: li, closedAt: T0 },
}
/** And offers it to chen, where there is something to offer. */
const offered = (given: Handling): Handling =>
  'lease' in given ? { ...given, offer: { to: chen, at: T0, until: plus(T0, minutes(10)), note: null } } : given
const held = { by: li, lease: 1, now }
const said = { handover: '1', caseNumber: null, outcome: null }
interface Move {
  /** What distinguishes it from the others of its input. */
  readonly when?: string
  readonly input: HandlingInput
  readonly class?: EventClass
  readonly offered?: true
}
/** An input that the machine knows and no row has does not compile. */
const MOVES: Readonly<Record<HandlingInput['type'], readonly Move[]>> = {
  occurrence: [{ input: { type: 'occurrence', now } }],
  returned: [
    { when: 'of life or hazard', input: { type: 'returned', now } },
    { when: 'of what is technical', input: { type: 'returned', now }, class: 'technical' },
  ],
  clock: [{ when: 'a minute later', input: { type: 'clock', now: plus(T0, minutes(1)) } }],
  claim: [
    { when: 'by who holds it', input: { type: 'claim', by: li, now } },
    { when: 'by somebody else', input: { type: 'claim', by: chen, now } },
    { when: 'by whom it was offered to', input: { type: 'claim', by: chen, now }, offered: true },
  ],
  takeover: [{ input: { type: 'takeover', by: chen, reason: 'r', now } }],
  renew: [{ input: { type: 'renew', ...held } }],
  release: [{ input: { type: 'release', ...held } }],
  offer: [{ input: { type: 'offer', to: chen, note: 'n', ...held } }],
  'withdraw-offer': [{ input: { type: 'withdraw-offer', ...held }, offered: true }],
  'decline-offer': [
    { when: 'by whom it was offered to', input: { type: 'decline-offer', by: chen, now }, offered: true },
    { when: 'by somebody else', input: { type: 'decline-offer', by: zhou, now }, offered: true },
  ],
  start: [{ input: { type: 'start', ...held } }],
  reveal: [{ input: { type: 'reveal', ...held } }],
  note: [{ input: { type: 'note', text: 't', ...held } }],
  park: [{ input: { type: 'park', for: minutes(5), note: 'n', ...held } }],
  contact: [{ input: { type: 'contact', contact: 'c', reached: true, outcome: 'reached', ...held } }],
  dispatch: [{ input: { type: 'dispatch', responder: 'r', ...held } }],
  step: [{ input: { type: 'step', step: 's', outcome: 'done', note: null, ...held } }],
  manual: [{ input: { type: 'manual', reason: 'r', ...held } }],
  'hand-over': [{ input: { type: 'hand-over', agency: 'ambulance', note: null, onTheWay: false, ...held } }],
  'agency-on-way': [{ input: { type: 'agency-on-way', ...said, ...held } }],
  'agency-answer': [{ input: { type: 'agency-answer', ...said, by: chen, now } }],
  close: [
    { input: { type: 'close', disposition, note: null, ...held } },
    { when: 'with an older lease', input: { type: 'close', disposition, note: null, ...held, lease: 0 } },
  ],
  'undo-close': [{ input: { type: 'undo-close', by: li, now } }],
}
const REFUSED = '–'

/** What the handling's machine does: an input, and where each handling is after it. */
export const handlingRows = (): string[][] =>
  Object.values(MOVES)
    .flat()
    .map(({ input, when, class: eventClass = 'life', offered: isOffered = false }) => [
      when ? `${input.type}, ${when}` : input.type,
      ...HANDLINGS.map((at) => {
        const handling = isOffered ? offered(GIVEN[at]) : GIVEN[at]
        const decision = handle({ class: eventClass, handling, fence: 1 }, input)
        return 'refused' in decision ? REFUSED : decision.becomes.handling.at
      }),
    ])
