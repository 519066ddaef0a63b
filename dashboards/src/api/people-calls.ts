import type {
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
  remove: (home: string, contact: string) => command<null>(ofContact(home, contact), undefined, 'DELETE'),
  order: (home: string, contacts: readonly string[]) =>
    command<Items<Contact>>(`${ofHome(home)}/contacts/order`, { contacts }, 'PUT'),
  /** From what they are at this moment: a number that another has added meanwhile stays. */
  async changeWays(home: string, contact: string, become: (ways: readonly Way[]) => Ways) {
    const { items } = await request<Items<Contact>>(`${ofHome(home)}/contacts`)
    return people.change(home, contact, { ways: become(items.find(({ id }) => id === contact)?.ways ?? []) })
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
