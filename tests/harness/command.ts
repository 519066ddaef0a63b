import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { compileCache, nodePath } from './child.ts'
import { repositoryRoot } from './root.ts'

/** What a command left behind; `code` is null when a signal ended it. */
export interface Said {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** How a shell calls a command of `npm run server -- …`. */
export const serverCommand = (args: readonly string[]): readonly string[] => [nodePath, 'server/dist/main.js', ...args]

/** One program as a process of its own, in an environment that holds nothing but what is given and what lets it be found and start quickly. */
export function startCommand(
  [program = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
): { readonly child: ChildProcessByStdio<Writable, Readable, Readable>; readonly done: Promise<Said> } {
  const child = spawn(program, args, {
    cwd: repositoryRoot,
    env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: compileCache, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const done = once(child, 'close').then(() => ({ code: child.exitCode, out, err }))
  return { child, done }
}
