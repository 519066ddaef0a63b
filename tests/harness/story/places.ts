import type { EscalationPolicy, PolicyScope } from '@anju/contract/api'
import { ulid } from 'ulid'
import type { TestDatabase } from '../postgres.ts'

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
