import type { ConsentPurpose, Role } from '@anju/contract/api'

/**
 * Who may do what. One table: routes name a row of it, a route without one does not register, and what is not here is denied.
 * `scope` is how far the row reaches: `public` needs no login; `own` is about the caller alone; `centre` is everything of the
 * caller's centre (row-level security sees to it), and for a family member only their own home.
 */
type PolicyRow =
  | { readonly roles: readonly Role[]; readonly scope: 'public' | 'own' }
  | { readonly roles: readonly Exclude<Role, 'family'>[]; readonly scope: 'centre' }
  | ToldToFamily

/**
 * A row that lets relatives in does not compile without it: what of a resident it tells, and so what these must have agreed to
 * (`agreement.ts` is asked before the handler). `null` with its reason beside it: nothing of how anybody is.
 */
interface ToldToFamily {
  readonly roles: readonly Role[]
  readonly scope: 'centre'
  readonly tells: ConsentPurpose | null
}

const everyone = ['operator', 'supervisor', 'installer', 'family', 'admin'] as const

export const POLICY = {
  'page.read': { roles: everyone, scope: 'public' },
  'health.read': { roles: everyone, scope: 'public' },
  'session.open': { roles: everyone, scope: 'public' },
  'session.read': { roles: everyone, scope: 'own' },
  'session.close': { roles: everyone, scope: 'own' },
  /** One's own password and second factor. */
  'account.read': { roles: everyone, scope: 'own' },
  'account.change': { roles: everyone, scope: 'own' },
  /** Those of others: never of a role above one's own, see `mayManage`. */
  'account.manage': { roles: ['supervisor', 'admin'], scope: 'centre' },
  'alarm.read': { roles: ['operator', 'supervisor', 'family', 'admin'], scope: 'centre', tells: 'alarm' },
  'alarm.handle': { roles: ['operator', 'supervisor'], scope: 'centre' },
  'alarm.takeover': { roles: ['supervisor'], scope: 'centre' },
  'plan.manage': { roles: ['supervisor', 'admin'], scope: 'centre' },
  /** A family member says that they go. Whoever holds an answer link may, too: `answer.give`. */
  'alarm.answer': { roles: ['family'], scope: 'centre', tells: 'alarm' },
  /** That they do not come after all is heard from anybody, as by a link; it tells them nothing. */
  'alarm.decline': { roles: ['family'], scope: 'centre', tells: null },
  'answer.read': { roles: everyone, scope: 'public' },
  'answer.give': { roles: everyone, scope: 'public' },
  /** One's own browser, as a way to be reached. */
  'push.read': { roles: everyone, scope: 'own' },
  'push.subscribe': { roles: everyone, scope: 'own' },
  /** Providers: each request proves by its signature who sent it. */
  'callback.take': { roles: everyone, scope: 'public' },
  /** Which colleagues are there to take an alarm on. */
  'console.read': { roles: ['operator', 'supervisor'], scope: 'centre' },
  /** Which seat one's own console is, and what is asked of it. */
  'console.sit': { roles: ['operator', 'supervisor'], scope: 'own' },
  'live.read': { roles: ['operator', 'supervisor', 'admin'], scope: 'centre' },
  /** Which homes there are, by name and address; a relative has known theirs before. `homes/` leaves out of it how the home is. */
  'home.list': { roles: everyone, scope: 'centre', tells: null },
  'home.read': { roles: everyone, scope: 'centre', tells: 'daily-state' },
  'home.mode': { roles: ['operator', 'supervisor', 'installer', 'admin'], scope: 'centre' },
  'contact.read': { roles: ['operator', 'supervisor', 'installer', 'admin'], scope: 'centre' },
  // Whoever commissions a home writes down who is to be told, and what the resident agreed to.
  'contact.write': { roles: ['supervisor', 'installer', 'admin'], scope: 'centre' },
  'consent.read': { roles: ['supervisor', 'installer', 'admin'], scope: 'centre' },
  'consent.write': { roles: ['supervisor', 'installer', 'admin'], scope: 'centre' },
  'roster.read': { roles: ['operator', 'supervisor', 'admin'], scope: 'centre' },
  'roster.write': { roles: ['supervisor', 'admin'], scope: 'centre' },
  'escalation.read': { roles: ['operator', 'supervisor', 'admin'], scope: 'centre' },
  'escalation.write': { roles: ['supervisor', 'admin'], scope: 'centre' },
  'placement.commission': { roles: ['installer', 'admin'], scope: 'centre' },
  'home.change': { roles: ['supervisor', 'installer', 'admin'], scope: 'centre' },
  'resident.change': { roles: ['operator', 'supervisor', 'installer', 'admin'], scope: 'centre' },
  'household.import': { roles: ['supervisor', 'admin'], scope: 'centre' },
  'area.read': { roles: ['operator', 'supervisor', 'installer', 'admin'], scope: 'centre' },
  'measurement.read': { roles: ['operator', 'supervisor', 'installer', 'admin'], scope: 'centre' },
  // All that was measured in a home at once, and its end: whoever answers for the centre.
  'telemetry.export': { roles: ['supervisor', 'admin'], scope: 'centre' },
  'telemetry.erase': { roles: ['supervisor', 'admin'], scope: 'centre' },
  /** The certificate is for whoever asked for the erasure. */
  // That there is nothing any more, and nothing of what there was.
  'erasure.read': { roles: ['supervisor', 'family', 'admin'], scope: 'centre', tells: null },
  'gateway.read': { roles: ['operator', 'supervisor', 'installer', 'admin'], scope: 'centre' },
  'gateway.register': { roles: ['installer', 'admin'], scope: 'centre' },
} as const satisfies Record<string, PolicyRow>

export type PolicyName = keyof typeof POLICY

export const isPolicy = (name: unknown): name is PolicyName => typeof name === 'string' && Object.hasOwn(POLICY, name)

export const isPublic = (name: PolicyName): boolean => POLICY[name].scope === 'public'

/** What of a resident this tells a relative; null: nothing. */
export function tellsFamily(name: PolicyName): ConsentPurpose | null {
  const row: PolicyRow = POLICY[name]
  return 'tells' in row ? row.tells : null
}

export const allows = (name: PolicyName, role: Role): boolean => (POLICY[name].roles as readonly Role[]).includes(role)

const RANK: Readonly<Record<Role, number>> = { family: 0, operator: 1, installer: 1, supervisor: 2, admin: 3 }
/** Whether `role` may give `other` to somebody, and do anything about the account of one who has it. */
export const mayManage = (role: Role, other: Role): boolean =>
  allows('account.manage', role) && RANK[other] <= RANK[role]

/** Personal fields a route may say it reads; the audit names them. */
export const PERSONAL_FIELDS = [
  'home.name',
  'home.address',
  'home.mode',
  'home.arrival',
  'home.location',
  'home.external-ref',
  'resident.name',
  'resident.age',
  'resident.medical',
  'resident.access',
  'resident.language',
  'resident.call-name',
  'resident.risk',
  'resident.categories',
  'resident.hearing',
  'resident.lives-alone',
  'contact.name',
  'contact.phone',
  'contact.note',
  'consent',
  'responder.name',
  'responder.phone',
  'staff.name',
  'staff.phone',
  'alarm',
  'measurement',
  'erasure',
] as const
export type PersonalField = (typeof PERSONAL_FIELDS)[number]

/** What a responder must know of a resident, as an alarm and a home show it; the way in is named when it was uncovered. */
export const RESIDENT_FIELDS: readonly PersonalField[] = [
  'resident.name',
  'resident.age',
  'resident.medical',
  'resident.language',
  'resident.call-name',
  'resident.risk',
  'resident.categories',
  'resident.hearing',
  'resident.lives-alone',
]
