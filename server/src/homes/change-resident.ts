import { DomainError, type HomeId, type Instant } from '@anju/contract'
import type { Resident, ResidentPatch } from '@anju/contract/api'
import type { Author } from '../audit/audit.ts'
import { unlessChanged, type Version, written } from '../database/versions.ts'
import { masked } from '../domain/resident.ts'
import type { LiveLog, Transaction } from '../ports.ts'
import { residentOf } from './repository.ts'
import { refreshFinding } from './search.ts'

type Corrections = Omit<ResidentPatch, 'writtenFrom'>
const COLUMNS = {
  name: 'name',
  bornOn: 'born_on',
  callName: 'call_name',
  risk: 'risk',
  categories: 'categories',
  medical: 'medical',
  language: 'language',
  hearing: 'hearing',
  livesAlone: 'lives_alone',
  access: 'access',
} as const satisfies Record<keyof Corrections, string>

/** Only what is named changes. A home without a resident gets one, who must then have a name. */
export async function changeResident(
  tx: Transaction,
  live: LiveLog,
  author: Author,
  id: HomeId,
  { writtenFrom, ...patch }: ResidentPatch,
  newId: () => string,
): Promise<Resident> {
  const { actor } = author
  const [home] = await tx.query<{ centre: string; mode: string; now: Instant; today: string }>(
    'select centre, mode, app_now() as now, administrative_day() as today from home where id = $1 for no key update',
    [id],
  )
  if (!home || home.centre !== actor.centre) throw new DomainError('home-unknown', 'there is no such home', { id })
  if (patch.bornOn && (patch.bornOn < '1900-01-01' || patch.bornOn > home.today))
    throw new DomainError('request-malformed', 'bornOn: must lie between 1900 and today')
  const [known] = await tx.query<Version & { id: string }>(
    'select id, version, changed_at, changed_by from resident where home = $1 order by id limit 1',
    [id],
  )
  unlessChanged('resident', known, writtenFrom)
  if (!known && patch.name === undefined)
    throw new DomainError('request-malformed', 'name: nobody lives there yet, so a name is needed')
  const resident = known?.id ?? `resident-${newId()}`
  if (!known)
    await tx.query('insert into resident (id, centre, home, name) values ($1, $2, $3, $4)', [
      resident,
      home.centre,
      id,
      patch.name,
    ])
  const named = Object.entries(COLUMNS).filter(([field]) => patch[field as keyof Corrections] !== undefined)
  if (named.length > 0)
    await tx.query(
      `update resident set ${named.map(([, column], index) => `${column} = $${index + 2}`).join(', ')} where id = $1`,
      [resident, ...named.map(([field]) => patch[field as keyof Corrections])],
    )
  const changed = Object.keys(patch)
  if (known && changed.length > 0) await written(tx, 'resident', resident, actor.name)
  if (changed.length > 0)
    await author.note(tx, { action: known ? 'resident.changed' : 'resident.added', subjects: [id, resident], changed })
  if (patch.name !== undefined) await refreshFinding(tx, [id])
  live.append(tx, actor.centre, [{ event: 'home', home: id, data: { homeId: id, mode: home.mode } }])
  const stored = await residentOf(tx, id)
  if (!stored) throw new DomainError('home-unknown', 'there is no such home', { id })
  return { ...stored.asSeenAt(home.now), access: masked(stored.access) }
}
