import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { DomainError } from '@anju/contract'
import { checkPassword } from '../people/entry.ts'

/** A password is a line; nobody pipes a file in here and waits. */
const inputCharsMax = 4_096

/**
 * A password as its owner types it, unseen and twice; without a terminal the first line of the standard input. Never an
 * argument: those stand in the shell's history and in every list of processes.
 * @throws DomainError `request-malformed`
 */
export async function givenPassword(username: string): Promise<string> {
  if (!process.stdin.isTTY) return firstLine(process.stdin.setEncoding('utf8'))
  const terminal = hidden()
  try {
    const password = await terminal.ask(`New password of ${username}: `)
    checkPassword(username, password)
    if ((await terminal.ask('Once more: ')) !== password)
      throw new DomainError('request-malformed', 'password: the two are not the same')
    return password
  } finally {
    terminal.close()
  }
}

async function firstLine(input: AsyncIterable<Buffer | string>): Promise<string> {
  let text = ''
  for await (const piece of input) {
    text += piece.toString()
    if (text.includes('\n') || text.length > inputCharsMax) break
  }
  return text.replace(/\r?\n[^]*$/, '')
}

/** From here on the terminal itself repeats nothing, and readline does so on an output that shows nothing. */
function hidden() {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 })
  lines.on('SIGINT', () => lines.close())
  return {
    ask: (question: string) =>
      new Promise<string>((resolve, reject) => {
        const leave = () => reject(new DomainError('request-malformed', 'password: nothing was entered'))
        lines.once('close', leave)
        process.stderr.write(question)
        lines.question('', (answer) => {
          lines.off('close', leave)
          process.stderr.write('\n')
          resolve(answer)
        })
      }),
    close: () => lines.close(),
  }
}
