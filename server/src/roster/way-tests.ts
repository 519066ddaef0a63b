import { DomainError, type HomeId, malformed } from '@anju/contract'
import type { Channel, Language, WayTest } from '@anju/contract/api'
import type { Author } from '../audit/audit.ts'
import type { Transaction } from '../ports.ts'
import { changing, type RosterParts } from './change.ts'
import type { Notices } from './ports.ts'
import { ACCOUNT_OF, type OwnerKind, WITHDRAWN } from './rows.ts'

/**
 * A message that says it is a test and asks only to be opened: lists rot, and a number is proven by somebody who answers there.
 * What is known to be dead may be tried, too: that is how it comes back.
 */
export interface WayTests {
  /** @throws DomainError `contact-unknown`, `way-unknown`, `transition-refused` when they are not to be told, `request-malformed`. */
  ofContact(author: Author, home: HomeId, contact: string, way: string): Promise<WayTest>
  /** @throws DomainError `responder-unknown`, `way-unknown`. */
  ofResponder(author: Author, responder: string, way: string): Promise<WayTest>
  /** @throws DomainError `person-unknown`, `way-unknown`. */
  ofPerson(author: Author, person: string, way: string): Promise<WayTest>
}

interface Somebody {
  readonly name: string
  readonly language: Language
  readonly withdrawn: boolean
}
type Tested = Extract<OwnerKind, 'contact' | 'responder' | 'person'>

const SOMEBODY: Readonly<Record<Tested, string>> = {
  contact: `select name, language, ${WITHDRAWN('contact', 'contact.home', 'contact.id')} as withdrawn from contact
    where id = $1 and centre = $2 and home = $3 and removed_at is null`,
  responder: `select name, language, false as withdrawn from responder
    where id = $1 and centre = $2 and $3::text is null and removed_at is null`,
  person: `select name, language, false as withdrawn from person
    where id = $1 and centre = $2 and $3::text is null and role <> 'family'`,
}

export function createWayTests(parts: RosterParts, notices: Notices): WayTests {
  const test = (author: Author, kind: Tested, id: string, home: HomeId | null, way: string): Promise<WayTest> =>
    changing(parts, author, async (tx) => {
      const { centre } = author.actor
      const [somebody] = await tx.query<Somebody>(SOMEBODY[kind], [id, centre, home])
      if (!somebody) throw new DomainError(`${kind}-unknown`, `there is no such ${kind}`)
      const { name, language, withdrawn } = somebody
      if (withdrawn) throw new DomainError('transition-refused', 'the resident withdrew that they are told')
      const to = await wayOf(tx, kind, id, way)
      if (!parts.means.channels.has(to.channel)) throw malformed('way', `no provider is configured for ${to.channel}`)
      const notificationId = await notices.testWay(tx, { kind, id, name, language, centre, home, ...to })
      await author.note(tx, { action: 'way.tested', subjects: [...(home ? [home] : []), id, way], changed: [] })
      return { notificationId }
    })

  return {
    ofContact: (author, home, contact, way) => test(author, 'contact', contact, home, way),
    ofResponder: (author, responder, way) => test(author, 'responder', responder, null, way),
    ofPerson: (author, person, way) => test(author, 'person', person, null, way),
  }
}

async function wayOf(tx: Transaction, kind: Tested, id: string, way: string) {
  const [found] = await tx.query<{ channel: Channel; address: string }>(
    `select channel, address from way where id = $1 and (owner_kind = $2 and owner = $3
       or $2 = 'contact' and owner_kind = 'person' and owner = ${ACCOUNT_OF('$3')})`,
    [way, kind, id],
  )
  if (!found) throw new DomainError('way-unknown', 'they have no such number or address')
  return found
}
