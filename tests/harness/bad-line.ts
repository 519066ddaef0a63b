import type { Socket } from 'node:net'
import { aRelay, type Relay } from './relay.ts'

/** A way to a server that can be slow, and that can lose answers: what was asked was done, and whoever asked does not hear of it. */
export interface BadLine extends Relay {
  /** From now on what is asked arrives so much later. */
  delays(ms: number): void
  /** While it does, the first byte of each answer ends the connection instead. */
  losesAnswers(does: boolean): void
  readonly lost: number
  /** Resolves when the next bytes of a question have been handed to the server. */
  nextQuestion(): Promise<void>
}

export async function aBadLine(to: number): Promise<BadLine> {
  let delayMs = 0
  let losing = false
  let lost = 0
  let asked: (() => void)[] = []
  const before = new WeakMap<Socket, Promise<void>>()
  // One after the other, so that a line that becomes fast again does not change the order of the bytes.
  const passOn = async (earlier: Promise<void> | undefined, due: number, bytes: Buffer, far: Socket): Promise<void> => {
    await earlier
    await later(due)
    far.write(bytes)
    for (const tell of asked.splice(0)) tell()
  }
  const relay = await aRelay(
    { port: to, host: '127.0.0.1' },
    {
      asked(bytes, far) {
        before.set(far, passOn(before.get(far), performance.now() + delayMs, bytes, far))
      },
      answered(bytes, near) {
        if (!losing) near.write(bytes)
        else {
          lost++
          near.destroy()
        }
      },
    },
  )
  return {
    ...relay,
    delays(ms) {
      delayMs = ms
    },
    losesAnswers(does) {
      losing = does
    },
    get lost() {
      return lost
    },
    nextQuestion: () =>
      new Promise((resolve) => {
        asked.push(resolve)
      }),
    async end() {
      asked = []
      await relay.end()
    },
  }
}

const later = (due: number): Promise<void> | undefined => {
  const ms = due - performance.now()
  return ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : undefined
}
