import type { ConsentPurpose } from '@anju/contract/api'
import { agreed, type Word } from '../domain/consent.ts'
import type { PersonActor, Transaction } from '../ports.ts'
import { WORDS } from '../roster/rows.ts'

interface About {
  /** The contact they are was taken off the home's list: whoever that was is nobody to be told of it any more. */
  readonly removed: boolean
  readonly words: readonly Word[]
}

/** Asked anew at each reading: what was taken back a moment ago is not told any more. An account that is no contact is nobody's. */
const ABOUT_RELATIVE = `select contact.removed_at is not null as removed,
    (select coalesce(jsonb_agg(word), '[]') from (${WORDS('contact', 'person.home', 'person.contact')}) as word) as words
  from person left join contact on contact.id = person.contact where person.id = $1`

/** Whether the residents of a relative's home have it so that they are told of this. */
export async function relativeMayKnow(
  tx: Transaction,
  { person }: PersonActor,
  purpose: ConsentPurpose,
): Promise<boolean> {
  const [about] = await tx.query<About>(ABOUT_RELATIVE, [person], 'agreement')
  return about !== undefined && !about.removed && agreed(purpose, about.words)
}
