import type {
  Changed,
  Consent,
  ConsentBody,
  Contact,
  ContactAdd,
  ContactChange,
  Home,
  HomePatch,
  Resident,
  ResidentPatch,
  Responder,
  Way,
  Ways,
  WayTest,
} from '@anju/contract/api'
import { command } from './calls.ts'
import { request } from './request.ts'

const ofHome = (home: string) => `/homes/${encodeURIComponent(home)}`
const ofContact = (home: string, contact: string) => `${ofHome(home)}/contacts/${encodeURIComponent(contact)}`
const ofWay = (home: string, contact: string, way: string) =>
  `${ofContact(home, contact)}/ways/${encodeURIComponent(way)}`

interface Items<T> {
  readonly items: T[]
}

export type LastingMode = 'away' | 'hospital' | 'test'

/** Who lives in a home, who is told of its alarms and on which numbers, how long it is away, and what was agreed to. */
export const people = {
  add: (home: string, contact: ContactAdd) => command<Contact>(`${ofHome(home)}/contacts`, contact),
  change: (home: string, contact: string, to: ContactChange) => command<Contact>(ofContact(home, contact), to, 'PATCH'),
  remove: (home: string, { id, version }: Contact) =>
    command<null>(`${ofContact(home, id)}?writtenFrom=${version}`, undefined, 'DELETE'),
  order: (home: string, contacts: readonly string[], writtenFrom: number) =>
    command<Items<Contact>>(`${ofHome(home)}/contacts/order`, { contacts, writtenFrom }, 'PUT'),
  /** From what was read of them; or, over what another has written meanwhile, from what they are at this moment. */
  async changeWays(home: string, read: Contact, become: (ways: readonly Way[]) => Ways, over: Changed | null) {
    const now = over === null ? read : await people.contactNow(home, read)
    return people.change(home, read.id, { ways: become(now.ways ?? []), writtenFrom: now.version })
  },
  async contactNow(home: string, read: Contact): Promise<Contact> {
    const { items } = await request<Items<Contact>>(`${ofHome(home)}/contacts`)
    return items.find(({ id }) => id === read.id) ?? read
  },
  prove: (home: string, contact: string, way: string) => command<Contact>(`${ofWay(home, contact, way)}/prove`),
  test: (home: string, contact: string, way: string) => command<WayTest>(`${ofWay(home, contact, way)}/test`),
  setMode: (home: string, mode: LastingMode, forMinutes: number, reason: string) =>
    command<Home>(`${ofHome(home)}/modes`, { mode, forMinutes, reason }),
  endMode: (home: string, reason: string) => command<Home>(`${ofHome(home)}/modes`, { mode: 'home', reason }),
  changeResident: (home: string, to: ResidentPatch) => command<Resident>(`${ofHome(home)}/resident`, to, 'PATCH'),
  changeHome: (home: string, to: HomePatch) => command<Home>(ofHome(home), to, 'PATCH'),
  consents: async (home: string, signal: AbortSignal) =>
    (await request<Items<Consent>>(`${ofHome(home)}/consents`, { signal })).items,
  agree: (home: string, consent: ConsentBody) => command<Consent>(`${ofHome(home)}/consents`, consent),
  withdraw: (home: string, consent: string) =>
    command<Consent>(`${ofHome(home)}/consents/${encodeURIComponent(consent)}/withdraw`),
  responders: async (signal: AbortSignal) => (await request<Items<Responder>>('/responders', { signal })).items,
}
