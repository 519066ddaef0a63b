import type { RunningGateway } from '../harness/gateway.ts'
import { type RawClient, rawConnect } from '../harness/raw-mqtt.ts'
import { pause } from '../harness/wait.ts'
import type { Press } from './press-ledger.ts'

/** Many buttons of one home behind one bridge, pressed in turn for as long as it lasts, whatever happens to the gateway. */
export interface Presser {
  readonly presses: readonly Press[]
  /** Ends the pressing; presses still unacknowledged after a moment stay so. */
  stop(): Promise<readonly Press[]>
}

export const buttonPlacement = (index: number): string => `sos-${index}`
export const buttonsOf = (count: number): object[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `button-${index}`,
    placement: buttonPlacement(index),
    profile: 'tuya/ts0215a-sos',
    topic: topicOf(index),
  }))
export const topicOf = (index: number): string => `zigbee2mqtt/button ${index}`
/**
 * Two presses of one button are separate when a second lies between them as the gateway hears them; on a busy machine it
 * hears the first one later than it was sent.
 */
export const betweenPressesOfOneMs = 2_000

export function aPresser(gateway: RunningGateway, buttons: number): Presser {
  const presses: Press[] = []
  const stopped = new AbortController()
  const link: { client?: RawClient | undefined } = {}
  let waiting = new Map<number, Press>()

  const connect = async () => {
    const fresh = await rawConnect({ port: gateway.devicePort }, { clientId: `bridge-${presses.length}` })
    const mine = new Map<number, Press>()
    fresh.onAck = (id) => {
      const press = mine.get(id)
      mine.delete(id)
      if (press) press.ackedAt = Date.now()
    }
    fresh.onClose = () => {
      for (const press of mine.values()) press.brokenAt = Date.now()
      mine.clear()
      if (link.client === fresh) link.client = undefined
    }
    link.client = fresh
    waiting = mine
  }
  const pressing = (async () => {
    const payload = Buffer.from('{"action":"emergency","battery":80,"linkquality":120}')
    for (let turn = 0; !stopped.signal.aborted; turn++) {
      // A bridge keeps trying: while the gateway is away there is nobody to hear a press.
      while (!stopped.signal.aborted && !link.client) await connect().catch(() => pause(20))
      const index = turn % buttons
      if (link.client) {
        const press: Press = { placement: buttonPlacement(index), sentAt: Date.now() }
        presses.push(press)
        waiting.set(link.client.publish(Buffer.from(topicOf(index)), payload), press)
      }
      await pause(betweenPressesOfOneMs / buttons)
    }
  })()
  return {
    presses,
    async stop() {
      stopped.abort()
      await pressing
      for (let turn = 0; turn < 200 && waiting.size > 0; turn++) await pause(10)
      link.client?.close()
      await pause(20)
      return presses
    },
  }
}
