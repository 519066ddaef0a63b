import { type AlarmId, DomainError, type HomeId, type PersonId } from '@anju/contract'
import type { AlarmDetail, ContactOutcome, Disposition, PlanStep } from '@anju/contract/api'
import type { Command } from '../../../server/src/alarms/service.ts'
import { type Author, noteChange } from '../../../server/src/audit/audit.ts'
import type { AgencyAnswer } from '../../../server/src/domain/handling-input.ts'
import type { Mode } from '../../../server/src/homes/homes.ts'
import type { PersonActor } from '../../../server/src/people/people.ts'
import { identityOf } from '../alarms.ts'
import { HOME } from './people.ts'
import type { ServerInHand } from './server-in-hand.ts'

/** What a seat needs of its story. */
export interface Centre {
  readonly server: ServerInHand
  settle(): Promise<void>
}

const HELPED: Disposition = { code: 'genuine', cause: 'fall', outcome: 'helped-at-home' }

const authorOf = (actor: PersonActor): Author => ({
  actor,
  key: undefined,
  note: (tx, change) => noteChange(tx, actor, change, { ip: '127.0.0.1', agent: 'a story' }),
})

/** One person at one browser. What it holds it keeps, for as long as it lives. */
export class Seat {
  readonly actor: PersonActor
  readonly #centre: Centre
  readonly #leases = new Map<AlarmId, number>()
  #alive = true

  constructor(centre: Centre, actor: PersonActor) {
    this.#centre = centre
    this.actor = actor
  }

  async claims(id: AlarmId): Promise<void> {
    await this.#does(id, { type: 'claim' })
  }
  async takesOver(id: AlarmId, reason: string): Promise<void> {
    await this.#does(id, { type: 'takeover', reason })
  }
  async undoesClose(id: AlarmId): Promise<void> {
    await this.#does(id, { type: 'undo-close' })
  }
  /** What needs the lease; the seat knows its own. */
  async does(id: AlarmId, command: Leased): Promise<void> {
    await this.#does(id, { ...command, lease: this.#leases.get(id) ?? -1 })
  }
  closes(id: AlarmId, disposition: Disposition = HELPED): Promise<void> {
    return this.does(id, { type: 'close', disposition, note: null })
  }
  /** Wants a colleague to take it on. */
  offers(id: AlarmId, to: string, note: string | null = null): Promise<void> {
    return this.does(id, { type: 'offer', to: to as PersonId, note })
  }
  async declines(id: AlarmId): Promise<void> {
    await this.#does(id, { type: 'decline-offer' })
  }
  /** Spoke to somebody of the home's contacts, or tried to. */
  calls(id: AlarmId, contact: string, outcome: ContactOutcome = 'reached'): Promise<void> {
    return this.does(id, { type: 'contact', contact, reached: outcome === 'reached', outcome })
  }

  /** What the alarm's page shows here. */
  async sees(id: AlarmId): Promise<AlarmDetail> {
    return (await this.#centre.server.queries.detail(identityOf(this.actor), id)).detail
  }
  /** Asks how one gets in. */
  async looksForTheWayIn(id: AlarmId): Promise<string> {
    const { access } = await this.#centre.server.alarms.reveal(this.actor, id, this.#leases.get(id) ?? -1)
    await this.#centre.settle()
    return access
  }
  /** The page has painted it. */
  async paints(id: AlarmId): Promise<void> {
    await this.#centre.server.alarms.shown(this.actor, id, `console of ${this.actor.name}`)
    await this.#centre.settle()
  }
  /** What an agency said later, to whoever took the call. */
  async hearsOf(id: AlarmId, answer: AgencyAnswer): Promise<void> {
    await this.#does(id, { type: 'agency-answer', ...answer })
  }
  async puts(mode: Mode, until: string | null, home: HomeId = HOME): Promise<void> {
    await this.#centre.server.homes.setMode(authorOf(this.actor), home, { mode, until, reason: 'as agreed' })
    await this.#centre.settle()
  }
  /** A plan for a type of event, of the whole centre. */
  async writesPlan(type: string, steps: readonly PlanStep[]): Promise<void> {
    await this.#centre.server.plans.put(this.actor, { type, steps: [...steps] })
  }
  logsOut(): Promise<void> {
    return this.#centre.server.people.logOut(identityOf(this.actor), 'the secret of a cookie')
  }

  /** It died, or was paused: nothing is renewed any more, and what it held it believes it still holds. */
  goesSilent(): void {
    this.#alive = false
  }
  get renews(): boolean {
    return this.#alive && this.#leases.size > 0
  }
  /** As a living browser does by itself. What is not its own any more it lets go. */
  async renew(): Promise<void> {
    for (const [id, lease] of this.renews ? this.#leases : [])
      if (await this.#lost(this.#centre.server.alarms.command(this.actor, id, { type: 'renew', lease })))
        this.#leases.delete(id)
  }

  async #does(id: AlarmId, command: Command): Promise<void> {
    const { lease } = await this.#centre.server.alarms.command(this.actor, id, command)
    if (lease) this.#leases.set(id, Number(lease.token))
    await this.#centre.settle()
  }

  async #lost(renewal: Promise<unknown>): Promise<boolean> {
    return (await refusalOf(renewal)) === 'lease-stale'
  }
}
type Leased = Command extends infer One ? (One extends { readonly lease: number } ? Omit<One, 'lease'> : never) : never

/** With which code it is refused; `done` when it is not. */
export async function refusalOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt
    return 'done'
  } catch (error) {
    if (error instanceof DomainError) return error.code
    throw error
  }
}
