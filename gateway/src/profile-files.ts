import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { errorMessage } from '@anju/contract'
import type { FileProfile } from '@anju/device-profiles/profile-file/file-profile'
import { loadProfile } from '@anju/device-profiles/profile-file/load'
import { profileById } from '@anju/device-profiles/registry'

/** An installer's file that cannot be used as it is. */
export interface FileProblem {
  readonly file: string
  /** None where the whole file, or its folder, is what is wrong. */
  readonly line: number | undefined
  readonly why: string
  /** The last version of it that was good goes on being used, so that no device goes deaf by a slip of the pen. */
  readonly lastGoodUsed: boolean
}
export interface ProfileFiles {
  readonly profiles: ReadonlyMap<string, FileProfile>
  readonly problems: readonly FileProblem[]
}

const filesMax = 64

/**
 * Reads the profiles (`*.json`) of a folder. What is good is kept in `acceptedFolder`; a file that is not any more, or that is
 * gone while a device still `needs` it, is told with line and reason, and its kept version used.
 */
export async function loadProfileFiles(
  folder: string,
  acceptedFolder: string,
  needs: ReadonlySet<string>,
): Promise<ProfileFiles> {
  const profiles = new Map<string, FileProfile>()
  const problems: FileProblem[] = []
  const complain = (file: string, line: number | undefined, why: string, lastGoodUsed: boolean) =>
    problems.push({ file, line, why, lastGoodUsed })
  let names: string[] = []
  try {
    names = await filesOf(folder)
  } catch (error) {
    complain(folder, undefined, errorMessage(error), false)
  }
  if (names.length > filesMax) complain(folder, undefined, `${names.length} files, at most ${filesMax} are read`, false)

  for (const name of names.slice(0, filesMax)) {
    const file = join(folder, name)
    const kept = join(acceptedFolder, name)
    const text = await textOf(file)
    const loaded = await acceptProfile(text, profiles)
    if (loaded.is === 'profile') {
      profiles.set(loaded.profile.id, loaded.profile)
      await keep(kept, text)
      continue
    }
    const before = await acceptProfile(await textOf(kept), profiles)
    if (before.is === 'profile') profiles.set(before.profile.id, before.profile)
    for (const { line, why } of loaded.problems) complain(file, line, why, before.is === 'profile')
  }
  for (const name of await keptOf(acceptedFolder)) {
    if (names.includes(name)) continue
    const before = await acceptProfile(await textOf(join(acceptedFolder, name)), profiles)
    if (before.is === 'refused' || !needs.has(before.profile.id)) continue
    profiles.set(before.profile.id, before.profile)
    complain(join(folder, name), undefined, `is gone, and a device needs ${before.profile.id}`, true)
  }
  return { profiles, problems }
}

/** A profile of ours cannot be put aside by a file, nor one file by another. */
export async function acceptProfile(
  text: string,
  others: ReadonlyMap<string, FileProfile> = new Map(),
): ReturnType<typeof loadProfile> {
  const loaded = await loadProfile(text)
  if (loaded.is === 'refused') return loaded
  const { id } = loaded.profile
  const taken = profileById(id) ? 'a profile that comes with the gateway' : others.has(id) ? 'another file' : undefined
  return taken === undefined ? loaded : { is: 'refused', problems: [{ line: 1, why: `id: ${id} is ${taken}` }] }
}

const filesOf = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith('.json')).toSorted()

/** None before the first good file. */
async function keptOf(folder: string): Promise<string[]> {
  try {
    return await filesOf(folder)
  } catch {
    return []
  }
}

/** What cannot be read is refused like an empty file. */
async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    return ''
  }
}

async function keep(file: string, text: string): Promise<void> {
  if ((await textOf(file)) === text) return
  await mkdir(join(file, '..'), { recursive: true, mode: 0o700 })
  // Whole or not at all: the next start may need it.
  const draft = join(file, '..', `.${basename(file)}.new`)
  await writeFile(draft, text, { mode: 0o600 })
  await rename(draft, file)
}
