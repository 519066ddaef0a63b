import type { CentreId } from '@anju/contract'
import type { ContactRole, EscalationPolicy } from '@anju/contract/api'
import { notAsked } from '../domain/roster/not-asked.ts'
import type { Transaction } from '../ports.ts'
import type { ScopeRow } from './rows.ts'

export interface HomeNotAsked {
  readonly id: string
  readonly name: string
  readonly contacts: number
  /** The names of those whom no step asks. */
  readonly names: readonly string[]
}
type Policy = ScopeRow & { readonly tracks: EscalationPolicy }

/**
 * Homes of a centre after `cursor`, up to `last`, with contacts whom its own policies leave out of a life alarm. The standard policy
 * leaves out nobody, so a centre without its own asks nothing more.
 */
export async function homesNotAsked(
  tx: Transaction,
  centre: CentreId,
  { after, last }: { readonly after: string; readonly last: string | null },
  policies: readonly Policy[],
): Promise<HomeNotAsked[]> {
  const own = policies.filter((policy) => policy.class === null || policy.class === 'life')
  if (own.length === 0) return []
  const rows = await tx.query<{ id: string; name: string; contacts: { name: string; role: ContactRole }[] }>(CONTACTS, [
    centre,
    after,
    last,
  ])
  return rows.flatMap(({ id, name, contacts }) => {
    const homes = own.filter(({ home }) => home === id)
    const inForce = homes.length > 0 ? homes : own.filter(({ home }) => home === null)
    const names = new Set(inForce.flatMap(({ tracks }) => notAsked(contacts, tracks.family).map((one) => one.name)))
    return names.size === 0 ? [] : [{ id, name, contacts: contacts.length, names: [...names] }]
  })
}

const CONTACTS = `
  select home.id, home.name,
    jsonb_agg(jsonb_build_object('name', contact.name, 'role', contact.role) order by contact.position, contact.id) as contacts
  from home join contact on contact.home = home.id and contact.removed_at is null
  where home.centre = $1 and home.id > $2 and ($3::text is null or home.id <= $3)
  group by home.id, home.name order by home.id limit 5000`
