import { UsageError } from './usage-error.ts'

/** A command of `npm run server -- …`, loaded only when it is asked for. */
interface Command {
  readonly usage: readonly string[]
  readonly load: () => Promise<{ run(args: readonly string[]): Promise<number> }>
}

const COMMANDS: Readonly<Record<string, Command>> = {
  centre: {
    usage: [
      'centre set ID [--name NAME] [--next-centre ID|none] [--callback NUMBER]   a centre made or changed; docs/first-centre.md',
      'centre list [--json]',
    ],
    load: () => import('./centre.ts'),
  },
  account: {
    usage: [
      'account set USERNAME [--centre ID] [--name NAME] [--role ROLE] [--home ID] [--contact ID|none] [--language zh-CN|en]',
      'account password USERNAME                                   asked for, or read from the standard input',
      'account reset-second-factor USERNAME                        the next log-in sets up another',
      'account lock|unlock USERNAME',
      'account list [--centre ID] [--json]                         docs/first-centre.md',
    ],
    load: () => import('./accounts.ts'),
  },
  import: {
    usage: [
      'import households FILE [--dry-run] [--centre ID] [--json]   households from a list (CSV); docs/importing-households.md',
      'import areas FILE [--dry-run] [--json]                      the tree of areas: code,name[,valid_from]',
      'import area-changes FILE [--dry-run] [--json]               what changed in it: on,code,became[,name]',
    ],
    load: () => import('./import.ts'),
  },
  influx: {
    usage: ['influx setup [--dry-run] [--tokens FILE] [--zone ZONE] …       an InfluxDB made ready; docs/influxdb.md'],
    load: () => import('./influx.ts'),
  },
  telemetry: {
    usage: [
      'telemetry export HOME --format csv|senml|line-protocol --out FILE --as ACCOUNT [--from T] [--to T]   docs/telemetry-data.md',
      'telemetry erase HOME --requested-by resident|… --reason TEXT --as ACCOUNT                          docs/telemetry-data.md',
      'telemetry migrate --from postgres --to influx [--dry-run | --verify-only] [--leave-old] [--in-use] …   and back; docs/influxdb.md',
    ],
    load: () => import('./telemetry.ts'),
  },
}

const usage = (): string =>
  ['usage: npm run server                     run the server', ...Object.values(COMMANDS).flatMap((one) => one.usage)]
    .map((line, index) => (index === 0 ? line : `       npm run server -- ${line}`))
    .join('\n')

/** @returns the exit code: 0 done, 1 done with something left out or failed, 2 not understood. */
export async function runCommand(name: string, args: readonly string[]): Promise<number> {
  if (name === 'help' || name === '--help') {
    process.stdout.write(`${usage()}\n`)
    return 0
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!command) {
    process.stderr.write(`server: there is no command "${name}"\n${usage()}\n`)
    return 2
  }
  try {
    return await (await command.load()).run(args)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`server: ${error.message}\n${usage()}\n`)
    return 2
  }
}
