import { type Clock, elapsed, type Instant, type Monotonic, millis, seconds } from '@anju/contract'
import { outageAt } from '../domain/correlation.ts'
import { ageAt } from '../domain/resident.ts'
import { dutyAt } from '../domain/roster/duty.ts'
import type { Transaction } from '../ports.ts'
import { Recent } from '../recent.ts'
import type { Away } from './away.ts'
import type { HomeFacts } from './view.ts'

const rememberFor = seconds(5)

export interface Place {
  readonly home: string
  readonly placement: string
}

export interface Facts {
  /** The database's time, read after the locks that came before in this transaction. */
  readonly now: Instant
  /** Those of the asked homes whose resident is away. */
  readonly away: readonly Away[]
  /** Those of the asked homes in which somebody is testing. */
  readonly onTest: readonly string[]
  readonly of: (place: Place) => HomeFacts
}

interface Row {
  now: number
  away: Away[] | null
  on_test: string[]
  home: string | null
  placement: string
  name: string | null
  address: string | null
  resident: string | null
  born_on: string | null
  placement_name: string | null
  centre: string | null
  centre_name: string | null
}

const FACTS = `select clock.now, clock.away, clock.on_test, given.home, given.placement, home.name, home.address,
    who.name as resident, who.born_on, placement.name as placement_name, home.centre, centre.name as centre_name
  from (select app_now() as now, (select jsonb_agg(jsonb_build_object('home', id, 'since', floor(extract(epoch from mode_since) * 1000)))
      from home where mode = 'away' and id = any($3)) as away,
    array(select id from home where mode = 'test' and id = any($4) and mode_until > app_now()) as on_test) as clock
  left join (select * from unnest($1::text[], $2::text[])) as given (home, placement) on true
  left join home on home.id = given.home
  left join centre on centre.id = home.centre
  left join placement on placement.home = given.home and placement.id = given.placement
  left join lateral (select name, born_on from resident where resident.home = given.home order by id limit 1) as who on true`

/** What the rows of these places say, and the time. Ask for it after the row locks. */
export async function homeFacts(
  tx: Transaction,
  places: readonly Place[],
  awayAmong: readonly string[] = [],
  testAmong: readonly string[] = [],
): Promise<Facts> {
  const rows = await tx.query<Row>(
    FACTS,
    [places.map(({ home }) => home), places.map(({ placement }) => placement), awayAmong, testAmong],
    'home-facts',
  )
  const now = (rows[0]?.now ?? 0) as Instant
  const byPlace = new Map<string, HomeFacts>()
  for (const row of rows)
    if (row.home !== null) byPlace.set(`${row.home}/${row.placement}`, factsOf(row, row.home, now))
  for (const [key, facts] of [...(await areaFacts(tx, places)), ...(await dutyFacts(tx, places))])
    byPlace.set(key, { ...facts, centre: byPlace.get(key)?.centre ?? null })
  const { away, on_test: onTest = [] } = rows[0] ?? {}
  return { now, away: away ?? [], onTest, of: (place) => byPlace.get(keyOf(place)) ?? nothingKnown(place) }
}

/** An outage is in an area and in no home, although its alarm has to name one: what it shows is the area's name, and nobody's. */
async function areaFacts(
  tx: Transaction,
  places: readonly Place[],
): Promise<ReadonlyMap<string, Omit<HomeFacts, 'centre'>>> {
  const outages = places.flatMap((place) => {
    const where = outageAt(place.placement)?.where
    return where === undefined ? [] : [{ key: keyOf(place), where }]
  })
  if (outages.length === 0) return new Map()
  const rows = await tx.query<{ code: string; name: string }>(AREAS, [outages.map(({ where }) => where)], 'area-names')
  const names = new Map(rows.map(({ code, name }) => [code, name]))
  return new Map(
    outages.map(({ key, where }) => {
      const name = names.get(where) ?? where
      return [key, { name, address: name, residentName: null, residentAge: null, placementName: name }]
    }),
  )
}
const AREAS = `
  select left(code, 9) as code, name from area where code = any(select rpad(one, 12, '0') from unnest($1::text[]) as one)
    and valid_to is null
  union all
  select id, name from centre where id = any($1)`

/** Nor is a time without anybody on duty in a home: it shows the centre's name, and from when to when. */
async function dutyFacts(
  tx: Transaction,
  places: readonly Place[],
): Promise<ReadonlyMap<string, Omit<HomeFacts, 'centre'>>> {
  const found = places.filter(({ placement }) => dutyAt(placement) !== undefined)
  if (found.length === 0) return new Map()
  const rows = await tx.query<{ id: string; name: string; hours: string | null }>(DUTY, [
    found.map(({ placement }) => dutyAt(placement)),
  ])
  return new Map(
    found.map((place) => {
      const centre = rows.find(({ id }) => id === dutyAt(place.placement))
      const name = centre?.name ?? place.placement
      const facts = { name, address: '', residentName: null, residentAge: null, placementName: centre?.hours ?? name }
      return [keyOf(place), facts]
    }),
  )
}
const DUTY = `
  select centre.id, centre.name, to_char(gap_from at time zone zone, 'MM-DD HH24:MI') || ' – ' || to_char(gap_to at time zone zone, 'MM-DD HH24:MI') as hours
  from centre left join duty_watch on duty_watch.centre = centre.id
  left join lateral (select coalesce(min(time_zone), 'Asia/Shanghai') as zone from shift where shift.centre = centre.id) as shifts on true
  where centre.id = any($1)`

const keyOf = ({ home, placement }: Place) => `${home}/${placement}`

const factsOf = (row: Row, home: string, now: Instant): HomeFacts => ({
  name: row.name ?? home,
  address: row.address ?? '',
  residentName: row.resident,
  residentAge: ageAt(row.born_on, now),
  placementName: row.placement_name ?? row.placement,
  centre: row.centre === null ? null : { id: row.centre, name: row.centre_name ?? row.centre },
})

const nothingKnown = ({ home, placement }: Place): HomeFacts => ({
  name: home,
  address: '',
  residentName: null,
  residentAge: null,
  placementName: placement,
  centre: null,
})

const placesMax = 20_000
/** Asked again by the way when it is half as old as it may be: then whoever presses all the time never waits for it. */
const refreshAfter = millis(rememberFor / 2)

/**
 * The same, remembered for a few seconds: a burst names the same homes in every batch, and what a home is called may be that
 * old. The time is reckoned on from the last answer; who relies on it must have the database check it (`as_reckoned`).
 */
export class RememberedFacts {
  readonly #clock: Clock
  readonly #known = new Recent<string, { readonly facts: HomeFacts; readonly at: Monotonic }>(placesMax)
  /** The database's time less our monotonic one, at its latest: an answer that was long on its way says too early a time. */
  #ahead: number | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async of(tx: Transaction, places: readonly Place[], awayAmong: readonly string[]): Promise<Facts> {
    const at = this.#clock.monotonic()
    const known = new Map<string, HomeFacts>()
    const missing = places.filter((place) => {
      const entry = this.#known.get(keyOf(place))
      if (!entry || elapsed(entry.at, at) > rememberFor) return true
      known.set(keyOf(place), entry.facts)
      return false
    })
    const homes = [...new Set(places.map(({ home }) => home))]
    const fresh = await this.#asked(tx, missing, awayAmong, homes)
    return { ...fresh, of: (place) => known.get(keyOf(place)) ?? fresh.of(place) }
  }

  /** Without asking anybody, and so nothing of modes; undefined when something is not remembered. `ageing` should be asked about again soon. */
  reckoned(places: readonly Place[]): { readonly facts: Facts; readonly ageing: readonly Place[] } | undefined {
    if (this.#ahead === undefined) return undefined
    const at = this.#clock.monotonic()
    const known = new Map<string, HomeFacts>()
    const ageing: Place[] = []
    for (const place of places) {
      const key = keyOf(place)
      const entry = this.#known.get(key)
      if (!entry || elapsed(entry.at, at) > rememberFor) return undefined
      if (elapsed(entry.at, at) > refreshAfter) ageing.push(place)
      known.set(key, entry.facts)
    }
    const now = Math.floor(at + this.#ahead) as Instant
    return {
      facts: { now, away: [], onTest: [], of: (place) => known.get(keyOf(place)) ?? nothingKnown(place) },
      ageing,
    }
  }

  async refresh(tx: Transaction, places: readonly Place[]): Promise<void> {
    await this.#asked(tx, places, [], [])
  }

  /** What was reckoned was wrong: the next one asks. */
  forgetTime(): void {
    this.#ahead = undefined
  }

  async #asked(
    tx: Transaction,
    places: readonly Place[],
    awayAmong: readonly string[],
    testAmong: readonly string[],
  ): Promise<Facts> {
    const at = this.#clock.monotonic()
    const fresh = await homeFacts(tx, places, awayAmong, testAmong)
    this.#ahead = Math.max(this.#ahead ?? Number.NEGATIVE_INFINITY, fresh.now - this.#clock.monotonic())
    for (const place of places) this.#known.set(keyOf(place), { facts: fresh.of(place), at })
    return fresh
  }
}
