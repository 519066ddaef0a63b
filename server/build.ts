import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemClock } from '@anju/contract/system-clock'

const repository = fileURLToPath(new URL('..', import.meta.url))
const entries = ['main.js', 'telemetry-worker.js'] as const
const madeOf = [
  'server/src',
  'server/package.json',
  'server/build.ts',
  'contract/src',
  'contract/package.json',
  'package-lock.json',
]
const isInside = /^(?:[./]|@anju\/|typebox(?:\/|$)|@fastify\/type-provider-typebox$)/
/** What a server of the build before may still be about to load. */
const leftForMs = 3_600_000

/**
 * Makes `main.js`, and `telemetry-worker.js` for its thread, of what is read in `src`: our own files and typebox are more than a
 * thousand, which a server would load one by one in both of its threads. Other packages stay as they are. Nothing is done where both
 * say already that they are of these very sources; several may build at once. Docs: decision 35.
 */
export async function buildServer(into = join(repository, 'server/dist')): Promise<void> {
  // Before anything is read to be built: what is saved meanwhile is not in it.
  const note = `// made of ${digestOfSources()}\n`
  if (entries.every((name) => isMade(join(into, name), note))) return
  const { rolldown } = await import('rolldown')
  const bundle = await rolldown({
    input: [join(repository, 'server/src/main.ts'), join(repository, 'server/src/app/telemetry-worker.ts')],
    platform: 'node',
    external: (id) => !isInside.test(id),
  })
  const { output } = await bundle.generate({ format: 'esm', sourcemap: true, chunkFileNames: '[name]-[hash].js' })
  await bundle.close()
  mkdirSync(into, { recursive: true })
  const isEntry = (name: string) => entries.some((entry) => entry === name)
  // What they load first: an entry that says what it is made of is whole.
  for (const file of output.toSorted((a, b) => Number(isEntry(a.fileName)) - Number(isEntry(b.fileName)))) {
    const holds = file.type === 'chunk' ? `${file.code}\n${isEntry(file.fileName) ? note : ''}` : file.source
    const beside = join(into, `.${process.pid}-${file.fileName}`)
    writeFileSync(beside, holds)
    renameSync(beside, join(into, file.fileName))
  }
  const wanted = new Set(output.map(({ fileName }) => fileName))
  for (const name of readdirSync(into)) if (!wanted.has(name)) forgetOld(join(into, name))
}

function digestOfSources(): string {
  const digest = createHash('sha256')
  for (const path of madeOf.flatMap((one) => filesIn(join(repository, one))))
    digest.update(path).update(readFileSync(path))
  return digest.digest('base64url')
}
const filesIn = (path: string): string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
        .sort()
        .map((name) => join(path, name))
    : [path]

function isMade(entry: string, note: string): boolean {
  try {
    return readFileSync(entry, 'utf8').endsWith(note)
  } catch {
    return false
  }
}

function forgetOld(file: string): void {
  const made = statSync(file, { throwIfNoEntry: false })?.mtimeMs
  if (made !== undefined && systemClock.now() - made > leftForMs) rmSync(file, { force: true })
}

if (import.meta.main) await buildServer()
