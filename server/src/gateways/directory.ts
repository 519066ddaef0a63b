import { createHash, timingSafeEqual } from 'node:crypto'
import { type CentreId, type Clock, type GatewayId, type HomeId, millis, type Timer } from '@anju/contract'
import type { Actor, Database, GatewayDirectory } from '../ports.ts'

const actor: Actor = { kind: 'system', part: 'gateways' }
const refreshEvery = millis(5_000)
/** Names that are nobody's: remembered for a moment, so that guessing costs the guesser and not PostgreSQL. */
const unknownNamesMax = 10_000

export interface KnownGateway {
  readonly id: GatewayId
  readonly home: HomeId
  readonly centre: CentreId
  readonly credentialHash: Buffer
}
interface Row {
  id: GatewayId
  home: HomeId
  centre: CentreId
  credential_hash: Buffer
}
/** The time stands in every row, and alone in one when nothing has changed. */
type Changed = { readonly now: number } & (Row | { readonly id: null })

/** A transaction that was open at one reading may commit an older time until the next: longer than any of them may take. */
const overlapMs = 60_000
const ONE = 'select id, home, centre, credential_hash from gateway where id = $1'
const CHANGED = `select clock.now, id, home, centre, credential_hash
  from (select app_now() as now) as clock left join gateway on changed_at >= to_timestamp($1::float8 / 1000)`

/** What is stored of a gateway's password. It is 256 random bits, so one SHA-256 is enough. */
export const hashCredential = (password: string): Buffer => createHash('sha256').update(password).digest()

/**
 * Every gateway, in memory: a power cut brings thousands back at once, and they must be let in while PostgreSQL is away. Rows
 * that changed are read again every few seconds, so that several server processes agree.
 */
export class MemoryDirectory implements GatewayDirectory {
  readonly #database: Database
  readonly #known = new Map<string, KnownGateway>()
  readonly #unknown = new Set<string>()
  readonly #timer: Timer
  /** By the database's clock. */
  #readAt = 0
  #refreshing: Promise<void> | undefined

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#timer = clock.every(refreshEvery, () => {
      this.refresh().catch(() => undefined) // the database's own probe says what is wrong with it
    })
  }

  /** From memory alone. */
  known(gateway: GatewayId): KnownGateway | undefined {
    return this.#known.get(gateway)
  }

  get size(): number {
    return this.#known.size
  }

  async authenticate(username: string, password: string): Promise<GatewayId | undefined> {
    const gateway = await this.#find(username)
    if (!gateway) return undefined
    return timingSafeEqual(hashCredential(password), gateway.credentialHash) ? gateway.id : undefined
  }

  homeOf(gateway: GatewayId): KnownGateway | Promise<KnownGateway | undefined> {
    return this.#known.get(gateway) ?? this.#find(gateway)
  }

  /** Reads what changed since the last time. Called after every registration, so that its credentials are good at once. */
  async refresh(): Promise<void> {
    // A reading that is under way may have begun before what the caller wants to see.
    await this.#refreshing?.catch(() => undefined)
    this.#refreshing ??= this.#read().finally(() => {
      this.#refreshing = undefined
    })
    await this.#refreshing
  }

  close(): void {
    this.#timer.cancel()
  }

  async #find(id: string): Promise<KnownGateway | undefined> {
    const known = this.#known.get(id)
    if (known || this.#unknown.has(id)) return known
    // By its name: what a restored backup brings has an old date.
    const [found] = await this.#database.transaction(actor, (tx) => tx.query<Row>(ONE, [id], 'gateway-one'))
    if (found) return this.#keep(found)
    if (this.#unknown.size < unknownNamesMax) this.#unknown.add(id)
    return undefined
  }

  #keep({ id, home, centre, credential_hash: credentialHash }: Row): KnownGateway {
    const kept = { id, home, centre, credentialHash }
    this.#known.set(id, kept)
    return kept
  }

  async #read(): Promise<void> {
    const rows = await this.#database.transaction(actor, (tx) =>
      tx.query<Changed>(CHANGED, [Math.max(0, this.#readAt - overlapMs)], 'gateways-changed'),
    )
    for (const row of rows) {
      this.#readAt = row.now
      if (row.id !== null) this.#keep(row)
    }
    this.#unknown.clear()
  }
}
