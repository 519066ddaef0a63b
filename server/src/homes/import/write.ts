import { arrayText, type Column, cast, columnar, given } from '../../database/columns.ts'
import { telephoneOf } from '../../domain/roster/telephone.ts'
import { type FoundBy, foundBy } from '../../finding.ts'
import type { Transaction } from '../../ports.ts'
import { moveHomes } from '../areas-of-homes.ts'
import type { ContactValues, HouseholdValues, Slot } from './columns.ts'
import type { Change } from './differences.ts'

/** A household with the ids of its rows. */
interface Written {
  readonly home: string
  readonly resident: string
  readonly values: HouseholdValues
  readonly found: FoundBy
}
interface WrittenContact {
  readonly id: string
  readonly home: string
  readonly slot: Slot
  readonly values: ContactValues
  /** What the ids of its ways begin with, when it gets any. */
  readonly way: string
  readonly phoneBefore: string | null
}
interface Way {
  readonly contact: WrittenContact
  readonly channel: 'sms' | 'voice'
  readonly position: number
}

const column = <Row>(name: string, type: Column<Row>['type'], value: Column<Row>['value']): Column<Row> => ({
  name,
  type,
  value,
})
const text = <Row>(name: string, value: (row: Row) => string | null): Column<Row> => column(name, 'text', value)

const HOME: readonly Column<Written>[] = [
  text('id', ({ home }) => home),
  text('name', ({ values }) => values.name),
  text('time_zone', ({ values }) => values.timeZone),
  text('address', ({ values }) => values.address),
  text('arrival', ({ values }) => values.arrival),
  column('latitude', 'double precision', ({ values }) => values.latitude?.toString() ?? null),
  column('longitude', 'double precision', ({ values }) => values.longitude?.toString() ?? null),
  text('external_ref', ({ values }) => values.externalRef),
  text('find_name', ({ found }) => found.name),
  text('find_initials', ({ found }) => found.initials),
  text('find_pinyin', ({ found }) => found.pinyin),
  text('find_door', ({ found }) => found.door),
]
const RESIDENT: readonly Column<Written>[] = [
  text('id', ({ resident }) => resident),
  text('home', ({ home }) => home),
  text('name', ({ values }) => values.residentName),
  column('born_on', 'date', ({ values }) => values.bornOn),
  text('access', ({ values }) => values.access),
  column('medical', 'text[]', ({ values }) => arrayText(values.medical)),
  text('language', ({ values }) => values.language),
  text('call_name', ({ values }) => values.callName),
  text('risk', ({ values }) => values.risk),
  column('categories', 'text[]', ({ values }) => arrayText(values.categories)),
  text('hearing', ({ values }) => values.hearing),
  column('lives_alone', 'boolean', ({ values }) => values.livesAlone),
]
const CONTACT: readonly Column<WrittenContact>[] = [
  text('id', ({ id }) => id),
  text('home', ({ home }) => home),
  text('name', ({ values }) => values.name),
  text('relation', ({ values }) => values.relation),
  text('role', ({ values }) => values.role),
  text('phone', ({ values }) => values.phone),
  column('key_holder', 'boolean', ({ values }) => values.keyHolder),
  column('distance_m', 'integer', ({ values }) => values.distanceM),
  text('language', ({ values }) => values.language),
]
const SLOT = column<WrittenContact>('list_slot', 'integer', ({ slot }) => slot)
const BEFORE = text<WrittenContact>('phone_before', ({ phoneBefore }) => phoneBefore)
const WAY: readonly Column<Way>[] = [
  text('id', ({ contact, channel }) => `${contact.way}-${channel}`),
  text('home', ({ contact }) => contact.home),
  text('owner', ({ contact }) => contact.id),
  text('channel', ({ channel }) => channel),
  text('address', ({ contact }) => contact.values.phone),
  column('position', 'integer', ({ position }) => position),
]

/** `centre` is the last parameter, the same for all rows. */
function insert<Row>(
  table: string,
  columns: readonly Column<Row>[],
  more: Readonly<Record<string, string>> = {},
): string {
  const names = [...columns.map(({ name }) => name), 'centre', ...Object.keys(more)]
  const values = [...columns.map((one) => cast(one)), `$${columns.length + 1}`, ...Object.values(more)]
  return `insert into ${table} (${names.join(', ')}) select ${values.join(', ')} from ${given(columns)}`
}
/** Who takes the list in is the last parameter. A row that is as it shall be is left alone: it is the version that others have read. */
function update<Row>(
  table: string,
  columns: readonly Column<Row>[],
  more: readonly Column<Row>[] = [],
  also = '',
): string {
  const set = columns.filter(({ name }) => name !== 'id')
  const before = set.map(({ name }) => `${table}.${name}`)
  const after = set.map((one) => cast(one))
  const all = [...columns, ...more]
  return `update ${table} set ${set.map(({ name }, index) => `${name} = ${after[index]}`).join(', ')}${also},
      version = ${table}.version + 1, changed_at = app_now(), changed_by = $${all.length + 1}
    from ${given(all)} where ${table}.id = given.id and row(${before.join(', ')}) is distinct from row(${after.join(', ')})`
}

const INSERT_HOME = insert('home', HOME)
const UPDATE_HOME = update('home', HOME)
const INSERT_RESIDENT = insert('resident', RESIDENT)
const UPDATE_RESIDENT = update('resident', RESIDENT)
const INSERT_CONTACT = insert('contact', [...CONTACT, SLOT], { position: 'given.list_slot' })
const CHANGED_CONTACT = [...CONTACT, BEFORE]
/** What was proven of the old number is not proven of the new one. */
const UPDATE_CONTACT = update(
  'contact',
  CONTACT,
  [BEFORE],
  ', last_proven_on = case when given.phone_before is null then last_proven_on end',
)
const REMOVE_CONTACT = `update contact set removed_at = app_now(), list_slot = null, version = version + 1, changed_at = app_now(),
  changed_by = $2 where id = any($1)`
/** Of those whose list has become another one. */
const REORDERED = `update home set order_version = order_version + 1, order_changed_at = app_now(), order_changed_by = $2
  where id = any($1)`
const DROP_WAYS = `delete from way using unnest($1::text[], $2::text[]) as gone (owner, address)
  where owner_kind = 'contact' and way.owner = gone.owner and way.address = gone.address`
/** Somebody may have given them this number by hand already. */
const INSERT_WAY = `${insert('way', WAY, { owner_kind: `'contact'` })}
  on conflict on constraint way_once do nothing`

/**
 * Sends the changes of one batch; they are saved with its transaction. In the order of the homes' ids, so that nobody else who
 * changes several homes can wait for us while we wait for them.
 */
export async function write(
  tx: Transaction,
  { centre, by }: { readonly centre: string; readonly by: string },
  changes: readonly Change[],
  newId: () => string,
): Promise<void> {
  const rows = changes
    .map((change) => ({ change, ...idsOf(change, newId()), found: foundBy(change.values) }))
    .sort((a, b) => (a.home < b.home ? -1 : 1))
  const of = (wanted: (row: (typeof rows)[number]) => boolean): Written[] =>
    rows.filter(wanted).map(({ home, resident, found, change }) => ({ home, resident, found, values: change.values }))
  const isNew = ({ change }: (typeof rows)[number]) => change.before === undefined
  const livedThere = ({ change }: (typeof rows)[number]) => (change.before?.residentId ?? null) !== null

  const contacts = contactsOf(rows)
  const ways = [...contacts.added, ...contacts.renumbered].flatMap(waysOf)
  await Promise.all([
    send(tx, INSERT_HOME, HOME, of(isNew), centre),
    send(
      tx,
      UPDATE_HOME,
      HOME,
      of((row) => !isNew(row)),
      by,
    ),
    send(
      tx,
      INSERT_RESIDENT,
      RESIDENT,
      of((row) => !livedThere(row)),
      centre,
    ),
    send(tx, UPDATE_RESIDENT, RESIDENT, of(livedThere), by),
    moveHomes(
      tx,
      centre,
      rows
        .filter(({ change }) => (change.before?.values.areaCode ?? null) !== change.values.areaCode)
        .map(({ home, change }) => ({ home, to: change.values.areaCode })),
    ),
    contacts.removed.length > 0 ? tx.query(REMOVE_CONTACT, [contacts.removed, by]) : undefined,
    send(tx, INSERT_CONTACT, [...CONTACT, SLOT], contacts.added, centre),
    send(tx, UPDATE_CONTACT, CHANGED_CONTACT, contacts.changed, by),
    contacts.reordered.length > 0 ? tx.query(REORDERED, [contacts.reordered, by]) : undefined,
    dropWays(tx, contacts.renumbered),
    send(tx, INSERT_WAY, WAY, ways, centre),
  ])
}

async function send<Row>(
  tx: Transaction,
  statement: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  last: string,
): Promise<void> {
  if (rows.length > 0) await tx.query(statement, [...columnar(columns, rows), last])
}

/** One fresh id for all that is new of one household: chance for each of its dozen rows would cost more than the rows. */
const idsOf = ({ before }: Change, fresh: string) => ({
  fresh,
  home: before?.id ?? `home-${fresh}`,
  resident: before?.residentId ?? `resident-${fresh}`,
})

interface ContactRows {
  readonly added: readonly WrittenContact[]
  readonly changed: readonly WrittenContact[]
  /** Those of the changed whose number is another one. */
  readonly renumbered: readonly WrittenContact[]
  readonly removed: readonly string[]
  /** The homes whose list of contacts is another one. */
  readonly reordered: readonly string[]
}

function contactsOf(
  rows: readonly { readonly home: string; readonly fresh: string; readonly change: Change }[],
): ContactRows {
  const added: WrittenContact[] = []
  const changed: WrittenContact[] = []
  const removed: string[] = []
  for (const { home, fresh, change } of rows)
    for (const one of change.contacts) {
      if (one.does === 'remove') removed.push(one.id)
      else if (one.does === 'add') {
        const { slot, values } = one
        added.push({
          id: `contact-${fresh}-${slot}`,
          home,
          slot,
          values,
          way: `way-${fresh}-${slot}`,
          phoneBefore: null,
        })
      } else {
        const { id, slot, values, phoneBefore } = one
        changed.push({ id, home, slot, values, way: `way-${fresh}-${slot}`, phoneBefore })
      }
    }
  const reordered = rows.flatMap(({ home, change }) =>
    change.before && change.contacts.some(({ does }) => does !== 'change') ? [home] : [],
  )
  return { added, changed, removed, reordered, renumbered: changed.filter(({ phoneBefore }) => phoneBefore !== null) }
}

async function dropWays(tx: Transaction, contacts: readonly WrittenContact[]): Promise<void> {
  if (contacts.length > 0)
    await tx.query(DROP_WAYS, [contacts.map(({ id }) => id), contacts.map(({ phoneBefore }) => phoneBefore)])
}

function waysOf(contact: WrittenContact): Way[] {
  // A text message to a fixed line would only cost time.
  const channels = telephoneOf(contact.values.phone)?.takesMessages ? (['sms', 'voice'] as const) : (['voice'] as const)
  return channels.map((channel, index) => ({ contact, channel, position: index + 1 }))
}
