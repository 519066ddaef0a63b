import { mkdirSync, readFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'

// Nothing of ours is imported before the compile cache is on: what is loaded earlier is compiled anew at every start.
const USAGE = `usage: npm run gateway -- --config FILE     run the gateway
       npm run gateway -- decode …          what a frame or payload means
       npm run gateway -- profiles          the devices we know, as JSON lines
       npm run gateway -- profiles --check FILE   whether a profile of your own is sound
       npm run gateway -- profiles --discovery FILE [--into FOLDER]   profiles for what announces itself (Home Assistant discovery)
       npm run gateway -- doctor --config FILE   what is wrong here, and how to mend it
       npm run gateway -- scan               the serial ports here; with --line URL, what hangs on one
`
const [command, ...rest] = process.argv.slice(2)
process.exitCode = await dispatch()

async function dispatch(): Promise<number | undefined> {
  try {
    switch (command) {
      case 'decode':
        return await (await import('./decode.ts')).decode(rest)
      case 'profiles':
        return await (await import('./profiles.ts')).profiles(rest)
      case 'doctor':
        return await (await import('./doctor.ts')).doctor(rest)
      case 'scan':
        return await (await import('./scan.ts')).scan(rest)
      case undefined:
      case 'help':
      case '--help':
        process.stdout.write(USAGE)
        return command === undefined ? 1 : 0
      default:
        if (!command.startsWith('--')) {
          process.stderr.write(`no command ${command}\n${USAGE}`)
          return 1
        }
        // Eight MiB of a small machine's memory for some speed that a home never needs (docs/evidence/forty-devices.json).
        setFlagsFromString('--optimize-for-size')
        cacheCompiledCode()
        await (await import('./run.ts')).run(process.argv.slice(2))
        return undefined
    }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}

/** Compiled code is kept in the gateway's data folder. A file that is wrong is reported by whoever reads all of it. */
function cacheCompiledCode(): void {
  try {
    const file = process.argv[process.argv.indexOf('--config') + 1] ?? ''
    const { dataDir } = JSON.parse(readFileSync(file, 'utf8')) as { dataDir: string }
    // Before anything else makes it: what is in there is nobody else's to read.
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    enableCompileCache(join(dataDir, 'compile-cache'))
  } catch {
    // Only slower.
  }
}
