import type { ConsentPurpose } from '@anju/contract/api'
import { agreed, type Word } from '../domain/consent.ts'
import type { PersonActor } from '../people/people.ts'
import type { Transaction } from '../ports.ts'
import { WORDS } from '../roster/rows.ts'

/** Asked anew at each reading: what was taken back a moment ago is not told any more. An account that is no contact is nobody's. */
const ABOUT_RELATIVE = `select word.given, word.withdrawn from person, lateral (${WORDS('contact', 'person.home', 'person.contact')}) as word
  where person.id = $1`

/** Whether the residents of a relative's home have it so that they are told of this. */
export async function relativeMayKnow(
  tx: Transaction,
  { person }: PersonActor,
  purpose: ConsentPurpose,
): Promise<boolean> {
  return agreed(purpose, await tx.query<Word>(ABOUT_RELATIVE, [person], 'agreement'))
}
