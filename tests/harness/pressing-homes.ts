import { parseReceipt, upTopic } from '@anju/contract'
import mqtt from 'mqtt'
import { anEvent } from './uplink.ts'
import { until } from './wait.ts'

/** One press as its home knows it: sent again until it is receipted, as a gateway does. */
export interface HomePress {
  readonly id: string
  readonly gateway: string
  readonly placement: string
  readonly sentAt: number
  receiptedAt?: number
}

/** The gateways' side of many homes on a broker outside, in the test's hands: every press has a placement of its own. */
export interface PressingHomes {
  readonly presses: readonly HomePress[]
  press(): void
  /** Waits until every press has its receipt, so long at most; how many have none. */
  settled(withinMs: number): Promise<number>
  close(): Promise<void>
}

/** As a gateway's outbox resends what is unsettled in the life lane: after two seconds, doubling. */
const resendFirstMs = 2_000
const resendMaxMs = 30_000

export async function pressingHomes(brokerUrl: string, gateways: readonly string[]): Promise<PressingHomes> {
  const client = await mqtt.connectAsync(brokerUrl, { clientId: 'homes', reconnectPeriod: 200 })
  client.on('error', () => undefined)
  const presses: HomePress[] = []
  const unsettled = new Map<
    string,
    { readonly press: HomePress; readonly publish: () => void; at: number; waitMs: number }
  >()
  client.on('message', (_topic, payload) => {
    const receipt = parseReceipt(payload)
    if (!receipt.ok) return
    for (const id of receipt.value.ids) {
      const waiting = unsettled.get(id)
      if (waiting) waiting.press.receiptedAt = Date.now()
      unsettled.delete(id)
    }
  })
  await client.subscribeAsync('anju/v1/+/down/receipt', { qos: 1 })
  const resending = setInterval(() => {
    const now = Date.now()
    for (const waiting of unsettled.values())
      if (waiting.at + waiting.waitMs <= now) {
        waiting.at = now
        waiting.waitMs = Math.min(resendMaxMs, waiting.waitMs * 2)
        waiting.publish()
      }
  }, 250)

  return {
    presses,
    press() {
      const gateway = gateways[presses.length % gateways.length] ?? ''
      const placement = `button-${presses.length}`
      const message = anEvent(gateway, { placement })
      const payload = JSON.stringify(message)
      const press: HomePress = { id: message.id, gateway, placement, sentAt: Date.now() }
      const publish = () => void client.publish(upTopic(gateway as never, 'event'), payload, { qos: 1 })
      presses.push(press)
      unsettled.set(message.id, { press, publish, at: Date.now(), waitMs: resendFirstMs })
      publish()
    },
    settled: (withinMs) =>
      until('every press to be receipted', () => unsettled.size === 0, { withinMs }).then(
        () => 0,
        () => unsettled.size,
      ),
    async close() {
      clearInterval(resending)
      await client.endAsync(true)
    },
  }
}
