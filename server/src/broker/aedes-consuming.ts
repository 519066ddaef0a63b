import { Readable } from 'node:stream'
import { Aedes, type AedesOptions } from 'aedes'
import mqttPacket from 'mqtt-packet'
import type { Client } from './aedes-client.ts'

// 65,536 small buffers kept for every packet number there can be: 5 MiB that buy nothing here.
mqttPacket.writeToStream.cacheNumbers = false

type Done = (error?: Error) => void

/**
 * An aedes that delivers nothing: `authorizePublish` has consumed a message before this is asked to pass it on, and words to a
 * home are written to its connection directly. So there is no subscription tree, no store and no emitter on the way.
 */
export class ConsumingAedes extends Aedes {
  constructor(options: AedesOptions) {
    super({ ...options, persistence: nothingStored() })
  }

  // aedes itself calls it as (packet, client, done) and (packet, done).
  override publish(_packet: unknown, clientOrDone: unknown, done?: Done): void {
    const callback = typeof clientOrDone === 'function' ? (clientOrDone as Done) : done
    callback?.()
  }

  override subscribe(_topic: string, _deliver: unknown, done?: () => void): void {
    done?.()
  }

  override unsubscribe(_topic: string, _deliver: unknown, done?: () => void): void {
    done?.()
  }

  /** A connection that is taken over by its own gateway was not lost: its will is not published. */
  registerClient(client: Client): void {
    const before = (this as unknown as { clients: Record<string, Client | undefined> }).clients[client.id]
    if (before) before.will = null
    const inherited = Aedes.prototype as unknown as { registerClient(this: ConsumingAedes, client: Client): void }
    inherited.registerClient.call(this, client)
  }
}

/** The store aedes asks for. Sessions are clean and nothing is retained, so each answer is "nothing". */
const nothing = async () => undefined
const none = async () => []
const empty = () => Readable.from([])
function nothingStored(): object {
  return {
    setup: nothing,
    storeRetained: nothing,
    addSubscriptions: nothing,
    removeSubscriptions: nothing,
    cleanSubscriptions: nothing,
    subscriptionsByClient: none,
    subscriptionsByTopic: none,
    outgoingEnqueue: nothing,
    outgoingEnqueueCombi: nothing,
    outgoingUpdate: nothing,
    outgoingClearMessageId: nothing,
    cleanIncoming: nothing,
    putWill: nothing,
    delWill: nothing,
    outgoingStream: empty,
    createRetainedStreamCombi: empty,
    streamWill: empty,
    destroy: nothing,
  }
}
