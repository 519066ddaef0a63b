import { type Clock, DomainError, type GatewayId, gatewayId, homeId, type Random } from '@anju/contract'
import type { GatewayStatus } from '@anju/contract/api'
import { ulid } from 'ulid'
import type { Actor, Database, Transaction } from '../ports.ts'
import { hashCredential } from './directory.ts'
import { type GatewayRow, STATUS_COLUMNS, statusOf } from './status.ts'

type PersonActor = Extract<Actor, { kind: 'person' }>

export interface Credentials {
  readonly id: GatewayId
  readonly username: string
  readonly password: string
}

/** Time to carry it to its place and plug it in; from then on its silence is an event. */
const firstCallWithin = '15 minutes'
const pageMax = 500

/** Gateways as people see them: registered by an installer, listed with their state. */
export class GatewayRegistry {
  readonly #database: Database
  readonly #clock: Clock
  readonly #random: Random
  readonly #newSecret: () => string

  /** `newSecret` makes 256 bits of chance, as text. */
  constructor(database: Database, clock: Clock, random: Random, newSecret: () => string) {
    this.#database = database
    this.#clock = clock
    this.#random = random
    this.#newSecret = newSecret
  }

  /**
   * Registers a gateway by its serial number, or gives a registered one new credentials; its old ones end. Without a home it
   * gets an empty one, so that its first press already has a place to come from.
   * @throws DomainError `serial-taken` when it belongs to another home, `home-unknown`.
   */
  async register(actor: PersonActor, serial: string, home: string | undefined): Promise<Credentials> {
    const password = this.#newSecret()
    const hash = hashCredential(password)
    const id = await this.#database.transaction(actor, async (tx) => {
      const [existing] = await tx.query<{ id: GatewayId; home: string }>(
        'select id, home from gateway where serial = $1 for update',
        [serial],
      )
      if (existing) {
        if (home !== undefined && home !== existing.home)
          throw new DomainError('serial-taken', 'this serial number belongs to another home', { serial })
        await tx.query('update gateway set credential_hash = $2, changed_at = app_now() where id = $1', [
          existing.id,
          hash,
        ])
        return existing.id
      }
      return this.#insert(tx, actor, serial, hash, home)
    })
    return { id, username: id, password }
  }

  /** @returns at most 500, by id, from after `cursor`. */
  async list(
    actor: PersonActor,
    cursor: string | undefined,
  ): Promise<{ items: GatewayStatus[]; nextCursor: string | null }> {
    const rows = await this.#database.transaction(actor, (tx) =>
      tx.query<GatewayRow>(`select ${STATUS_COLUMNS} from gateway where id > $1 order by id limit $2`, [
        cursor ?? '',
        pageMax + 1,
      ]),
    )
    const items = rows.slice(0, pageMax).map(statusOf)
    return { items, nextCursor: rows.length > pageMax ? (items.at(-1)?.id ?? null) : null }
  }

  async #insert(
    tx: Transaction,
    actor: PersonActor,
    serial: string,
    hash: Buffer,
    wanted: string | undefined,
  ): Promise<GatewayId> {
    const home = wanted ?? (await this.#placeholderHome(tx, actor, serial))
    // One that another centre shares an alarm of is seen, and is not ours to fit out.
    const found = await tx.query('select from home where id = $1 and centre = $2', [home, actor.centre])
    if (found.length === 0) throw new DomainError('home-unknown', 'there is no such home', { home })
    const id = gatewayId(`gw-${this.#newId()}`)
    // Not visible and yet taken: another centre's. `on conflict` keeps the transaction usable and tells no more than that.
    const inserted = await tx.query(
      `insert into gateway (id, centre, home, serial, credential_hash, registered_at, changed_at, silent_due_at)
       select $1, $2, $3, $4, $5, now, now, now + $6::interval from app_now() as now
       on conflict on constraint gateway_serial do nothing returning id`,
      [id, actor.centre, home, serial, hash, firstCallWithin],
    )
    if (inserted.length === 0) throw new DomainError('serial-taken', 'this serial number is taken', { serial })
    return id
  }

  async #placeholderHome(tx: Transaction, actor: PersonActor, serial: string): Promise<string> {
    const id = homeId(`home-${this.#newId()}`)
    await tx.query('insert into home (id, centre, name) values ($1, $2, $3)', [id, actor.centre, serial])
    return id
  }

  #newId(): string {
    return ulid(this.#clock.now(), () => this.#random.uniform()).toLowerCase()
  }
}
