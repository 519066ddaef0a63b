import type { AreaCode } from '../../domain/area.ts'
import type { Transaction } from '../../ports.ts'
import type { ContactValues, HouseholdValues, Slot } from './columns.ts'

/** A household as it is kept, in the words of the list. */
export interface Stored {
  readonly id: string
  readonly residentId: string | null
  readonly values: HouseholdValues
  readonly contacts: ReadonlyMap<Slot, { readonly id: string; readonly values: ContactValues }>
}

interface Row {
  id: string
  external_ref: string
  name: string
  address: string
  area_code: AreaCode | null
  time_zone: string
  arrival: string
  latitude: number | null
  longitude: number | null
  resident_id: string | null
  resident_name: string | null
  born_on: string | null
  call_name: string | null
  risk: HouseholdValues['risk'] | null
  categories: string[] | null
  medical: string[] | null
  language: string | null
  hearing: string | null
  lives_alone: boolean | null
  access: string | null
  contacts: readonly ({ id: string; slot: Slot } & ContactValues)[] | null
}

/** Number by number: as one condition it would read the centre's every home as soon as the planner thinks that they are few. */
const STORED = `
  select home.id, external_ref, home.name, address, area.code as area_code, time_zone, arrival, latitude, longitude,
    who.id as resident_id, who.name as resident_name, born_on, call_name, risk, categories, medical, language, hearing,
    lives_alone, access, people.contacts
  from unnest($2::text[]) as given (ref)
  cross join lateral (
    select * from home where home.centre = $1 and home.external_ref = given.ref limit 1
  ) as home
  left join lateral (select * from resident where resident.home = home.id order by id limit 1) as who on true
  left join lateral (
    select code from home_area where home_area.home = home.id and valid_from <= (select administrative_day())
      and (valid_to is null or valid_to > (select administrative_day()))
    order by valid_from desc limit 1
  ) as area on true
  left join lateral (
    select jsonb_agg(jsonb_build_object('id', id, 'slot', list_slot, 'name', name, 'relation', relation, 'role', role,
      'phone', phone, 'keyHolder', key_holder, 'distanceM', distance_m, 'language', language)) as contacts
    from contact where contact.home = home.id and list_slot is not null and removed_at is null
  ) as people on true`

/** Those of the centre's households that are there already, by their number in the list. */
export async function storedBy(
  tx: Transaction,
  centre: string,
  refs: readonly string[],
): Promise<ReadonlyMap<string, Stored>> {
  const rows = await tx.query<Row>(STORED, [centre, refs])
  return new Map(rows.map((row) => [row.external_ref, storedOf(row)]))
}

const storedOf = (row: Row): Stored => ({
  id: row.id,
  residentId: row.resident_id,
  values: {
    externalRef: row.external_ref,
    name: row.name,
    address: row.address,
    areaCode: row.area_code,
    timeZone: row.time_zone,
    arrival: row.arrival,
    latitude: row.latitude,
    longitude: row.longitude,
    residentName: row.resident_name ?? '',
    bornOn: row.born_on,
    callName: row.call_name ?? '',
    risk: row.risk ?? 'standard',
    categories: row.categories ?? [],
    medical: row.medical ?? [],
    language: row.language ?? '',
    hearing: row.hearing ?? '',
    livesAlone: row.lives_alone ?? true,
    access: row.access ?? '',
  },
  contacts: new Map((row.contacts ?? []).map(({ id, slot, ...values }) => [slot, { id, values }])),
})
