/** What is said to an alarm, and what is known of it: the words in which its rules are written. */
export interface Told {
  readonly graveness: 'life' | 'hazard' | 'technical' | 'info'
  readonly ended: boolean
  readonly occurredAt: number
  readonly heardAt: number
  readonly ageMs: number
  readonly test: boolean
  /** The gateway's own number: what was said first has the lower one, whatever came in first. */
  readonly nth: number
}
export type Act =
  | Plain<'claim' | 'renew' | 'release' | 'start' | 'note' | 'dispatch' | 'undo-close' | 'takeover'>
  | Plain<'withdraw-offer' | 'decline-offer'>
  | { readonly act: 'offer'; readonly to: string }
  | { readonly act: 'park'; readonly minutes: number }
  | { readonly act: 'contact'; readonly reached: boolean }
  | { readonly act: 'close'; readonly code: string }
type Plain<Name> = Name extends string ? { readonly act: Name } : never
export interface Who {
  readonly person: string
  readonly session: string
}
/** Somebody wants something done: with the token they hold, at that moment. */
export interface Asked {
  readonly said: Act
  readonly by: Who
  readonly token: number
  readonly now: number
  /** There is an open alarm of the same episode by now. */
  readonly hasBegunAgain: boolean
}

export interface Alarm {
  readonly kind: 'the thing' | 'its button'
  readonly graveness: string
  /** Of its first occurrence, when it came in. */
  readonly ageMs: number
  readonly condition: 'active' | 'returned'
  readonly handling: 'new' | 'claimed' | 'in-progress' | 'parked' | 'closed'
  readonly owner: Who | null
  /** Who lost or gave it back; who parked it. */
  readonly left: Who | null
  readonly closedBy: Who | null
  /** To whom its owner offers it, and until when. */
  readonly offer: { readonly to: string; readonly until: number } | null
  /** The end of its lease, or of its park. */
  readonly until: number
  readonly fence: number
  readonly disposition: string | null
  readonly closedAt: number | null
  readonly occurrences: number
  readonly firstAt: number
  readonly lastAt: number
  readonly heard: readonly number[]
  readonly realertedAt: number
  readonly realerts: number
  /** Occurrences after the first that came late, and those of them that rang for nobody. */
  readonly lates: number
  readonly quiet: number
  readonly stuck: boolean
  readonly test: boolean
  /** The number of its latest occurrence. */
  readonly begun: number
  readonly L4: number | null
  readonly L5: number | null
  readonly L6: number | null
}
/** What becomes different of an alarm. */
export type Change = Partial<Alarm>

const BEFORE = {
  condition: 'active',
  handling: 'new',
  owner: null,
  left: null,
  closedBy: null,
  offer: null,
  until: 0,
  fence: 0,
  disposition: null,
  closedAt: null,
  occurrences: 0,
  firstAt: Number.POSITIVE_INFINITY,
  lastAt: Number.NEGATIVE_INFINITY,
  heard: [],
  realertedAt: Number.NEGATIVE_INFINITY,
  realerts: 0,
  lates: 0,
  quiet: 0,
  stuck: false,
  test: true,
  begun: Number.NEGATIVE_INFINITY,
  L4: null,
  L5: null,
  L6: null,
} as const
/** Nothing has happened to it yet, not even what it is about. */
export const unborn = (kind: Alarm['kind'], graveness: string, ageMs: number): Alarm => ({
  kind,
  graveness,
  ageMs,
  ...BEFORE,
})
