import type { EscalationPolicy, PolicyScope, ShiftKind } from '@anju/contract/api'
import { ulid } from 'ulid'
import type { TestDatabase } from '../postgres.ts'
import { type Addresses, addWays } from './people.ts'

/** `home-1`, with a button in its bathroom. */
export async function addHome(data: TestDatabase, timeZone: string): Promise<void> {
  await data.sql(
    `insert into home (id, centre, name, address, time_zone) values ('home-1', 'east', 'Home 1', 'Street 1', $1)`,
    [timeZone],
  )
  await data.sql(
    `insert into placement (home, id, centre, name) values ('home-1', 'bathroom-sos', 'east', 'Bathroom button')`,
  )
  await data.sql(
    `insert into resident (id, centre, home, name, access) values ('r1', 'east', 'home-1', 'Resident', '4711#')`,
  )
}

/** `home-2` and so on, all of `east`, in the street of `home-1`. */
export async function addStreet(data: TestDatabase, homes: number): Promise<void> {
  await data.sql(
    `insert into home (id, centre, name) select 'home-' || n, 'east', 'Home ' || n from generate_series(2, $1) n`,
    [homes],
  )
  await data.sql(
    `insert into area (code, name, level, valid_from) values ('330102001000', '望江街道', 'street', '2020-01-01')`,
  )
  await data.sql(
    `insert into home_area (home, centre, code, valid_from)
     select id, 'east', '330102001001', '2020-01-01' from home where centre = 'east'`,
  )
}

/** Of the first home, registered this moment and not heard yet. */
export async function addGateway(data: TestDatabase, id: string): Promise<void> {
  await data.sql(
    `insert into gateway (id, centre, home, serial, credential_hash, registered_at, changed_at, silent_due_at)
     select $1, 'east', 'home-1', $1, '', now, now, now + interval '15 minutes' from app_now() as now`,
    [id],
  )
}

/** Of `east`; one that is there already is changed. */
export async function writePolicy(data: TestDatabase, scope: PolicyScope, tracks: EscalationPolicy): Promise<void> {
  const { home = null, type = null, class: of = null } = scope
  await data.sql(
    `insert into escalation_policy (id, centre, home, type, class, tracks, changed_at)
     values ($1, 'east', $2, $3, $4, $5, app_now())
     on conflict on constraint escalation_policy_once
       do update set tracks = excluded.tracks, version = escalation_policy.version + 1, changed_at = excluded.changed_at`,
    [ulid(), home, type, of, JSON.stringify(tracks)],
  )
}

/** Every day from one time on the wall to another, from today on. */
export async function addShift(
  data: TestDatabase,
  person: string,
  kind: ShiftKind,
  wall: { readonly from: string; readonly to: string; readonly timeZone: string },
  seat: string | null,
): Promise<void> {
  await data.sql(
    `insert into shift (id, centre, kind, seat, who_kind, who, days, from_time, to_time, time_zone, valid_from)
     values ($1, 'east', $2, $3, 'person', $4, '{1,2,3,4,5,6,7}', $5, $6, $7, '2026-01-01')`,
    [ulid(), kind, seat, person, wall.from, wall.to, wall.timeZone],
  )
}

/** Somebody who goes wherever the code of the home's area begins so. */
export async function addResponder(data: TestDatabase, name: string, zone: string, at: Addresses): Promise<void> {
  await data.sql(`insert into responder (id, centre, name, phone, zone) values ($1, 'east', $1, $2, $3)`, [
    name,
    at.of(name, 'sms'),
    zone,
  ])
  await addWays(data, 'responder', name, ['sms'], at, null)
}
