import type { Client } from './aedes-client.ts'

const PUBACK = 0x40
const noop = () => undefined

/**
 * Acknowledgements, gathered while one chunk of a connection is read: it is written once, whatever the number of messages. aedes' own "done with this packet" goes the same way, because calling it at once would make its parser
 * re-enter itself.
 */
export class AckBatch {
  readonly #dirty: Client[] = []
  readonly #released: (() => void)[] = []
  #scheduled = false

  add(client: Client, messageId: number): void {
    const session = client.anjuSession
    if (!session || client.closed) return
    if (session.acks.length === 0) this.#dirty.push(client)
    session.acks.push(messageId)
    this.#schedule()
  }

  release(done: () => void): void {
    this.#released.push(done)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    process.nextTick(this.#flush)
  }

  readonly #flush = (): void => {
    this.#scheduled = false
    for (const client of this.#dirty.splice(0)) writeAcks(client)
    for (const done of this.#released.splice(0)) done()
  }
}

function writeAcks(client: Client): void {
  const session = client.anjuSession
  if (!session) return
  const { acks } = session
  const packets = Buffer.allocUnsafe(acks.length * 4)
  let offset = 0
  for (const messageId of acks) {
    packets[offset++] = PUBACK
    packets[offset++] = 2
    packets[offset++] = messageId >>> 8
    packets[offset++] = messageId & 0xff
  }
  acks.length = 0
  if (client.closed || client.conn.destroyed) return
  if (!client.conn.write(packets)) client.waitForDrain(noop)
}
