import { DomainError } from '@anju/contract'
import type { AreaDetail, AreaLevel, AreaList, AreaNode } from '@anju/contract/area'
import { type AreaCode, ancestorsOf, parentOf, parseAreaCode, prefixOf, rollUp } from '../domain/area.ts'
import type { Database, PersonActor, Transaction } from '../ports.ts'
import { isDay } from './lists.ts'
import { AREA_COLUMNS, type AreaRow, areasOn, rangeOf, THERE, today } from './rows.ts'

/** The tree of areas as it was on a day, and how many of the centre's homes lay where. */
export interface Areas {
  /** Without a parent: the provinces. @throws DomainError `area-unknown`, `request-malformed`. */
  children(actor: PersonActor, parent: string | undefined, on: string | undefined): Promise<AreaList>
  /** @throws DomainError `area-unknown`, `request-malformed`. */
  one(actor: PersonActor, code: string, on: string | undefined): Promise<AreaDetail>
}

export function createAreas(database: Database): Areas {
  return {
    children: (actor, parent, on) =>
      database.transaction(actor, async (tx) => {
        const day = await dayOf(tx, on)
        const above = parent === undefined ? undefined : codeOf('parent', parent)
        if (above) await there(tx, above, day)
        // A level deeper, too: a city without counties has streets for children.
        const candidates = await tx.query<AreaRow>(
          `select ${AREA_COLUMNS} from area where code ~>=~ $1 and code ~<=~ $2 and level = any($3) and ${THERE('$4')} order by code`,
          [...rangeOf(above ? prefixOf(above) : ''), LEVELS_BELOW[above ? levelIn(above) : 'top'], day],
        )
        const rows = candidates.filter(({ code }) => parentOf(code) === above)
        const counts = await homesIn(tx, actor, above, day)
        const { of, elsewhere } = rollUp(
          rows.map(({ code }) => code),
          counts,
        )
        const items = rows.map((row) => nodeOf(row, of.get(row.code) ?? 0))
        return { on: day, items, elsewhere, nextCursor: null }
      }),

    one: (actor, text, on) =>
      database.transaction(actor, async (tx) => {
        const day = await dayOf(tx, on)
        const code = codeOf('code', text)
        const row = await there(tx, code, day)
        const [above, counts] = await Promise.all([areasOn(tx, ancestorsOf(code), day), homesIn(tx, actor, code, day)])
        const ancestors = ancestorsOf(code).flatMap((one) => above.get(one) ?? [])
        return {
          ...nodeOf(
            row,
            counts.reduce((sum, { homes }) => sum + homes, 0),
          ),
          on: day,
          ancestors: ancestors.map(({ code: one, name, level }) => ({ code: one, name, level: level as AreaLevel })),
        }
      }),
  }
}

const LEVELS_BELOW = {
  top: ['province'],
  province: ['city'],
  city: ['county', 'street'],
  county: ['street'],
  street: ['community'],
  community: [],
} as const
const levelIn = (code: AreaCode) =>
  (['province', 'city', 'county', 'street', 'community'] as const)[[2, 4, 6, 9, 12].indexOf(prefixOf(code).length)] ??
  'province'

async function dayOf(tx: Transaction, on: string | undefined): Promise<string> {
  if (on === undefined) return today(tx)
  if (!isDay(on)) throw new DomainError('request-malformed', 'on: is no day (YYYY-MM-DD)')
  return on
}

function codeOf(field: string, text: string): AreaCode {
  const code = parseAreaCode(text)
  if (!code) throw new DomainError('request-malformed', `${field}: is no administrative code of 12 digits`)
  return code
}

async function there(tx: Transaction, code: AreaCode, on: string): Promise<AreaRow> {
  const row = (await areasOn(tx, [code], on)).get(code)
  if (row) return row
  const [ended] = await tx.query<AreaRow>(
    `select ${AREA_COLUMNS} from area where code = $1 and valid_to <= $2::date order by valid_to desc limit 1`,
    [code, on],
  )
  const after = ended ? `; it ended on ${ended.valid_to} and became ${ended.became ?? 'nothing'}` : ''
  throw new DomainError('area-unknown', `there was no such area on ${on}${after}`, { code })
}

/** The centre's own: a home that was only handed on to it for an alarm is another centre's figure. */
const homesIn = (tx: Transaction, { centre }: PersonActor, area: AreaCode | undefined, on: string) =>
  tx.query<{ code: string; homes: number }>(
    `select code, count(*) as homes from home_area
     where centre = $1 and code ~>=~ $2 and code ~<=~ $3 and ${THERE('$4')} group by code`,
    [centre, ...rangeOf(area ? prefixOf(area) : ''), on],
    'homes-in-area',
  )

const nodeOf = ({ code, name, level, valid_from, valid_to, became }: AreaRow, homes: number): AreaNode => ({
  code,
  name,
  level: level as AreaLevel,
  validFrom: valid_from,
  validTo: valid_to,
  became,
  homes,
})
