import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { DomainError } from '@anju/contract'
import { wordOf } from './channels/http-attempt.ts'
import { refuse } from './provider.ts'

const fileBytesMax = 1_048_576
const depthMax = 8

/**
 * The JSON of `ANJU_CHANNELS_FILE`; undefined without one. Any text in it may be given as `{"env": "NAME"}` or
 * `{"file": "PATH"}` (relative to the file itself): secrets then stay out of what people copy around.
 *
 * @throws DomainError `config-malformed` naming the field and why; never a value.
 */
export async function readChannelsFile(
  file: string | undefined,
  variable: (name: string) => string | undefined,
): Promise<unknown> {
  if (file === undefined) return undefined
  const text = await readText(file, 'ANJU_CHANNELS_FILE')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // A parser's message quotes what stands around the mistake, and that may be a secret.
    throw refuse('ANJU_CHANNELS_FILE', `${file} is not JSON`)
  }
  return resolved(value, '', 0)

  async function resolved(value: unknown, path: string, depth: number): Promise<unknown> {
    if (typeof value !== 'object' || value === null || depth > depthMax) return value
    if (Array.isArray(value))
      return Promise.all(value.map((one: unknown, index) => resolved(one, `${path}[${index}]`, depth + 1)))
    const [only, more] = Object.entries(value as Record<string, unknown>)
    if (only && !more && typeof only[1] === 'string') {
      if (only[0] === 'env') return required(variable(only[1]), path, `the variable ${only[1]} is not set`)
      if (only[0] === 'file') {
        const secret = (await readText(resolve(dirname(file ?? '.'), only[1]), path)).trim()
        return required(secret || undefined, path, `${only[1]} is empty`)
      }
    }
    const entries = Object.entries(value).map(
      async ([name, one]) => [name, await resolved(one, path ? `${path}.${name}` : name, depth + 1)] as const,
    )
    return Object.fromEntries(await Promise.all(entries))
  }
}

function required(text: string | undefined, path: string, why: string): string {
  if (text === undefined) throw refuse(path, why)
  return text
}

async function readText(file: string, path: string): Promise<string> {
  try {
    const bytes = await readFile(file)
    if (bytes.length > fileBytesMax) throw refuse(path, `${file} is longer than ${fileBytesMax} bytes`)
    return bytes.toString('utf8')
  } catch (error) {
    throw error instanceof DomainError ? error : refuse(path, `${file} cannot be read (${wordOf(error)})`)
  }
}
