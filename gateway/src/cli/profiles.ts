import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { definitionOf, errorMessage } from '@anju/contract'
import { profiles as known } from '@anju/device-profiles'

/**
 * `gateway -- profiles`: every device we can read, one JSON line each. `--check FILE`: whether an installer's own file is one
 * of them, else what is wrong with it, line by line. `--discovery FILE`: profiles for what announces itself, from lines of
 * `topic payload` as `mosquitto_sub -v` writes them; `--into FOLDER`: each in a file of its own.
 */
export async function profiles(argv: readonly string[], print: (line: string) => void = console.log): Promise<number> {
  let files: readonly string[]
  try {
    const options = {
      check: { type: 'string', multiple: true },
      discovery: { type: 'string' },
      into: { type: 'string' },
    } as const
    const { values } = parseArgs({ args: [...argv], options })
    files = values.check ?? []
    if (values.discovery !== undefined) return await discovered(values.discovery, values.into, print)
  } catch (error) {
    print(JSON.stringify({ refused: 'request-malformed', why: errorMessage(error) }))
    return 2
  }
  if (files.length > 0) return check(files, print)
  for (const profile of known)
    print(
      JSON.stringify({
        id: profile.id,
        name: profile.name,
        driver: profile.driver,
        models: profile.models,
        serial: profile.serial,
        lostAfterS: profile.supervision.lostAfter / 1_000,
        points: Object.entries(profile.measures).map(([point, { quantity, name }]) => ({
          point,
          name,
          quantity,
          unit: definitionOf(quantity).unit,
        })),
        events: Object.entries(profile.events).map(([event, rule]) => ({ event, class: rule.class })),
        polls: profile.polls?.map(({ name, every }) => ({ name, everyS: every / 1_000 })),
        topic: profile.topic,
        options: profile.options,
        walkTest: profile.walkTest,
        wiring: profile.wiring,
        knownFaults: profile.knownFaults,
      }),
    )
  return 0
}

async function check(files: readonly string[], print: (line: string) => void): Promise<number> {
  const { acceptProfile } = await import('../profile-files.ts')
  let refused = 0
  for (const file of files) {
    const loaded = await acceptProfile(await readFile(file, 'utf8'))
    if (loaded.is === 'profile') {
      print(`ok ${loaded.profile.id}: ${loaded.profile.examples.length} examples hold`)
      continue
    }
    refused++
    for (const { line, why } of loaded.problems) print(`${file}:${line}: ${why}`)
  }
  return refused > 0 ? 1 : 0
}

async function discovered(file: string, into: string | undefined, print: (line: string) => void): Promise<number> {
  const { profilesOfDiscovery } = await import('@anju/device-profiles/profile-file/from-discovery')
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.includes(' '))
  const { files, passedOver } = profilesOfDiscovery(
    lines.map((line) => {
      const at = line.indexOf(' ')
      return { topic: line.slice(0, at), payload: new TextEncoder().encode(line.slice(at + 1)) }
    }),
  )
  for (const { topic, why } of passedOver) print(JSON.stringify({ passedOver: topic, why }))
  for (const profile of files) {
    const text = JSON.stringify(profile, undefined, 2)
    print(into === undefined ? text : await put(into, profile.id, text))
  }
  return files.length > 0 ? 0 : 1
}

/** A file that is there already has perhaps been mended by hand: it is left as it is. */
async function put(folder: string, id: string, text: string): Promise<string> {
  const file = join(folder, `${id.slice(id.indexOf('/') + 1)}.json`)
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(file, `${text}\n`, { flag: 'wx' })
    return `${file}: ${id}`
  } catch (error) {
    return `${file}: not written: ${errorMessage(error)}`
  }
}
