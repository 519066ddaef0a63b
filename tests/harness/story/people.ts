import type { CentreId, HomeId, PersonId, SessionId } from '@anju/contract'
import type { ContactRole, Role } from '@anju/contract/api'
import type { PersonActor } from '../../../server/src/people/people.ts'
import type { TestDatabase } from '../postgres.ts'
import type { Arrived, Phones } from './phones.ts'

/** No story has a provider for WeChat: whoever is asked by it is asked in vain. */
type StoryChannel = Arrived['channel'] | 'wechat'

/** Somebody in a story, by the name the story calls them. */
export interface StoryContact {
  readonly name: string
  readonly role?: ContactRole
  /** In this order; every one of them works unless the story says otherwise. */
  readonly ways?: readonly StoryChannel[]
  readonly hours?: readonly { readonly days: readonly number[]; readonly from: string; readonly to: string }[]
}
export interface StoryStaff {
  readonly name: string
  readonly role: Extract<Role, 'operator' | 'supervisor'>
  readonly centre?: string
  readonly ways?: readonly StoryChannel[]
}

/** Where each of them is reached: a number of their own, a browser of their own. */
export class Addresses {
  readonly #phones: Phones
  readonly #of = new Map<string, string>()

  constructor(phones: Phones) {
    this.#phones = phones
  }

  of(name: string, channel: StoryChannel): string {
    if (channel === 'wechat') return `open-id-of-${name}`
    const key = channel === 'push' ? `${name} push` : name
    const known = this.#of.get(key)
    if (known) return known
    const made = channel === 'push' ? this.#phones.aBrowser() : `+8613900${String(this.#of.size).padStart(6, '0')}`
    this.#of.set(key, made)
    return made
  }

  whose({ channel, to }: Arrived): string {
    const found = [...this.#of].find(([, address]) => address === to)?.[0] ?? to
    return channel === 'push' ? found.replace(/ push$/, '') : found
  }
}

const SMS_AND_VOICE: readonly StoryChannel[] = ['sms', 'voice']

export async function addContacts(
  data: TestDatabase,
  home: string,
  contacts: readonly StoryContact[],
  at: Addresses,
): Promise<void> {
  for (const [index, { name, role = 'family', ways = SMS_AND_VOICE, hours }] of contacts.entries()) {
    await data.sql(
      `insert into contact (id, centre, home, name, relation, phone, position, role, hours)
       select $1, centre, id, $1, $1, $3, $4, $5, $6 from home where id = $2`,
      [name, home, at.of(name, 'sms'), index + 1, role, hours ? JSON.stringify(hours) : null],
    )
    await addWays(data, 'contact', name, ways, at, home)
  }
}

export async function addStaff(data: TestDatabase, staff: readonly StoryStaff[], at: Addresses): Promise<void> {
  for (const { name, role, centre = 'east', ways = [] } of staff) {
    await data.sql(`insert into person (id, centre, username, name, role, password) values ($1, $2, $1, $1, $3, 'x')`, [
      name,
      centre,
      role,
    ])
    await addWays(data, 'person', name, ways, at, null)
  }
}

/** Who can be sent; they are on no telephone of this story. */
export async function addResponders(data: TestDatabase, names: readonly string[]): Promise<void> {
  await data.sql(
    `insert into responder (id, centre, name, phone) select name, 'east', name, '' from unnest($1::text[]) as name`,
    [names],
  )
}

export async function addWays(
  data: TestDatabase,
  kind: 'contact' | 'person' | 'responder' | 'centre',
  owner: string,
  channels: readonly StoryChannel[],
  at: Addresses,
  home: string | null,
): Promise<void> {
  for (const [index, channel] of channels.entries())
    await data.sql(
      `insert into way (id, centre, home, owner_kind, owner, channel, address, position)
       values ($1, 'east', $2, $3, $4, $5, $6, $7)`,
      [`way-${kind}-${owner}-${channel}`, home, kind, owner, channel, at.of(owner, channel), index + 1],
    )
}

export const actorOf = ({ name, role, centre = 'east' }: StoryStaff, session = `session-of-${name}`): PersonActor => ({
  kind: 'person',
  person: name as PersonId,
  name,
  session: session as SessionId,
  role,
  centre: centre as CentreId,
})

export const HOME = 'home-1' as HomeId
