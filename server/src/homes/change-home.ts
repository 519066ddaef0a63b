import { DomainError, type HomeId, homeId } from '@anju/contract'
import type { Home, HomeBody, HomePatch } from '@anju/contract/api'
import type { Author } from '../audit/audit.ts'
import { unlessWritten, written } from '../database/versions.ts'
import { type AreaCode, parseAreaCode } from '../domain/area.ts'
import type { LiveLog, PersonActor, Transaction } from '../ports.ts'
import { areasToday, moveHomes } from './areas-of-homes.ts'
import { isTimeZone } from './import/cells.ts'
import { HOME_COLUMNS, type HomeRow, homeOf } from './repository.ts'
import { refreshFinding } from './search.ts'

/** A home as somebody enters or corrects it by hand. */

const COLUMNS = {
  name: 'name',
  timeZone: 'time_zone',
  address: 'address',
  arrival: 'arrival',
  latitude: 'latitude',
  longitude: 'longitude',
  externalRef: 'external_ref',
} as const satisfies Partial<Record<keyof HomePatch, string>>
type Corrections = Omit<HomePatch, 'writtenFrom'>

export async function createHome(
  tx: Transaction,
  live: LiveLog,
  author: Author,
  given: HomeBody,
  newId: () => string,
): Promise<Home> {
  const { actor } = author
  const id = homeId(`home-${newId()}`)
  // On conflict of the list's number only; the transaction stays usable, and its key's answer is not kept.
  const rows = await tx.query(
    `insert into home (id, centre, name, external_ref) values ($1, $2, $3, $4)
     on conflict (centre, external_ref) where external_ref is not null do nothing returning id`,
    [id, actor.centre, given.name, given.externalRef ?? null],
  )
  if (rows.length === 0) throw taken(given.externalRef)
  await author.note(tx, { action: 'home.added', subjects: [id], changed: Object.keys(given) })
  return correct(tx, live, actor, id, given)
}

/** Only what is named changes. */
export async function changeHome(
  tx: Transaction,
  live: LiveLog,
  author: Author,
  id: HomeId,
  { writtenFrom, ...patch }: HomePatch,
): Promise<Home> {
  const { actor } = author
  // One that was only handed on for an alarm may be looked at, not corrected.
  const own = await tx.query('select 1 from home where id = $1 and centre = $2 for no key update', [id, actor.centre])
  if (own.length === 0) throw new DomainError('home-unknown', 'there is no such home', { id })
  await unlessWritten(tx, 'home', id, writtenFrom)
  const changed = Object.keys(patch)
  if (changed.length > 0) {
    await written(tx, 'home', id, actor.name)
    await author.note(tx, { action: 'home.changed', subjects: [id], changed })
  }
  return correct(tx, live, actor, id, patch)
}

async function correct(
  tx: Transaction,
  live: LiveLog,
  actor: PersonActor,
  id: HomeId,
  patch: Corrections,
): Promise<Home> {
  const [before] = await tx.query<{ latitude: number | null; longitude: number | null; external_ref: string | null }>(
    'select latitude, longitude, external_ref from home where id = $1',
    [id],
  )
  if (!before) throw new DomainError('home-unknown', 'there is no such home', { id })
  if (patch.timeZone !== undefined && !isTimeZone(patch.timeZone))
    throw new DomainError('request-malformed', 'timeZone: is no time zone such as Asia/Shanghai')
  const [latitude, longitude] = [patch.latitude, patch.longitude].map((value, index) =>
    value === undefined ? (index === 0 ? before.latitude : before.longitude) : value,
  )
  if ((latitude === null) !== (longitude === null))
    throw new DomainError('request-malformed', `${latitude === null ? 'latitude' : 'longitude'}: both or none`)
  if (patch.externalRef && patch.externalRef !== before.external_ref)
    await refuseTaken(tx, actor, id, patch.externalRef)
  await update(tx, id, patch)
  if (patch.areaCode !== undefined) await moveTo(tx, actor, id, patch.areaCode)
  if (patch.name !== undefined || patch.address !== undefined) await refreshFinding(tx, [id])
  const [row] = await tx.query<HomeRow>(`select ${HOME_COLUMNS} from home where id = $1`, [id])
  if (!row) throw new DomainError('home-unknown', 'there is no such home', { id })
  live.append(tx, actor.centre, [{ event: 'home', home: id, data: { homeId: id, mode: row.mode } }])
  return homeOf(row)
}

async function update(tx: Transaction, id: HomeId, patch: Corrections): Promise<void> {
  const named = Object.entries(COLUMNS).filter(([field]) => patch[field as keyof Corrections] !== undefined)
  if (named.length === 0) return
  const sets = named.map(([, column], index) => `${column} = $${index + 2}`)
  await tx.query(`update home set ${sets.join(', ')} where id = $1`, [
    id,
    ...named.map(([field]) => patch[field as keyof Corrections]),
  ])
}

async function refuseTaken(tx: Transaction, actor: PersonActor, id: HomeId, externalRef: string): Promise<void> {
  const rows = await tx.query('select 1 from home where centre = $1 and external_ref = $2 and id <> $3', [
    actor.centre,
    externalRef,
    id,
  ])
  if (rows.length > 0) throw taken(externalRef)
}

const taken = (externalRef: string | null | undefined) =>
  new DomainError('external-ref-taken', 'externalRef: another home has this number', { externalRef })

async function moveTo(tx: Transaction, actor: PersonActor, id: HomeId, text: string | null): Promise<void> {
  const code = text === null ? null : parseAreaCode(text)
  if (code === undefined) throw new DomainError('request-malformed', 'areaCode: is no administrative code of 12 digits')
  if (code !== null) await needArea(tx, code)
  const [now] = await tx.query<{ code: string }>(
    `select code from home_area where home = $1 and valid_from <= (select administrative_day())
       and (valid_to is null or valid_to > (select administrative_day()))`,
    [id],
  )
  if ((now?.code ?? null) !== code) await moveHomes(tx, actor.centre, [{ home: id, to: code }])
}

async function needArea(tx: Transaction, code: AreaCode): Promise<void> {
  const area = (await areasToday(tx, [code])).get(code)
  if (!area?.known) throw new DomainError('area-unknown', 'areaCode: there is no such area', { code })
  if (area.ended)
    throw new DomainError('area-unknown', `areaCode: this area has become ${area.became ?? 'nothing'}`, { code })
}
