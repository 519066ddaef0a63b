import { type AlarmRow, recordOf } from '../../server/src/alarms/record.ts'
import { Model } from './alarm.model.ts'
import type { Written } from './committed.ts'
import { isHeld } from './rules.ts'
import { seenOfModel, seenOfRecord } from './seen.ts'
import type { Act, Alarm, Told, Who } from './words.ts'

/** What one transaction wrote of one place. */
interface Committed {
  readonly rows: readonly Written[]
  readonly first: number
}

/** What people do, by the name it has in the timeline. */
const ACTS: Readonly<Record<string, (detail: Readonly<Record<string, unknown>>) => Act>> = {
  claimed: () => ({ act: 'claim' }),
  started: () => ({ act: 'start' }),
  released: () => ({ act: 'release' }),
  'taken-over': () => ({ act: 'takeover' }),
  offered: ({ to }) => ({ act: 'offer', to: personIn(to) }),
  'offer-withdrawn': () => ({ act: 'withdraw-offer' }),
  'offer-declined': () => ({ act: 'decline-offer' }),
  'offer-accepted': () => ({ act: 'claim' }),
  noted: () => ({ act: 'note' }),
  parked: ({ minutes }) => ({ act: 'park', minutes: Number(minutes) }),
  contacted: ({ outcome }) => ({ act: 'contact', reached: outcome === 'reached' }),
  dispatched: () => ({ act: 'dispatch' }),
  closed: ({ code }) => ({ act: 'close', code: String(code) }),
  undone: () => ({ act: 'undo-close' }),
}

const personIn = (named: unknown): string => String((named as { readonly personId: unknown }).personId)

/**
 * Plays what was committed, transaction by transaction, to the model of the rules: each must be something the rules allow at that
 * moment, and leave the alarm as the rules say. Then what happened at once is as if it had happened one after the other.
 */
export function replay(written: readonly Written[]): string[] {
  const wrong: string[] = []
  const places = Map.groupBy(written, (row) => placeOf(written, row))
  for (const [place, rows] of places) wrong.push(...new Place(place).play(rows))
  return wrong
}

function placeOf(written: readonly Written[], row: Written): string {
  const opened = written.find((one) => one.alarm === row.alarm && one.what === 'alarm')
  const { home, placement } = (row.what === 'event' ? row : opened)?.said ?? {}
  return `${String(home)}/${String(placement)}`
}

class Place {
  readonly #model = new Model()
  /** The model's alarm for each of the table's, in the order they were opened. */
  readonly #pairs = new Map<string, Alarm>()
  readonly #realerts = new Map<string, number>()
  readonly #wrong: string[] = []
  readonly #name: string

  constructor(name: string) {
    this.#name = name
  }

  play(rows: readonly Written[]): string[] {
    const transactions = [...Map.groupBy(rows, ({ xact }) => xact).values()]
      .map((of): Committed => ({ rows: of, first: Math.min(...of.map(({ seq }) => seq)) }))
      .toSorted((a, b) => a.first - b.first)
    for (const [nth, one] of transactions.entries()) {
      this.#step(one)
      if (this.#wrong.length === 0) continue
      // What follows would only repeat it. It may never come about again: what led to it is told with it.
      this.#wrong.push(...transactions.slice(Math.max(0, nth - 8), nth + 4).map(inWords))
      break
    }
    return this.#wrong
  }

  #step({ rows }: Committed): void {
    const events = rows.filter(({ what }) => what === 'event')
    const after = new Map(rows.filter(({ what }) => what === 'alarm').map(({ alarm, said }) => [alarm, said]))
    const entries = rows.filter(({ what }) => what === 'timeline')
    for (const { said } of events) this.#model.tells(toldOf(said), Number(said['received_at']))
    this.#pairNew([...after])
    for (const { alarm, said } of entries)
      if (said['kind'] === 're-alerted') this.#realerts.set(alarm, (this.#realerts.get(alarm) ?? 0) + 1)
    if (events.length === 0)
      for (const [alarm, row] of after) {
        const own = entries.filter((entry) => entry.alarm === alarm)
        if (own.length === 0) this.#renewed(alarm, row)
        for (const { said } of own) this.#entry(alarm, said, row)
      }
    for (const { alarm, said } of entries)
      if (!after.has(alarm)) this.#wrong.push(`${this.#name}: ${String(said['kind'])} was told and not done`)
    for (const [alarm, row] of after) this.#compare(alarm, row, rows)
  }

  #entry(alarm: string, said: Written['said'], row: Written['said']): void {
    const model = this.#pairs.get(alarm)
    const now = Number(said['at'])
    if (!model) return
    const act = ACTS[String(said['kind'])]
    // Abandoned, unparked, an offer over: what the clock alone does. Shown: a rung of its own, which no machine asks for.
    if (!act) return this.#model.passes(model, now)
    // The entry names who did it, the row who holds it then: of one that was declined they are two.
    const who = { person: String(said['person']), session: String(row['person_session']) }
    this.#does(model, who, act(said['detail'] as Record<string, unknown>), now)
  }

  /** A row that changed and a timeline that did not: the holder renewed, or asked for what they had. */
  #renewed(alarm: string, row: Written['said']): void {
    const model = this.#pairs.get(alarm)
    if (!model || !isHeld(model) || row['until'] === model.until) return
    const who = { person: String(row['person']), session: String(row['person_session']) }
    this.#does(model, who, { act: 'renew' }, Number(row['until']) - 60_000)
  }

  #does(model: Alarm, who: Who, act: Act, now: number): void {
    const refused = this.#model.does(model, who, act, model.fence, now)
    if (refused)
      this.#wrong.push(`${this.#name}: ${act.act} by ${who.session} was committed, and the rules say ${refused}`)
  }

  #pairNew(after: readonly (readonly [string, Written['said']])[]): void {
    const fresh = after.filter(([alarm]) => !this.#pairs.has(alarm))
    const paired = new Set(this.#pairs.values())
    for (const [alarm, row] of fresh) {
      const kind = row['type'] === 'button-stuck' ? 'its button' : 'the thing'
      const model = this.#model.alarms.find((one) => one.kind === kind && !paired.has(one))
      if (model) this.#pairs.set(alarm, model)
      else this.#wrong.push(`${this.#name}: alarm ${alarm} was opened, and the rules say it was open already`)
    }
  }

  #compare(alarm: string, row: Written['said'], rows: readonly Written[]): void {
    const model = this.#pairs.get(alarm)
    if (!model) return
    const now = Math.max(0, ...rows.map(({ said }) => Number(said['at'] ?? said['received_at'] ?? 0)))
    const expected = JSON.stringify(seenOfModel(model, now))
    const record = recordOf(row as unknown as AlarmRow)
    const found = JSON.stringify(seenOfRecord(record, this.#realerts.get(alarm) ?? 0, now))
    if (expected === found) return
    const did = rows.map(({ what, said }) => `${what} ${String(said['kind'] ?? said['phase'] ?? said['version'])}`)
    this.#wrong.push(`${this.#name}: after ${did.join(', ')}\nby the rules ${expected}\nin the table ${found}`)
  }
}

const TELLING = [
  'version',
  'seq',
  'phase',
  'kind',
  'handling',
  'condition',
  'person_session',
  'at',
  'received_at',
  'heard_at',
]
function inWords({ rows }: Committed): string {
  const words = rows.map(
    ({ seq, what, alarm, said }) => `${seq} ${what} ${alarm.slice(-6)} ${JSON.stringify(said, TELLING)}`,
  )
  return `  ${rows[0]?.xact}: ${words.join('; ')}`
}

const toldOf = (said: Written['said']): Told => ({
  graveness: said['class'] as Told['graveness'],
  ended: said['phase'] === 'returned',
  occurredAt: Number(said['occurred_at']),
  heardAt: Number(said['heard_at']),
  ageMs: Number(said['elapsed_ms']),
  test: said['test'] === true,
  nth: Number(said['seq']),
})
