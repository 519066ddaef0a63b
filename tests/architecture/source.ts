import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository as the architecture tests see it: every source file, what its code says, and what it imports. */
export const repositoryRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

export const PACKAGES = [
  'contract',
  'device-profiles',
  'gateway',
  'server',
  'dashboards',
  'simulators',
  'tests',
] as const
export type PackageName = (typeof PACKAGES)[number]

export interface Source {
  /** From the repository's root, with `/`. */
  readonly path: string
  readonly text: string
  /** As long as `text`, with the insides of comments and strings blanked: what is left is code. */
  readonly code: string
  readonly imports: readonly Import[]
}
export interface Import {
  /** As written. */
  readonly specifier: string
  /** The file it means, from the root; undefined for Node's own modules and for other people's packages. */
  readonly target: string | undefined
  /** Gone when it runs: it couples words, not parts. */
  readonly typeOnly: boolean
  readonly line: number
}

const skippedFolders = new Set(['node_modules', 'dist', 'var', '.git', '.var', 'coverage'])

/** Every file under `folder` whose name ends with one of `endings`, from the root, sorted. */
export function filesUnder(folder: string, endings: readonly string[]): string[] {
  const found: string[] = []
  const visit = (at: string) => {
    for (const entry of readdirSync(join(repositoryRoot, at), { withFileTypes: true })) {
      const path = at === '.' ? entry.name : `${at}/${entry.name}`
      if (entry.isDirectory() && !skippedFolders.has(entry.name)) visit(path)
      else if (entry.isFile() && endings.some((ending) => entry.name.endsWith(ending))) found.push(path)
    }
  }
  visit(folder)
  return found.sort()
}

export const readText = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8')

const regexMayFollow = /(?:^|[=([{,;:!&|?+\-*%<>~^]|\breturn|\bcase|\btypeof|\bvoid|\bawait|\byield|=>)\s*$/

/**
 * Blanks comments, and the insides of strings, templates and regular expressions, keeping every offset. A quoted string
 * cannot span lines, so an apostrophe in the text of a page costs at most the rest of its line.
 */
export function blank(text: string): string {
  const out = text.split('')
  const wipe = (from: number, to: number) => {
    for (let i = from; i < to && i < out.length; i++) if (out[i] !== '\n') out[i] = ' '
  }
  /** For each open `${`: how many braces are open inside it. */
  const templates: number[] = []
  let i = 0
  const skipTemplate = (from: number): number => {
    let at = from
    while (at < text.length && text[at] !== '`') {
      if (text[at] === '\\') at += 1
      else if (text[at] === '$' && text[at + 1] === '{') {
        wipe(from, at)
        templates.push(0)
        return at + 2
      }
      at += 1
    }
    wipe(from, at)
    return at + 1
  }
  while (i < text.length) {
    const char = text[i]
    const next = text[i + 1]
    if (char === '/' && next === '/') {
      const end = text.indexOf('\n', i)
      const stop = end < 0 ? text.length : end
      wipe(i, stop)
      i = stop
    } else if (char === '/' && next === '*') {
      const end = text.indexOf('*/', i + 2)
      const stop = end < 0 ? text.length : end + 2
      wipe(i, stop)
      i = stop
    } else if (char === "'" || char === '"') {
      let at = i + 1
      while (at < text.length && text[at] !== char && text[at] !== '\n') at += text[at] === '\\' ? 2 : 1
      wipe(i + 1, at)
      i = at + 1
    } else if (char === '`') {
      i = skipTemplate(i + 1)
    } else if (char === '{' && templates.length > 0) {
      templates.push((templates.pop() ?? 0) + 1)
      i += 1
    } else if (char === '}' && templates.length > 0) {
      const open = templates.pop() ?? 0
      if (open === 0) i = skipTemplate(i + 1)
      else {
        templates.push(open - 1)
        i += 1
      }
    } else if (char === '/' && regexMayFollow.test(out.slice(Math.max(0, i - 24), i).join(''))) {
      let at = i + 1
      let inClass = false
      while (at < text.length && text[at] !== '\n' && (inClass || text[at] !== '/')) {
        if (text[at] === '\\') at += 1
        else if (text[at] === '[') inClass = true
        else if (text[at] === ']') inClass = false
        at += 1
      }
      wipe(i + 1, at)
      i = at + 1
    } else i += 1
  }
  return out.join('')
}

export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length

const IMPORT_FORMS = [
  /\b(?:import|export)\s[^;'"()]*?\bfrom\s*(['"])/g,
  /\bimport\s*(['"])/g,
  /\bimport\s*\(\s*(['"])/g,
  // A worker or a child process is named by its file's address, not by an import.
  /\bnew URL\(\s*(['"])/g,
]

/** What a file imports: the statement is found in the code, its specifier read from the text at the same place. */
export function importsOf(path: string, text: string, code = blank(text)): Import[] {
  const found: Import[] = []
  for (const form of IMPORT_FORMS)
    for (const match of code.matchAll(form)) {
      const start = match.index + match[0].length
      const end = text.indexOf(match[1] ?? "'", start)
      const specifier = text.slice(start, end)
      if (form.source.includes('URL') && !/^\.{1,2}\/.*\.tsx?$/.test(specifier)) continue
      const typeOnly =
        /^(?:import|export)\s+type\b/.test(match[0]) || /^import\s*\{(?:\s*type\s+[\w ]+,?)+\s*\}/.test(match[0])
      found.push({ specifier, target: targetOf(path, specifier), typeOnly, line: lineAt(text, match.index) })
    }
  return found
}

function targetOf(from: string, specifier: string): string | undefined {
  const own = /^@anju\/([a-z-]+)(?:\/(.+))?$/.exec(specifier)
  if (own?.[1]) return exportedFile(own[1], own[2])
  if (!specifier.startsWith('.')) return undefined
  // What stands behind a question mark says how a bundler shall take the file, not which one.
  const [file = ''] = specifier.split('?')
  return relative(repositoryRoot, resolve(repositoryRoot, dirname(from), file))
    .split(sep)
    .join('/')
}

const exportMaps = new Map<string, Readonly<Record<string, string>>>()
/** What a package's `exports` make of a subpath: the most specific pattern wins, as in Node. */
function exportedFile(name: string, subpath: string | undefined): string {
  let map = exportMaps.get(name)
  if (!map) {
    map = (JSON.parse(readText(`${name}/package.json`)) as { exports: Record<string, string> }).exports
    exportMaps.set(name, map)
  }
  const asked = subpath ? `./${subpath}` : '.'
  const patterns = Object.entries(map).sort(([a], [b]) => b.length - a.length)
  for (const [pattern, file] of patterns) {
    const [start = '', end] = pattern.split('*')
    const middle = asked.slice(start.length, end ? -end.length : undefined)
    if (end === undefined ? asked === pattern : asked.startsWith(start) && asked.endsWith(end))
      return `${name}/${file.replace('*', middle).replace(/^\.\//, '')}`
  }
  return `${name}/(not exported: ${asked})`
}

export function sourceOf(path: string, text: string): Source {
  const code = blank(text)
  return { path, text, code, imports: importsOf(path, text, code) }
}

let all: readonly Source[] | undefined
/** Every TypeScript file of the seven packages. */
export function sources(): readonly Source[] {
  all ??= PACKAGES.flatMap((name) => filesUnder(name, ['.ts', '.tsx'])).map((path) => sourceOf(path, readText(path)))
  return all
}

export const isTest = (path: string): boolean =>
  path.startsWith('tests/') || /\.(?:test|suite|fixture)\.tsx?$/.test(path) || /\/testing\//.test(path)

export const packageOf = (path: string): string => path.split('/')[0] ?? ''
