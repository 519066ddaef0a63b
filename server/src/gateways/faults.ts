import type { GatewayId } from '@anju/contract'
import type { Fault } from '../domain/heartbeat.ts'
import type { Transaction } from '../ports.ts'
import type { Untold, Watched } from './watched.ts'

/** What a server found of a gateway's chain, and whether it holds. */
export interface Finding {
  readonly gateway: GatewayId
  readonly type: Fault
  readonly holds: boolean
}

/** Writes findings down; what is so already changes nothing, whichever server found it first. */
export async function noteFindings(tx: Transaction, findings: readonly Finding[]): Promise<void> {
  const columns = (given: readonly Finding[]) => [given.map(({ gateway }) => gateway), given.map(({ type }) => type)]
  const begun = findings.filter(({ holds }) => holds)
  if (begun.length > 0) await tx.query(BEGIN, columns(begun), 'fault-begin')
  const over = findings.filter(({ holds }) => !holds)
  if (over.length > 0) await tx.query(END, columns(over), 'fault-end')
}

/** Faults of the chain from a home to here: judged as heartbeats come in, told like a silence. */
export const faults: Watched = {
  grace: async () => undefined,
  judge: async () => undefined,
  untold: (tx, max) => tx.query<Untold>(UNTOLD, [max], 'fault-untold'),
  async told(tx, gateways, types, since) {
    await tx.query(TOLD, [gateways, types, since], 'fault-told')
  },
}

// Sorted, so that two servers cannot wait for each other.
const BEGIN = `
  insert into gateway_fault (gateway, type, centre, since)
  select gateway.id, given.type, gateway.centre, app_now()
  from unnest($1::text[], $2::text[]) as given (gateway, type) join gateway on gateway.id = given.gateway order by 1, 2
  on conflict (gateway, type) do update set since = excluded.since where gateway_fault.since is null`
const END = `
  update gateway_fault set since = null
  where (gateway, type) in (
    select fault.gateway, fault.type from unnest($1::text[], $2::text[]) as given (gateway, type)
    join gateway_fault as fault on fault.gateway = given.gateway and fault.type = given.type
    where fault.since is not null order by 1, 2 for update of fault)`
/** A gateway notices itself that its clock is wrong, and says so of its own placement: then that is the one alarm. */
const UNTOLD = `
  select gateway_fault.gateway as one, gateway_fault.type as two, gateway_fault.type, gateway.home, gateway.centre,
    gateway.id as gateway, gateway.id as placement, gateway.id as device, false as urgent,
    gateway_fault.since, gateway_fault.told_since as told,
    exists (select from alarm where alarm.home = gateway.home and alarm.placement = 'gateway'
              and alarm.type = gateway_fault.type and alarm.gateway = gateway.id and alarm.handling <> 'closed') as known
  from gateway_fault join gateway on gateway.id = gateway_fault.gateway
  where gateway_fault.since is distinct from gateway_fault.told_since order by 1, 2 limit $1`
const TOLD = `
  update gateway_fault set told_since = note.since
  from unnest($1::text[], $2::text[], $3::timestamptz[]) as note(gateway, type, since)
  where gateway_fault.gateway = note.gateway and gateway_fault.type = note.type`
