import { readFile, stat } from 'node:fs/promises'
import { errorMessage } from '@anju/contract'
import { protocolByName } from '@anju/device-profiles'
import { Printed, vectorOf } from './vectors/entry.ts'
import { judge } from './vectors/judge.ts'

const fileBytesMax = 64 * 1024 * 1024

/**
 * `npm run vectors -- FILE`: one line a vector (`pass ID`, `fail ID why`, `unjudged ID keys`), then the counts. Exit code 0;
 * 1 when one failed; 2 when the file cannot be used.
 */
export async function vectors(argv: readonly string[], print: (line: string) => void = console.log): Promise<number> {
  const counts = { pass: 0, fail: 0, unjudged: 0 }
  try {
    for (const [plain, printed] of await entriesOf(argv)) {
      const vector = vectorOf(plain, printed)
      const verdict = judge(vector, protocolByName(vector.protocol))
      counts[verdict.is]++
      print(verdict.is === 'pass' ? `pass ${vector.id}` : `${verdict.is} ${vector.id} ${verdict.why}`)
    }
  } catch (error) {
    print(`cannot judge: ${errorMessage(error)}`)
    return 2
  }
  print(`${counts.pass} passed, ${counts.fail} failed, ${counts.unjudged} unjudged`)
  return counts.fail > 0 ? 1 : 0
}

type Entry = Readonly<Record<string, unknown>>

/** Each entry twice: as plain JSON for the input, and with its numbers as printed for the expectation. */
async function entriesOf(argv: readonly string[]): Promise<[Entry, Entry][]> {
  const [path, ...more] = argv
  if (path === undefined || more.length > 0) throw new Error('usage: vectors FILE')
  const { size } = await stat(path)
  if (size > fileBytesMax) throw new Error(`${path}: ${size} bytes, at most ${fileBytesMax}`)
  const text = await readFile(path, 'utf8')
  const plain: unknown = JSON.parse(text)
  const printed: unknown = JSON.parse(text, asPrinted)
  if (!Array.isArray(plain) || !Array.isArray(printed)) throw new Error(`${path}: not a list of vectors`)
  if (plain.length === 0) throw new Error(`${path}: no vectors`)
  return plain.map((entry, i) => [entryOf(entry, i), entryOf(printed[i], i)])
}

function entryOf(entry: unknown, index: number): Entry {
  if (typeof entry !== 'object' || entry === null) throw new Error(`entry ${index}: not an object`)
  return entry as Entry
}

/** JSON.parse hands the source text of a number to its reviver (ECMAScript 2025). */
function asPrinted(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined ? new Printed(context.source) : value
}

if (import.meta.main) process.exitCode = await vectors(process.argv.slice(2))
