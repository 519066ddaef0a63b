import { errorMessage } from '@anju/contract'
import { fleetCommand } from './fleet-command.ts'
import { homeCommand, homeCommands } from './home-command.ts'

/** `npm run simulate -- COMMAND`: the second shell beside `npm start`, and fleets against any server. */
const usage = `npm run simulate -- COMMAND

in the home that npm start runs (found through ANJU_DATA_DIR):
${homeCommands.map(({ name, does }) => `  ${name.padEnd(20)} ${does}`).join('\n')}

many homes against a server:
  [fleet]              [--http URL] [--server mqtt://HOST:PORT] [--homes N] [--seed S] [--speed X]
                       [--scenario quiet|evening|power-cut|presses] [--duration SECONDS] [--username NAME]
                       the password is ANJU_DEMO_PASSWORD, or that of the demo under ANJU_DATA_DIR
`

const [command, ...rest] = process.argv.slice(2)
try {
  if (command === undefined || command === '--help' || command === 'help') {
    process.stdout.write(usage)
    process.exitCode = command === undefined ? 1 : 0
  } else if (command === 'fleet' || command.startsWith('--')) {
    process.exitCode = await fleetCommand(command === 'fleet' ? rest : process.argv.slice(2))
  } else if (homeCommands.some(({ name }) => name === command)) {
    process.exitCode = await homeCommand(command, rest)
  } else {
    process.stderr.write(`simulate: no command "${command}"\n\n${usage}`)
    process.exitCode = 1
  }
} catch (error) {
  process.stderr.write(`simulate: ${errorMessage(error)}\n`)
  process.exitCode = 1
}
