import { connect, createServer, type Socket } from 'node:net'

/** A way to a server that can be slow, and that can lose answers: what was asked was done, and whoever asked does not hear of it. */
export interface BadLine {
  readonly port: number
  /** From now on what is asked arrives so much later. */
  delays(ms: number): void
  /** While it does, the first byte of each answer ends the connection instead. */
  losesAnswers(does: boolean): void
  readonly lost: number
  /** Ends what runs through it and refuses what comes. */
  goesDown(): void
  returns(): void
  /** Resolves when the next bytes of a question have been handed to the server. */
  nextQuestion(): Promise<void>
  end(): Promise<void>
}

export async function aBadLine(to: number): Promise<BadLine> {
  const open = new Set<Socket>()
  let delayMs = 0
  let losing = false
  let lost = 0
  let up = true
  let asked: (() => void)[] = []
  const cut = () => {
    for (const socket of open) socket.destroy()
  }
  const server = createServer((near) => {
    if (!up) return near.destroy()
    const far = connect(to, '127.0.0.1')
    for (const socket of [near, far]) {
      open.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        open.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    // One after the other, so that a line that becomes fast again does not change the order of the bytes.
    const passOn = async (earlier: Promise<void>, due: number, bytes: Buffer): Promise<void> => {
      await earlier
      await later(due)
      far.write(bytes)
      for (const tell of asked.splice(0)) tell()
    }
    let before = Promise.resolve()
    near.on('data', (bytes) => {
      const due = performance.now() + delayMs
      before = passOn(before, due, bytes)
    })
    far.on('data', (bytes) => {
      if (!losing) return void near.write(bytes)
      lost++
      near.destroy()
      return undefined
    })
    return undefined
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('the line has no port')
  return {
    port: address.port,
    delays(ms) {
      delayMs = ms
    },
    losesAnswers(does) {
      losing = does
    },
    get lost() {
      return lost
    },
    goesDown() {
      up = false
      cut()
    },
    returns() {
      up = true
    },
    nextQuestion: () =>
      new Promise((resolve) => {
        asked.push(resolve)
      }),
    async end() {
      asked = []
      cut()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
    },
  }
}

const later = (due: number): Promise<void> | undefined => {
  const ms = due - performance.now()
  return ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : undefined
}
