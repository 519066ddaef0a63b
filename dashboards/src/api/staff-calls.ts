import type {
  AreaDetail,
  Colleague,
  Responder,
  ResponderAdd,
  ResponderChange,
  Seat,
  Shift,
  ShiftAdd,
  ShiftChange,
  Ways,
  WayTest,
} from '@anju/contract/api'
import { command, everyPage } from './calls.ts'
import { Refusal, request } from './request.ts'

const one = (path: string, id: string) => `${path}/${encodeURIComponent(id)}`
const way = (path: string, id: string, of: string, what: 'test' | 'prove') =>
  `${one(path, id)}/ways/${encodeURIComponent(of)}/${what}`

type Gone = 'responder-unknown' | 'person-unknown'

/** Somebody and their ways, in the version that was read. */
export type WithWays = Pick<Colleague, 'id' | 'version' | 'ways'>
/** As they are at this moment: what is written replaces the whole list. @throws Refusal: they are gone. */
async function waysNow(path: string, id: string, gone: Gone): Promise<WithWays> {
  const found = (await everyPage<WithWays>(path)).find((one) => one.id === id)
  if (!found) throw new Refusal(gone, 404, `${id} is not in the list any more`)
  return found
}
/** A removal of what was read. */
const remove = (path: string, { id, version }: { readonly id: string; readonly version: number }) =>
  command<null>(`${one(path, id)}?writtenFrom=${version}`, undefined, 'DELETE')

/** The centre's own people: who can be sent, who is on duty when and where, and how each of them is reached. */
export const staff = {
  responders: (signal: AbortSignal) => everyPage<Responder>('/responders', signal),
  addResponder: (given: ResponderAdd) => command<Responder>('/responders', given),
  changeResponder: (id: string, given: ResponderChange) => command<Responder>(one('/responders', id), given, 'PATCH'),
  waysOfResponder: (id: string) => waysNow('/responders', id, 'responder-unknown'),
  removeResponder: (read: Responder) => remove('/responders', read),
  testResponder: (id: string, of: string) => command<WayTest>(way('/responders', id, of, 'test')),
  proveResponder: (id: string, of: string) => command<Responder>(way('/responders', id, of, 'prove')),

  seats: (signal: AbortSignal) => everyPage<Seat>('/seats', signal),
  addSeat: (name: string) => command<Seat>('/seats', { name }),
  renameSeat: (id: string, name: string, writtenFrom: number) =>
    command<Seat>(one('/seats', id), { name, writtenFrom }, 'PATCH'),
  removeSeat: (read: Seat) => remove('/seats', read),

  shifts: (signal: AbortSignal) => everyPage<Shift>('/shifts', signal),
  addShift: (given: ShiftAdd) => command<Shift>('/shifts', given),
  changeShift: (id: string, given: ShiftChange) => command<Shift>(one('/shifts', id), given, 'PATCH'),
  removeShift: (read: Shift) => remove('/shifts', read),

  people: (signal: AbortSignal) => everyPage<Colleague>('/people', signal),
  waysOfPerson: (id: string) => waysNow('/people', id, 'person-unknown'),
  writeWays: (id: string, ways: Ways, writtenFrom: number) =>
    command<Colleague>(`${one('/people', id)}/ways`, { ways, writtenFrom }, 'PUT'),
  testPerson: (id: string, of: string) => command<WayTest>(way('/people', id, of, 'test')),
  provePerson: (id: string, of: string) => command<Colleague>(way('/people', id, of, 'prove')),

  area: (code: string, signal: AbortSignal) => request<AreaDetail>(one('/areas', code), { signal }),
}
