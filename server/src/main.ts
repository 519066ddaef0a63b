import { setFlagsFromString } from 'node:v8'
import { DomainError, errorMessage } from '@anju/contract'

/**
 * V8 gives its dearest compiler whatever was called 3,000 times: of a server that has just started, most of it, on threads of its
 * own and at the cost of who is to be relieved. What is really hot is compiled a little later.
 */
setFlagsFromString('--invocation-count-for-turbofan=30000')

/** Of all that a server is, a command loads its own part: it is there in a third of the time. */
async function main(command: string | undefined, rest: readonly string[]): Promise<void> {
  if (command === undefined) return (await import('./app/serve.ts')).serve()
  const { runCommand } = await import('./cli/commands.ts')
  return process.exit(await runCommand(command, rest))
}

const [given, ...words] = process.argv.slice(2)
main(given, words).catch((error: unknown) => {
  // A message may quote a file somebody was sent: nothing of it may steer the terminal.
  process.stderr.write(`server: ${errorMessage(error).replaceAll(/\p{Cc}/gu, ' ')}\n`)
  if (!(error instanceof DomainError)) console.error(error)
  process.exit(1)
})
