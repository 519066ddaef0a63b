import type { GatewayId } from '@anju/contract'
import type { GatewayStatus, MeasurementAnswer } from '@anju/contract/api'
import type { Api } from '../harness/api.ts'
import { messageEveryMs, type SentSample, samplesOf } from '../harness/measuring-homes.ts'

/** What homes measured against what the centre shows of it. */
export interface SampleLedger {
  readonly sent: number
  readonly missing: readonly string[]
  /** There with another value, or with another reason why there is none. */
  readonly wrong: readonly string[]
  /** There, and nobody sent it. */
  readonly unexplained: readonly string[]
}

/** As many as one answer may hold. */
const messagesPerAnswer = 200

/** Reads every sample of every home through the API, as a page would. */
export async function settleSamples(
  api: Api,
  installer: Api,
  made: ReadonlyMap<GatewayId, number>,
  since: number,
): Promise<SampleLedger> {
  const { body } = await installer.call<{ items: GatewayStatus[] }>('GET', '/gateways')
  const homes = new Map(body.items.map(({ id, homeId }) => [id, homeId]))
  const ledger = { sent: 0, missing: [] as string[], wrong: [] as string[], unexplained: [] as string[] }
  for (const [number, [gateway, messages]] of [...made].entries()) {
    const home = homes.get(gateway)
    for (let first = 0; first < messages; first += messagesPerAnswer) {
      const end = Math.min(first + messagesPerAnswer, messages)
      const sent = Array.from({ length: end - first }, (_, index) => samplesOf(since, number, first + index)).flat()
      const [from, to] = [since + first * messageEveryMs, since + end * messageEveryMs]
      const range = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`
      const path = `/homes/${home}/measurements?placement=meter&point=power&${range}`
      const answer = await api.call<MeasurementAnswer>('GET', path)
      if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
      compare(`${home}`, sent, answer.body, ledger)
    }
  }
  return ledger
}

type Writable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] }

function compare(
  home: string,
  sent: readonly SentSample[],
  { items }: MeasurementAnswer,
  ledger: Writable<SampleLedger>,
): void {
  ledger.sent += sent.length
  const shown = new Map(items.map((item) => [Date.parse(item.t), item]))
  for (const { at, value, absent } of sent) {
    const item = shown.get(at)
    const name = `${home} at ${new Date(at).toISOString()}`
    shown.delete(at)
    if (!item) ledger.missing.push(name)
    else if (item.last !== value || item.absent !== absent || item.count !== (value === null ? 0 : 1))
      ledger.wrong.push(`${name}: ${value ?? absent}, shown as ${item.last ?? item.absent}`)
  }
  for (const [at] of shown) ledger.unexplained.push(`${home} at ${new Date(at).toISOString()}`)
}
