import { type CentreId, days, formatInstant, type Instant, plus } from '@anju/contract'
import type {
  EscalationPolicy,
  HomeLack,
  HomeReadiness,
  PolicyReadiness,
  PolicyScope,
  ReadinessAnswer,
  ResponderKind,
  Target,
} from '@anju/contract/api'
import { STANDARD_POLICY } from '../domain/escalation/standard.ts'
import { readinessOf, type Staffing, type Unstaffed } from '../domain/roster/readiness.ts'
import type { Span } from '../domain/roster/span.ts'
import type { Means } from '../domain/roster/ways.ts'
import type { Actor, PersonActor, Transaction } from '../ports.ts'
import type { RosterParts } from './change.ts'
import { type HomeNotAsked, homesNotAsked } from './not-asked.ts'
import { shiftsIn, supervisorsOf } from './on-shift.ts'
import { type ScopeRow, type StoredWay, scopeOf, WAYS } from './rows.ts'

/** It must see whether the centre next door has somebody on duty; of that nothing but the gap is told. */
const READINESS: Actor = { kind: 'system', part: 'readiness' }
const ahead = days(14)
const pageMax = 200
const homesSeenMax = 5_000
const contactsMin = 3
const policiesMax = 1_000

export interface Readiness {
  /** Whether an alarm of this centre would reach a person; its homes that lack something, from after `cursor`. */
  of(actor: PersonActor, cursor: string | undefined): Promise<ReadinessAnswer>
}

export function createReadiness({ database, means }: Pick<RosterParts, 'database' | 'means'>): Readiness {
  return {
    of: ({ centre }, cursor) =>
      database.transaction(READINESS, async (tx) => {
        const [[clock], policies, homes] = await Promise.all([
          tx.query<{ now: Instant }>('select app_now() as now'),
          tx.query<PolicyRow>(
            `select id, home, type, class, tracks from escalation_policy where centre = $1 and removed_at is null
             order by home nulls first, type nulls first, class nulls first limit ${policiesMax}`,
            [centre],
          ),
          homesLacking(tx, centre, cursor, means),
        ])
        const after = cursor ?? ''
        const left = await homesNotAsked(tx, centre, { after, last: homes.nextCursor }, policies)
        const at = clock?.now ?? (0 as Instant)
        const window = { from: at, to: plus(at, ahead) }
        const own = hasOwn(policies)
        const all = [
          ...(own ? [] : [{ policy: null, scope: {}, tracks: STANDARD_POLICY }]),
          ...policies.map((row) => ({ policy: row.id, scope: scopeOf(row), tracks: row.tracks })),
        ]
        const gaps = await gapsOf(
          tx,
          centre,
          all.map(({ tracks }) => tracks),
          window,
          means,
        )
        return {
          at: formatInstant(window.from),
          until: formatInstant(window.to),
          policies: all.map(({ policy, scope }, index) => readinessView(policy, scope, gaps[index] ?? [])),
          homes: { ...homes, items: withNotAsked(homes.items, left) },
        }
      }),
  }
}

/** A home that lacks nothing else is one more of the page. */
function withNotAsked(items: readonly HomeReadiness[], left: readonly HomeNotAsked[]): HomeReadiness[] {
  const known = new Map(items.map((item) => [item.homeId, item]))
  for (const { id, name, contacts, names } of left) {
    const item = known.get(id) ?? { homeId: id, name, contacts, lacks: [] }
    known.set(id, { ...item, lacks: [...item.lacks, 'contact-not-asked'], notAsked: [...names] })
  }
  return [...known.values()].sort((a, b) => (a.homeId < b.homeId ? -1 : 1)).slice(0, pageMax * 2)
}

interface PolicyRow extends ScopeRow {
  id: string
  tracks: EscalationPolicy
}

const gapsMax = 200
export const readinessView = (
  policy: string | null,
  scope: PolicyScope,
  gaps: readonly Unstaffed[],
): PolicyReadiness => ({
  policy,
  scope,
  ok: gaps.length === 0,
  gaps: gaps.slice(0, gapsMax).map(({ from, to, why }) => ({ from: formatInstant(from), to: formatInstant(to), why })),
})

/** How one policy stands from now on, for who is about to save it. */
export async function outlook(
  { database, means }: Pick<RosterParts, 'database' | 'means'>,
  centre: CentreId,
  policy: EscalationPolicy,
): Promise<{ readonly gaps: readonly Unstaffed[]; readonly never: boolean }> {
  return database.transaction(READINESS, async (tx) => {
    const [clock] = await tx.query<{ now: Instant }>('select app_now() as now')
    const from = clock?.now ?? (0 as Instant)
    const [gaps = []] = await gapsOf(tx, centre, [policy], { from, to: plus(from, ahead) }, means)
    const missing = gaps.reduce((sum, gap) => sum + gap.to - gap.from, 0)
    return { gaps, never: missing >= ahead }
  })
}

/** When a life alarm of some home of a centre would reach nobody on duty, from now on. */
export async function gapsOfCentre(
  tx: Transaction,
  centre: CentreId,
  from: Instant,
  means: Means,
): Promise<Unstaffed[]> {
  const policies = await tx.query<PolicyRow>(
    `select id, home, type, class, tracks from escalation_policy
     where centre = $1 and coalesce(class, 'life') = 'life' order by id limit ${policiesMax}`,
    [centre],
  )
  const all = [...(hasOwn(policies) ? [] : [STANDARD_POLICY]), ...policies.map(({ tracks }) => tracks)]
  return (await gapsOf(tx, centre, all, { from, to: plus(from, ahead) }, means)).flat()
}

const hasOwn = (policies: readonly ScopeRow[]): boolean =>
  policies.some(({ home, type, class: of }) => home === null && type === null && of === null)

async function gapsOf(
  tx: Transaction,
  centre: CentreId,
  policies: readonly EscalationPolicy[],
  window: Span,
  means: Means,
): Promise<Unstaffed[][]> {
  const staffings = new Map<string, Staffing>([[centre, await staffingOf(tx, centre, window, means)]])
  const targets = policies.flatMap((policy) => policy.centre.steps.flatMap((step) => step.targets))
  for (const id of othersIn(targets, staffings.get(centre)?.nextCentre ?? null))
    if (!staffings.has(id)) staffings.set(id, await staffingOf(tx, id as CentreId, window, means))
  const gaps = readinessOf(staffings, window, means)
  return policies.map((policy) => gaps(policy.centre, centre))
}

const othersIn = (targets: readonly Target[], next: string | null): string[] => [
  ...new Set(
    targets.flatMap((target) =>
      target.to === 'centre' ? [target.centre] : target.to === 'next-centre' && next !== null ? [next] : [],
    ),
  ),
]

/** With those of their ways only that somebody here can send to: a number that no provider takes rings as little as a dead one. */
async function staffingOf(tx: Transaction, centre: CentreId, window: Span, { sends }: Means): Promise<Staffing> {
  const [shifts, supervisors, everywhere, [own]] = await Promise.all([
    shiftsIn(tx, centre, ['seat', 'on-call', 'supervisor'], window),
    supervisorsOf(tx, centre),
    tx.query<{ kind: ResponderKind; ways: readonly StoredWay[] }>(
      `select kind, ${WAYS('responder', 'responder.id')} as ways from responder
       where centre = $1 and zone = '' and hours is null and removed_at is null order by id limit 200`,
      [centre],
    ),
    tx.query<{ next_centre: string | null; ways: readonly StoredWay[] }>(
      `select next_centre, ${WAYS('centre', 'centre.id')} as ways from centre where id = $1`,
      [centre],
    ),
  ])
  const sent = <T extends { readonly ways: readonly StoredWay[] }>(one: T): T => ({
    ...one,
    ways: one.ways.filter(sends),
  })
  return {
    shifts: shifts.map((shift) => ({
      shift,
      ways: shift.who.ways.filter(sends),
      isSupervisor: shift.role === 'supervisor',
    })),
    supervisors: supervisors.map(sent),
    everywhere: everywhere.map(sent),
    ways: (own?.ways ?? []).filter(sends),
    nextCentre: own?.next_centre ?? null,
  }
}

/**
 * Told by the database alone, home by home in the order of their ids. A page looks at so many homes and no more: where nearly all
 * are well, finding two hundred that are not would mean to look at a whole city while a screen waits.
 */
async function homesLacking(
  tx: Transaction,
  centre: CentreId,
  cursor: string | undefined,
  { channels }: Means,
): Promise<ReadinessAnswer['homes']> {
  const from = [centre, cursor ?? '']
  const [rows, [lastSeen]] = await Promise.all([
    tx.query<HomeRow>(HOMES_LACKING, [...from, contactsMin, [...channels]]),
    tx.query<{ id: string }>(
      `select id from home where centre = $1 and id > $2 order by id offset ${homesSeenMax - 1} limit 1`,
      from,
    ),
  ])
  const items = rows.slice(0, pageMax).map(({ id, name, contacts, living, dead, unproven }): HomeReadiness => {
    const lacks: HomeLack[] = []
    if (contacts < contactsMin) lacks.push('too-few-contacts')
    if (living === 0) lacks.push('no-living-way')
    else if (dead > 0) lacks.push('dead-way')
    if (unproven > 0) lacks.push('contact-not-proven')
    return { homeId: id, name, contacts, lacks }
  })
  const last = rows.length > pageMax ? items.at(-1)?.homeId : lastSeen?.id
  return { items, nextCursor: last ?? null }
}

interface HomeRow {
  id: string
  name: string
  contacts: number
  /** Contacts with a number that works, and with one that does not. */
  living: number
  dead: number
  unproven: number
}

/** What is stored otherwise was never understood (domain/roster/telephone.ts), and no provider can make anything of it. */
const CAN_BE_DIALLED = `(channel not in ('sms', 'voice') or address ~ '^(1[3-9]\\d{9}|\\+[1-9]\\d{6,14})$')`
const HOMES_LACKING = `
  select seen.id, seen.name, people.contacts, people.living, people.dead, people.unproven
  from (select id, name from home where centre = $1 and id > $2 order by id limit ${homesSeenMax}) as seen, lateral (
    select count(*) as contacts, count(*) filter (where ways.living) as living,
      count(*) filter (where ways.dead) as dead,
      count(*) filter (where greatest(contact.last_proven_on, ways.proven_on) is null
        or greatest(contact.last_proven_on, ways.proven_on) < (select app_now()) - interval '1 year') as unproven
    from contact, lateral (
      select coalesce(bool_or(dead_since is null and channel = any($4) and ${CAN_BE_DIALLED}), false) as living,
        bool_or(dead_since is not null) as dead, max(last_proven_on) as proven_on
      from way where owner_kind = 'contact' and owner = contact.id) as ways
    where contact.home = seen.id and contact.removed_at is null) as people
  where people.contacts < $3 or people.living = 0 or people.dead > 0 or people.unproven > 0
  order by seen.id limit ${pageMax + 1}`
