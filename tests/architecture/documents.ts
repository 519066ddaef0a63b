import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { repositoryRoot } from './source.ts'

export interface Document {
  readonly path: string
  readonly text: string
}

/** Links of Markdown documents that lead to no file of the repository; addresses of the web are not followed. */
export function deadLinks(documents: readonly Document[]): string[] {
  return documents.flatMap(({ path, text }) =>
    linksOf(text)
      .filter((link) => !existsSync(join(repositoryRoot, link.startsWith('/') ? '.' : dirname(path), link)))
      .map((link) => `${path}: ${link}`),
  )
}

export const linksOf = (text: string): string[] =>
  [...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)]
    .map((match) => (match[1] ?? '').split('#')[0] ?? '')
    .filter((link) => link !== '' && !/^[a-z]+:/.test(link))

/**
 * Names of one machine or one person's workplace: a clone elsewhere would carry them for nothing. The one-letter classes
 * keep each pattern from finding itself.
 */
const WORKPLACE: readonly RegExp[] = [
  /(?<![\w.])\/[w]ork\/(?:main|shared|\.)/,
  /\/[r]oot\//,
  /\/(?:[h]ome|[U]sers)\/[a-z][a-z0-9_-]+\//,
  /\/[t]mp\/(?:briefs|bash_jobs)/,
  /\bC:\\[U]sers/,
]
export const workplaceNames = (documents: readonly Document[]): string[] =>
  documents.flatMap(({ path, text }) =>
    text
      .split('\n')
      .map((line, index) => ({ line, index }))
      .filter(({ line }) => WORKPLACE.some((pattern) => pattern.test(line)))
      .map(({ line, index }) => `${path}:${index + 1} ${line.trim().slice(0, 120)}`),
  )

/** Standards are design targets. */
export const claims = (documents: readonly Document[]): string[] =>
  documents.filter(({ text }) => /\b[c]omplies with\b/i.test(text)).map(({ path }) => `${path} claims conformity`)

/** Folders of `src` that neither the shape of the whole nor their package's README names as code: a word of a sentence is none. */
export function undocumentedFolders(folders: readonly string[], textFor: (folder: string) => string): string[] {
  return folders.filter((folder) => {
    const name = folder.split('/').at(-1) ?? ''
    const named = (textFor(folder).match(/`[^`\n]+`/g) ?? []).join(' ')
    return !new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(named)
  })
}
