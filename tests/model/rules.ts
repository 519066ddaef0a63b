import type { Act, Alarm, Asked, Change, Who } from './words.ts'

// How an alarm goes, by the numbered rules of the domain alone and knowing nothing of how it is kept: the machines are compared with
// this. `a` is the alarm, `x` who asks for what and when. What an occurrence does to it stands in `occurrence.ts`.
const MINUTE = 60_000
type Is = (a: Alarm, x: Asked) => boolean
type Becomes<Name> = (a: Alarm, x: Asked, said: Extract<Act, { act: Name }>) => Change
export const isHeld = (a: Alarm): boolean => a.handling === 'claimed' || a.handling === 'in-progress'
const isClosed: Is = (a) => a.handling === 'closed'
const isOpen: Is = (a) => a.handling !== 'closed'
const isOwner: Is = (a, x) => isHeld(a) && a.owner?.session === x.by.session
const isOffered: Is = (a, x) => a.offer?.to === x.by.person
const isFree: Is = (a, x) => !isHeld(a) || isOwner(a, x) || isOffered(a, x)
const isHolder: Is = (a, x) => isOwner(a, x) && x.token === a.fence
const isOver: Is = (_, x) => !x.hasBegunAgain
const isCloser: Is = (a, x) => a.closedBy?.person === x.by.person
const isInTime: Is = (a, x) => a.closedAt !== null && x.now < a.closedAt + MINUTE

/** What must be so, in this order, or it is refused in that word. Rule 11: the rest is for who holds it, by the last token. */
const MUST: { readonly [act in Act['act']]?: Readonly<Record<string, Is>> } = {
  claim: { 'alarm-closed': isOpen, 'claimed-by-other': isFree },
  takeover: { 'alarm-closed': isOpen },
  'decline-offer': { 'transition-refused': isOffered },
  'undo-close': {
    'alarm-not-closed': isClosed,
    'transition-refused': isOver,
    forbidden: isCloser,
    'undo-expired': isInTime,
  },
}
export const refusal = (a: Alarm, x: Asked): string =>
  Object.entries(MUST[x.said.act] ?? { 'lease-stale': isHolder }).find(([, isSo]) => !isSo(a, x))?.[0] ?? ''

const NOBODY = { owner: null, offer: null, left: null }
const UNDONE = { closedBy: null, disposition: null, closedAt: null, L6: null }
const WORKING: Change = { handling: 'in-progress' }
const aMinute = ({ now }: Asked): Change => ({ until: now + MINUTE })
const inHand = (a: Alarm) => (a.handling === 'in-progress' ? 'in-progress' : 'claimed')
const reached = (a: Alarm, { now }: Asked): Change => ({ ...WORKING, L5: a.L5 ?? now })
export const free = (left: Who | null): Change => ({ ...NOBODY, handling: 'new', left })
function taken(a: Alarm, x: Asked, handling: Alarm['handling']): Change {
  return { ...NOBODY, ...aMinute(x), handling, owner: x.by, fence: a.fence + 1, L4: a.L4 ?? x.now }
}
function closed(a: Alarm, closedBy: Who | null, disposition: string, now: number): Change {
  return { ...NOBODY, handling: 'closed', closedBy, disposition, closedAt: now, L6: a.L6 ?? now }
}

/** What becomes of it. Rule 11: who takes it has a minute and a token of their own. Rule 8: reached, or on the way, is contact. */
const BECOMES: { readonly [Name in Act['act']]: Becomes<Name> } = {
  claim: (a, x) => (isOwner(a, x) ? aMinute(x) : taken(a, x, inHand(a))),
  takeover: (a, x) => taken(a, x, inHand(a)),
  'undo-close': (a, x) => ({ ...taken(a, x, 'in-progress'), ...UNDONE }),
  'decline-offer': () => ({ offer: null }),
  renew: (_, x) => aMinute(x),
  release: (_, x) => free(x.by),
  park: (_, { by, now }, { minutes }) => ({ ...free(by), handling: 'parked', until: now + minutes * MINUTE }),
  offer: (_, { now }, { to }) => ({ offer: { to, until: now + 10 * MINUTE } }),
  'withdraw-offer': () => ({ offer: null }),
  note: () => ({}),
  start: () => WORKING,
  contact: (a, x, said) => (said.reached ? reached(a, x) : WORKING),
  dispatch: (a, x) => reached(a, x),
  close: (a, x, { code }) => closed(a, x.by, code, x.now),
}
export const done = (a: Alarm, x: Asked): Change => (BECOMES[x.said.act] as Becomes<Act['act']>)(a, x, x.said)

/** Time alone: rule 11, a lease that is over is gone; rule 1, a park that is over is new; rule 2, nothing else. */
export function passed(a: Alarm, now: number): Change {
  if ((isHeld(a) || a.handling === 'parked') && now >= a.until) return free(a.owner)
  return a.offer && now >= a.offer.until ? { offer: null } : {}
}
/** Rules 1 and 2: an end ends the condition; it closes what is technical and in nobody's hands, and nothing else ever. */
export function ended(a: Alarm, now: number): Change {
  const closes = a.graveness === 'technical' && !isHeld(a)
  return { ...(closes ? closed(a, null, 'technical', now) : {}), condition: 'returned' }
}
